"""What starts what: edges from sources and queues to starters, from those to work, and from jobs to their queues."""

from collections.abc import Iterator

from handover.opened import opened
from handover.pictures.graph import Box, Edge
from handover.pictures.pointing import Resource, leaves
from handover.pictures.things import Things
from handover.platforms import Document

STARTERS = (
    "aws_cloudwatch_event_rule",
    "aws_pipes_pipe",
    "aws_scheduler_schedule",
    "aws_sfn_state_machine",
)
STARTED = frozenset(
    {
        "aws_batch_job_definition",
        "aws_ecs_task_definition",
        "aws_lambda_function",
        "aws_sfn_state_machine",
        "aws_sqs_queue",
    }
)


def starting(things: Things) -> Iterator[Edge]:
    """Yield what sources, queues and starters lead to."""
    yield from _from_buckets(things)
    yield from _of_starters(things)


def _from_buckets(things: Things) -> Iterator[Edge]:
    for resource, block in things.directory.of("aws_s3_bucket_notification"):
        for bucket in things.directory.referred(resource.part, block["bucket"]):
            for path, text in leaves(block):
                if path[-1] in ("queuearn", "lambdafunctionarn"):
                    yield Edge(bucket.key, things.known(things.directory.find(resource.part, text)))
    for resource, block in things.directory.of("aws_cloudwatch_event_rule"):
        for path, text in leaves(opened(block)):
            if path[:1] == ("eventpattern",) and path[-2:] == ("bucket", "name"):
                bucket = things.directory.named("aws_s3_bucket", text) or Resource("aws_s3_bucket", text)
                yield Edge(things.known(bucket), resource.key)
            elif path[-1] == "alarmname":
                for alarm in things.directory.referred(resource.part, text):
                    for inner, name in leaves(things.directory.blocks.get(alarm, {})):
                        if inner[-1] == "queuename" and (queue := things.directory.named("aws_sqs_queue", name)):
                            yield Edge(queue.key, resource.key)


def _of_starters(things: Things) -> Iterator[Edge]:
    for resource, block in things.directory.of(*STARTERS):
        yield from _starts(things, resource.key, resource.part, opened(block))
    for resource, block in things.directory.of("aws_cloudwatch_event_target"):
        for rule in things.directory.referred(resource.part, block["rule"]):
            yield from _starts(things, rule.key, resource.part, opened({**block, "rule": ""}))
    for resource, block in things.directory.of("aws_lambda_event_source_mapping"):
        source, function = (
            things.directory.find(resource.part, block[key]) for key in ("event_source_arn", "function_name")
        )
        yield Edge(things.known(source), things.known(function))
    for module in things.directory.modules:
        for name, output in module.document.get("output", {}).items():
            if name == "submissions":
                for submission, told in output["value"].items():
                    key = f"submission.{submission}"
                    things.boxes[key] = Box(key, "starter", submission, "submission by hand")
                    yield from _starts(things, key, module.part, opened(told))
            elif name in ("job_definitions", "run_tasks"):
                yield from _starts(things, "", module.part, opened(output["value"]))


def _starts(things: Things, starter: str, part: str, block: Document) -> Iterator[Edge]:
    """Yield what a starter starts, sends to and listens to, and the job queues that its jobs go to."""
    found = [
        (path, text, things.directory.find(part, text, path[-1]))
        for path, text in leaves(block)
        if "eventpattern" not in path
    ]
    called = {path: text for path, text, _ in found if path[-1] == "resource"}
    queues = [
        (path[:-1], things.known(resource))
        for path, _, resource in found
        if resource and resource.type == "aws_batch_job_queue"
    ]
    for path, _, resource in found:
        if resource is None or resource.type not in STARTED:
            continue
        key = things.known(resource)
        if resource.type == "aws_batch_job_definition":
            near = [queue for place, queue in queues if place == path[:-1]]
            near = near or [queue for _, queue in queues if starter]
            yield from (Edge(key, queue) for queue in near)
        if resource.type == "aws_ecs_task_definition":
            yield from _runs(things, key, part, path, found)
        if not starter:
            continue
        if "deadletterconfig" in path:
            yield Edge(starter, key, "dead")
        elif path[-1] == "source":
            yield Edge(key, starter)
        elif called.get((*path[:-2], "resource"), "").endswith(":getQueueAttributes"):
            yield Edge(key, starter, "flow" if starter in things.told.backlogs else "waits")
        else:
            sends = resource.type == "aws_sqs_queue" and starter.startswith("aws_sfn_state_machine")
            yield Edge(starter, key, "sends" if sends else "flow")
    for path, text, _ in found:
        if starter and path[-2:] == ("parameters", "bucket") and "itemreader" in path:
            bucket = things.directory.named("aws_s3_bucket", text) or Resource("aws_s3_bucket", text)
            yield Edge(things.known(bucket), starter, "waits")


def _runs(
    things: Things,
    task: str,
    part: str,
    path: tuple[str, ...],
    found: list[tuple[tuple[str, ...], str, Resource | None]],
) -> Iterator[Edge]:
    """Yield the capacity that a task runs on, which is asked for beside its definition."""
    beside = [(place[len(path) - 1 :], text) for place, text, _ in found if place[: len(path) - 1] == path[:-1]]
    clusters = [things.directory.find(part, text, "cluster") for place, text in beside if place == ("cluster",)]
    for place, text in beside:
        if place[-1] == "capacityprovider":
            yield from things.runs_on(task, part, text, next(filter(None, clusters), None))
