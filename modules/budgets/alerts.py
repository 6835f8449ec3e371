"""What budgets and cost anomalies tell of, and what to do then: lines of the runbook. Plain data."""

from collections.abc import Mapping

from modules.cloudwatch.alarm_kinds import AlarmKind

_COSTS = (
    "aws ce get-cost-and-usage --time-period Start=START,End=END --granularity DAILY --metrics UnblendedCost"
    ' --group-by Type=DIMENSION,Key=SERVICE --filter \'{"Tags":{"Key":"TAG","Values":["VALUE"]}}\''
)

COST_ALERTS: Mapping[str, AlarmKind] = {
    "budget": AlarmKind(
        {},
        "the month's costs, or what they are expected to be at its end, come to a percentage of the budget",
        "More is spent than was planned. Nothing stops, and what was spent in the last 8 to 12 hours is not in it yet.",
        ("aws budgets describe-budget --account-id ACCOUNT --budget-name BUDGET", _COSTS),
        "See which service it is, and with the query cost-driver whose jobs; then lower max_vcpus or max_tasks, or "
        "raise monthly_usd.",
    ),
    "cost-anomaly": AlarmKind(
        {},
        "costs of a service are not as they use to be, by more than least_usd",
        "Something runs that did not, or runs longer: jobs that are retried, a worker at its maximum, a gateway that "
        "all images go through.",
        ("aws ce get-anomalies --date-interval StartDate=START --monitor-arn ARN", _COSTS),
        "Look at the root causes that it names; where nothing is wrong, say so there: the monitor learns from it.",
    ),
}
