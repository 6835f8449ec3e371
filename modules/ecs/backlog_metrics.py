"""What a queue worker's scaling measures, and what it computes from that.

Tasks are counted as ECS wants them (DesiredTaskCount), not as they run. Tasks that still start are counted, so that a
backlog is not answered twice; a deployment, which runs old and new tasks side by side, changes nothing; and tasks that
cannot start (no capacity, a broken image) do not drive the number to its maximum.

Source: Container Insights metrics of ECS; CloudWatch metrics of SQS.
"""

from modules.cloudwatch.metrics import Expression, Metric

VISIBLE, IN_FLIGHT, TASKS = "visible", "in_flight", "tasks"


def metrics(*, queue_name: str, cluster_name: str, service_name: str) -> tuple[Metric, ...]:
    """Return the three metrics that everything here is computed from. Names may be tokens."""
    queue = {"QueueName": queue_name}
    service = {"ClusterName": cluster_name, "ServiceName": service_name}
    return (
        Metric(VISIBLE, "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue),
        Metric(IN_FLIGHT, "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", queue),
        Metric(TASKS, "ECS/ContainerInsights", "DesiredTaskCount", service),
    )


# SQS leaves the number in flight out where there is none. The number of visible messages is not filled: a minute whose
# metrics are not there yet must stay unknown, for as zero it would end every alarm.
BACKLOG = Expression("backlog", f"{VISIBLE} + FILL({IN_FLIGHT}, 0)")
# ECS may report nothing where it wants no task. A minute that is only late repeats the one before; what then is still
# missing was never reported, and means none.
COUNTED = (
    Expression("lately", f"FILL({TASKS}, REPEAT)"),
    Expression("counted", "FILL(lately, 0)"),
)


def backlog_per_task(target: float, messages_at_once: int, queue_share_percent: int = 100) -> tuple[Expression, ...]:
    """Return the expressions of the backlog per task; the last is the one to track at ``target``.

    Of messages that wait and those in flight, which other workers may hold, ``queue_share_percent`` count.

    A task that is busy counts as one with a full backlog, however short the queue: the number of tasks falls to that
    of the busy ones and no further. Without this, scaling takes tasks away as soon as they keep up, the queue grows,
    and they are started again, round and round.

    With no tasks it is ``target``, which asks for nothing: starting from zero is step scaling's business.
    """
    divisor = "IF(counted > 0, counted, 1)"
    share = "" if queue_share_percent == 100 else f" * {queue_share_percent / 100:g}"
    return (
        *COUNTED,
        # One minute that never came must not look as if all tasks had stopped working: they would be stopped.
        Expression("working", f"FILL({IN_FLIGHT}, REPEAT)"),
        Expression("each", f"({VISIBLE} + FILL(working, 0)){share} / {divisor}"),
        # Messages that crashed tasks hold are in flight too; no task is busier than busy.
        Expression("busy", f"FILL(working, 0){share} / {divisor} / {messages_at_once}"),
        Expression("full", f"IF(busy > 1, 1, busy) * {target:.10g}"),
        Expression("backlog_per_task", f"IF(counted > 0, IF(each > full, each, full), {target:.10g})"),
    )


# Messages that nobody is going to work on.
WAITING = (BACKLOG, *COUNTED, Expression("waiting", "IF(counted > 0, 0, backlog)"))
# 1 where tasks have nothing to do.
IDLE = (
    BACKLOG,
    *COUNTED,
    Expression("without_work", "IF(backlog > 0, 0, 1)"),
    Expression("idle", "IF(counted > 0, without_work, 0)"),
)
