"""The kinds of alarms: what each watches, what it means and what to do. One table, as plain data. No constructs.

``docs/runbook.md`` is made of it, and so are the texts of alarms.

Source: the pages "… CloudWatch metrics" of SQS, ECS Container Insights, Step Functions, EventBridge, EventBridge Pipes,
EFS and NAT gateways.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# What stands for the environment's own namespace, of metrics that are made of events.
EVENTS = "<project>/<environment>"


@dataclass(frozen=True)
class WatchedMetric:
    """A metric of AWS or of logged events, with the dimensions and the statistic that it is watched by."""

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    stat: str
    period_seconds: int = 60


@dataclass(frozen=True)
class AlarmKind:
    """One kind: its metrics, by the id that expressions use, when it goes off, and a runbook's lines."""

    metrics: Mapping[str, WatchedMetric]
    when: str
    means: str
    look: tuple[str, ...]
    do: str
    expressions: tuple[tuple[str, str], ...] = ()


_SERVICE = ("ClusterName", "ServiceName")
_QUEUE = ("QueueName",)
_JOBS = ("JobQueue", "Status")
_MACHINE = ("StateMachineArn",)
_SERVICES = "aws ecs describe-services --cluster CLUSTER --services SERVICE"
_EXECUTIONS = "aws stepfunctions list-executions --state-machine-arn ARN --status-filter FAILED --max-items 10"

ALARM_KINDS: Mapping[str, AlarmKind] = {
    "message-age": AlarmKind(
        {"age": WatchedMetric("AWS/SQS", "ApproximateAgeOfOldestMessage", _QUEUE, "Maximum")},
        "the oldest message is as old as acceptable_latency_seconds of the worker promises, or as half of "
        "message_retention_seconds where no worker promises anything, for 5 minutes",
        "Messages are not taken in time: the latency promised is not kept, or messages are soon deleted unread.",
        (
            "aws sqs get-queue-attributes --queue-url URL --attribute-names All",
            _SERVICES,
        ),
        "See whether something consumes: tasks that run, jobs that start. If so, raise max_tasks; if not, see why they "
        "stop (query stopped-tasks).",
    ),
    "dead-letters": AlarmKind(
        {"waiting": WatchedMetric("AWS/SQS", "ApproximateNumberOfMessagesVisible", _QUEUE, "Maximum")},
        "there is a message in the dead-letter queue",
        "Messages failed max_receive_count times; they are kept until the retention of that queue ends.",
        (
            "aws sqs receive-message --queue-url DLQ_URL --visibility-timeout 30 --message-attribute-names All",
            "aws sqs start-message-move-task --source-arn DLQ_ARN",
        ),
        "Read one, fix what fails, then move them back.",
    ),
    "shared-dead-letters": AlarmKind(
        {"waiting": WatchedMetric("AWS/SQS", "ApproximateNumberOfMessagesVisible", _QUEUE, "Maximum")},
        "there is a message in the queue that several queues share for their dead letters",
        "Messages failed the max_receive_count of their queue; they are kept until the retention of this one ends.",
        (
            "aws sqs receive-message --queue-url URL --attribute-names DeadLetterQueueSourceArn",
            "aws sqs start-message-move-task --source-arn ARN",
        ),
        "Read one: the attribute DeadLetterQueueSourceArn tells its queue. Fix what fails, then move them back, each "
        "to where it came from.",
    ),
    "not-started": AlarmKind(
        {"waiting": WatchedMetric("AWS/SQS", "ApproximateNumberOfMessagesVisible", _QUEUE, "Maximum")},
        "there is a message in the dead_letter_queue of schedules, rules, backlogs or buses",
        "What should have been started or passed on was not; the message is what it would have been told.",
        ("aws sqs receive-message --queue-url URL --message-attribute-names All",),
        "The attributes ERROR_CODE and ERROR_MESSAGE say why. Fix it, start it by hand, and delete the message.",
    ),
    "jobs-failed": AlarmKind(
        {
            "failed": WatchedMetric(EVENTS, "Jobs", _JOBS, "Sum", 3_600),
            "succeeded": WatchedMetric(EVENTS, "Jobs", _JOBS, "Sum", 3_600),
        },
        "of the jobs of a queue that ended within an hour, failed_jobs_percent or more have failed",
        "Jobs fail after their last attempt.",
        ("aws batch list-jobs --job-queue QUEUE --job-status FAILED --max-items 20",),
        "The query failures tells why, and the log stream of one of them. Metrics tell kinds: JobsOutOfMemory, "
        "JobsTimedOut, JobsNotStarted, JobsGivenUp, SpotLosses.",
        (
            ("ended", "FILL(failed, 0) + FILL(succeeded, 0)"),
            ("percent", "IF(ended > 0, 100 * FILL(failed, 0) / ended, 0)"),
        ),
    ),
    "queue-blocked": AlarmKind(
        {"blocked": WatchedMetric(EVENTS, "QueueBlocked", ("JobQueue",), "Sum", 300)},
        "Batch tells of a job that blocks its queue",
        "A job at the head of the queue cannot start, and nothing behind it can.",
        (
            "aws batch get-job-queue-snapshot --job-queue QUEUE",
            "aws batch describe-jobs --jobs JOB_ID",
        ),
        "The query why-runnable has the reason. CAPACITY: add instance types or zones, or wait. MISCONFIGURATION: the "
        "job asks for what no compute environment has, or max_vcpus is too small. UNDETERMINED: look whether instances "
        "reach ECS. job_state_time_limits end such a job by themselves.",
    ),
    "jobs-waiting": AlarmKind(
        {
            "begin": WatchedMetric(EVENTS, "WaitBegin", ("JobQueue",), "Average", 900),
            "until": WatchedMetric(EVENTS, "WaitEnd", ("JobQueue",), "Average", 900),
        },
        "jobs that started within 15 minutes had waited waiting_minutes on average, for other jobs too",
        "Jobs are RUNNABLE for longer than was said, since capacity is short or max_vcpus is reached. Those that never "
        "start are told of by queue-blocked.",
        (
            "aws batch get-job-queue-snapshot --job-queue QUEUE",
            "aws batch describe-compute-environments --compute-environments NAME",
        ),
        "Compare desiredvCpus with maxvCpus. At the maximum raise max_vcpus, if it is worth it; below it the capacity "
        "asked for is not there: more instance types, more zones, on-demand behind Spot.",
        (("waited", "(until - begin) / 1000"),),
    ),
    "worker-at-maximum": AlarmKind(
        {"wanted": WatchedMetric("ECS/ContainerInsights", "DesiredTaskCount", _SERVICE, "Minimum", 300)},
        "as many tasks as max_tasks are wanted, for as long as acceptable_latency_seconds of a queue worker, or for an "
        "hour of another service",
        "The service cannot grow any more, and what waits for it grows instead.",
        (
            "aws application-autoscaling describe-scaling-activities --service-namespace ecs --resource-id RESOURCE",
            _SERVICES,
        ),
        "Raise max_tasks, make a message take less time, or accept the latency.",
    ),
    "service-below-desired": AlarmKind(
        {
            "wanted": WatchedMetric("ECS/ContainerInsights", "DesiredTaskCount", _SERVICE, "Average"),
            "running": WatchedMetric("ECS/ContainerInsights", "RunningTaskCount", _SERVICE, "Average"),
        },
        "fewer tasks run than are wanted, for 10 minutes and startup_seconds of a queue worker, or for 15 minutes of "
        "another service",
        "Tasks do not start, or do not stay.",
        (
            _SERVICES,
            "aws ecs list-tasks --cluster CLUSTER --service-name SERVICE --desired-status STOPPED",
        ),
        "The service's events say why no task is placed, the query stopped-tasks why they stop: no capacity, no image, "
        "a failing health check, a program that ends.",
        (("missing", "wanted - FILL(running, 0)"),),
    ),
    "deployment-failed": AlarmKind(
        {
            "failed": WatchedMetric(EVENTS, "DeploymentsFailed", ("Service",), "Sum", 300),
            "back": WatchedMetric(EVENTS, "DeploymentsRolledBack", ("Service",), "Sum", 300),
        },
        "ECS tells of a deployment that failed or is rolled back",
        "The new revision of a service did not work; what ran before is there again, where there is a rollback.",
        ("aws ecs list-service-deployments --cluster CLUSTER --service SERVICE", _SERVICES),
        "See why its tasks stopped (query stopped-tasks), fix the image or the settings, and apply again.",
        (("ended", "FILL(failed, 0) + FILL(back, 0)"),),
    ),
    "pipeline-failed": AlarmKind(
        {
            "failed": WatchedMetric("AWS/States", "ExecutionsFailed", _MACHINE, "Sum", 300),
            "late": WatchedMetric("AWS/States", "ExecutionsTimedOut", _MACHINE, "Sum", 300),
        },
        "an execution has failed, or has reached timeout_seconds",
        "A pipeline ended before it was done; its clean_up has run, unless it timed out.",
        (_EXECUTIONS, "aws stepfunctions describe-execution --execution-arn EXECUTION_ARN"),
        "Its cause names the stage. Fix that, then redrive it: what is done is not done again.",
        (("ended", "FILL(failed, 0) + FILL(late, 0)"),),
    ),
    "pipeline-late": AlarmKind(
        {"succeeded": WatchedMetric("AWS/States", "ExecutionsSucceeded", _MACHINE, "Sum", 3_600)},
        "no execution has succeeded for the longest time between two of its schedules and timeout_seconds, where both "
        "come to at most 7 days, which is as far back as an alarm looks; a new pipeline is late until it has succeeded",
        "What a schedule starts has not been done: it was not started, still runs, or failed.",
        (_EXECUTIONS.replace("FAILED", "RUNNING"), "aws scheduler get-schedule --name SCHEDULE --group-name GROUP"),
        "See whether it was started (alarm not-started), and at which stage it is.",
        (("none", "IF(FILL(succeeded, 0) < 1, 1, 0)"),),
    ),
    "rule-failed": AlarmKind(
        {"failed": WatchedMetric("AWS/Events", "FailedInvocations", ("RuleName",), "Sum", 300)},
        "EventBridge could not start what a rule is for",
        "Something happened and nothing was started.",
        ("aws events list-targets-by-rule --rule RULE",),
        "Look into its dead_letter_queue for the reason; the output rules has the command that replays its archive.",
    ),
    "pipe-failed": AlarmKind(
        {"failed": WatchedMetric("AWS/EventBridge/Pipes", "ExecutionFailed", ("PipeName",), "Sum", 300)},
        "a pipe could not start what it is for",
        "Messages of the queue start nothing, come back, and end up among its dead letters.",
        ("aws pipes describe-pipe --name PIPE", "aws logs tail LOG_GROUP --since 1h"),
        "The pipe's log group, which the output pipes names, has the answer of what it calls.",
    ),
    "burst-credits": AlarmKind(
        {"credits": WatchedMetric("AWS/EFS", "BurstCreditBalance", ("FileSystemId",), "Minimum", 300)},
        "a file system with BurstingThroughput has credits for less than an hour at 100 MiB/s",
        "Soon it is as slow as its size allows: 50 KiB/s for each GiB.",
        ("aws efs describe-file-systems --file-system-id ID",),
        "Use ElasticThroughput, or ProvisionedThroughput; both can be changed once a day.",
        (("short", f"IF(credits < {3_600 * 100 * 1_048_576}, 1, 0)"),),
    ),
    "nat-ports": AlarmKind(
        {"refused": WatchedMetric("AWS/NATGateway", "ErrorPortAllocation", ("NatGatewayId",), "Sum", 300)},
        "a NAT gateway had no port for a connection",
        "Too many connections at once to the same address, 55,000: image pulls and requests fail now and then.",
        ("aws ec2 describe-nat-gateways --nat-gateway-ids ID",),
        "Give what is called most an interface endpoint, reuse connections, or have a NAT gateway in each zone.",
    ),
}


def alarm_text(kind: str, thing: str) -> str:
    """Return what an alarm says where it goes off."""
    known = ALARM_KINDS[kind]
    return f"{thing}: {known.means} {known.do} More: docs/runbook.md#{kind}"
