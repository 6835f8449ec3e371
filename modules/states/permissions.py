"""What executions of a pipeline may do, as policy statements. No constructs.

Step Functions itself learns from rules of EventBridge when a job, a task or an execution has ended, and keeps these
rules with the role of the execution that waits.

Source: "How Step Functions generates IAM policies for integrated services", "Using CloudWatch Logs to log execution
history" and "Trace Step Functions request data in AWS X-Ray" in the Step Functions developer guide.
"""

from collections.abc import Mapping, Sequence

from modules import arns
from modules.batch.permissions import end_statement, submission_statements
from modules.iam.policy import Statement, allow
from modules.naming import AwsLocation
from modules.states.execution import LIVE

WATCH_RULES = {
    "jobs": "StepFunctionsGetEventsForBatchJobsRule",
    "tasks": "StepFunctionsGetEventsForECSTaskRule",
    "executions": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
FOLLOW = ("states:DescribeExecution", "states:StopExecution")
# Neither takes a resource: deliveries belong to the account, traces to nothing.
LOGS = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
TRACES = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)


def record_statements() -> list[Statement]:
    """Return the permission to write down what executions do: in a log group and as traces."""
    return [allow("DeliverLogs", LOGS, "*"), allow("WriteTraces", TRACES, "*")]


def job_statements(
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    tags: Mapping[str, str],
    team_tag_keys: Sequence[str] = (),
) -> list[Statement]:
    """Return the permission to submit these definitions to these queues, to wait for the jobs, and to end them.

    ``tags``: what all of the jobs carry; without them no job could be told from those of others. ``team_tag_keys``:
    of tags by which jobs are known to be a team's.
    """
    return [
        *submission_statements(location, definition_names, queue_arns, tags, team_tag_keys),
        end_statement(location, tags),
        # Takes no resource.
        allow("DescribeJobs", ["batch:DescribeJobs"], "*"),
        _watch(location, "jobs"),
    ]


def execution_statements(location: AwsLocation, names: Sequence[str]) -> list[Statement]:
    """Return the permission to execute these state machines, to wait for the executions, and to stop them."""
    machines = [arns.state_machine(location, f"{name}:{LIVE}") for name in names]
    executions = [arns.executions(location, name) for name in names]
    return [
        allow("StartExecutions", ["states:StartExecution"], machines),
        allow("FollowExecutions", FOLLOW, executions),
        _watch(location, "executions"),
    ]


def fan_out_statements(location: AwsLocation, name: str) -> list[Statement]:
    """Return the permission to make executions of one's own for items, to follow and to end them."""
    return [
        allow("StartItems", ["states:StartExecution"], arns.state_machine(location, name)),
        allow("FollowItems", FOLLOW, arns.executions(location, f"{name}/*")),
    ]


def task_statements(location: AwsLocation, cluster_names: Sequence[str]) -> list[Statement]:
    """Return the permission to wait for the tasks of these clusters, and to end them."""
    tasks = [arns.tasks(location, name) for name in cluster_names]
    return [allow("FollowTasks", ["ecs:DescribeTasks", "ecs:StopTask"], tasks), _watch(location, "tasks")]


def _watch(location: AwsLocation, what: str) -> Statement:
    actions = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
    return allow(f"Watch{what.capitalize()}", actions, arns.event_rule(location, WATCH_RULES[what]))
