"""What the box of each kind of resource says, and in which column of a picture it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handover.opened import opened
from handover.pictures.amounts import Block, counted, of_job, of_task
from handover.pictures.graph import Box
from handover.pictures.pointing import Resource, leaves
from handover.platforms import Document

HEADINGS = ("Sources", "Queues", "Starters", "Work", "Job queues", "Capacity", "Storage")
RANKS = {
    "bucket": 0,
    "clock": 0,
    "event": 0,
    "balancer": 0,
    "queue": 1,
    "starter": 2,
    "pipeline": 2,
    "job": 3,
    "task": 3,
    "function": 3,
    "jobqueue": 4,
    "capacity": 5,
}
STORAGE = 6  # of buckets in which nothing begins
COMPUTE = {"FARGATE": "Fargate", "FARGATE_SPOT": "Fargate Spot", "EC2": "EC2", "SPOT": "EC2 Spot"}
INSTANCES = 3
LATE = re.compile(r"\$\{([^{}]*)\}")  # what Terraform decides


@dataclass
class Told:
    """What other resources say of one, by its key."""

    dead_letters: dict[str, int] = field(default_factory=dict)  # tries before a message is one
    tasks: dict[str, tuple[int, int]] = field(default_factory=dict)
    groups: dict[str, Block] = field(default_factory=dict)  # of instances, by what has their capacity
    titles: dict[str, str] = field(default_factory=dict)  # of job queues, by their names in AWS
    backlogs: set[str] = field(default_factory=set)
    of_others: set[str] = field(default_factory=set)  # parts of another box


def box(resource: Resource, called: str, block: Document, told: Told) -> Box | None:
    """Return the box of a resource, by what it is called; None of what has none."""
    make = KINDS.get(resource.type)
    if make is None or resource.key in told.of_others:
        return None
    look, caption, details = make(resource.key, opened(block), told)
    return Box(resource.key, look, called, caption, [LATE.sub(r"\1", detail) for detail in details if detail])


def existing(resource: Resource) -> Box | None:
    """Return the box of what nobody here makes."""
    if resource.type not in EXISTING:
        return None
    look, caption = EXISTING[resource.type]
    return Box(resource.key, look, resource.name, caption)


def provider(cluster: str, name: str) -> Box:
    """Return the box of Fargate as it is in a cluster."""
    return Box(f"{cluster}.{name}", "capacity", COMPUTE[name], f"capacity of {cluster}")


Said = tuple[str, str, Sequence[str]]


def _bucket(key: str, block: Block, told: Told) -> Said:
    return "bucket", "S3 bucket", ()


def _queue(key: str, block: Block, told: Told) -> Said:
    tries = told.dead_letters.get(key)
    return (
        "queue",
        "SQS FIFO queue" if block.get("fifo_queue") else "SQS queue",
        [f"dead letters after {counted(tries, 'try', 'tries')}" if tries else ""],
    )


def _schedule(key: str, block: Block, told: Told) -> Said:
    at = block.get("schedule_expression", "")
    zone = block.get("schedule_expression_timezone", "") if at.startswith(("cron", "at")) else ""
    return "clock", "schedule", [f"{at} {zone}".strip(), _off(block)]


def _rule(key: str, block: Block, told: Told) -> Said:
    pattern = block.get("event_pattern", {})
    detail = pattern.get("detail", {})
    named = (*pattern.get("detail-type", ()), *(() if pattern.get("detail-type") else pattern.get("source", ())))
    told_of = [_words(detail.get(name, ())) for name in ("status", "lastStatus", "stopCode", "eventTypeCategory")]
    queues = [text.rpartition("/")[2] for text in detail.get("jobQueue", ()) if isinstance(text, str)]
    queues = [told.titles.get(queue, queue) for queue in queues]
    keys = _words(detail.get("object", {}).get("key", ())) if isinstance(detail.get("object"), Mapping) else ""
    return (
        "event",
        "EventBridge rule",
        [
            ", ".join(named),
            keys,
            " ".join(filter(None, told_of)),
            f"of {', '.join(queues)}" if queues else "",
            _off(block),
        ],
    )


def _pipe(key: str, block: Block, told: Told) -> Said:
    filters = len(block.get("source_parameters", {}).get("filter_criteria", {}).get("filter", ()))
    batch = block.get("source_parameters", {}).get("sqs_queue_parameters", {}).get("batch_size", 1)
    return (
        "starter",
        "EventBridge pipe",
        [counted(filters, "filter") if filters else "", f"batches of {batch}" if batch > 1 else "", _off(block)],
    )


def _machine(key: str, block: Block, told: Told) -> Said:
    states = block.get("definition", {}).get("States", {})
    if key in told.backlogs:
        sizes = [state["Result"]["size"] for state in states.values() if "size" in state.get("Result", {})]
        return "starter", "backlog", [f"1 to {max(sizes)} children"] if sizes else []
    return "pipeline", "pipeline", [counted(len(states), "state")]


def _job(key: str, block: Block, told: Told) -> Said:
    nodes = block.get("node_properties", {}).get("numNodes")
    kind = "Batch job on EKS" if "eks_properties" in block else "Batch job"
    return "job", kind, [f"{nodes} nodes"] if nodes else [of_job(block)]


def _task(key: str, block: Block, told: Told) -> Said:
    return "task", "ECS task", [of_task(block)]


def _service(key: str, block: Block, told: Told) -> Said:
    if block.get("scheduling_strategy") == "DAEMON":
        return "task", "ECS service", ["on every instance"]
    wanted = block.get("desired_count", 1)
    low, high = told.tasks.get(key, (wanted, wanted))
    return "task", "ECS service", [counted(high, "task") if low == high else f"{low} to {counted(high, 'task')}"]


def _job_queue(key: str, block: Block, told: Told) -> Said:
    fair = "fair share" if block.get("scheduling_policy_arn") else ""
    return "jobqueue", "Batch job queue", [f"priority {block.get('priority')}", fair, _off(block)]


def _compute_environment(key: str, block: Block, told: Told) -> Said:
    found = block.get("compute_resources", {})
    kind = COMPUTE.get(found.get("type", ""), "own instances")
    most = found.get("max_vcpus")
    return (
        "capacity",
        f"{kind} of EKS" if "eks_configuration" in block else kind,
        [f"up to {counted(most, 'vCPU')}" if most else "", _instances(found.get("instance_type", ())), _off(block)],
    )


def _capacity_provider(key: str, block: Block, told: Told) -> Said:
    if managed := block.get("managed_instances_provider"):
        needs = managed.get("instance_launch_template", {}).get("instance_requirements", {})
        return "capacity", "ECS managed instances", [_instances(needs.get("allowed_instance_types", ()))]
    group = told.groups.get(key, {})
    mixed = group.get("mixed_instances_policy", {})
    types = [
        part["instance_type"]
        for part in mixed.get("launch_template", {}).get("override", ())
        if "instance_type" in part
    ]
    share = mixed.get("instances_distribution", {}).get("on_demand_percentage_above_base_capacity")
    return (
        "capacity",
        "ECS on EC2",
        [
            f"up to {counted(group['max_size'], 'instance')}" if "max_size" in group else "",
            _instances(types),
            f"{share} % on demand" if share is not None else "",
        ],
    )


def _balancer(key: str, block: Block, told: Told) -> Said:
    kind = "network load balancer" if block.get("load_balancer_type") == "network" else "load balancer"
    return "balancer", kind, ["internal" if block.get("internal") else "from the internet"]


KINDS: Mapping[str, Callable[[str, Block, Told], Said]] = {
    "aws_batch_compute_environment": _compute_environment,
    "aws_batch_job_definition": _job,
    "aws_batch_job_queue": _job_queue,
    "aws_cloudwatch_event_rule": _rule,
    "aws_ecs_capacity_provider": _capacity_provider,
    "aws_ecs_service": _service,
    "aws_ecs_task_definition": _task,
    "aws_lb": _balancer,
    "aws_pipes_pipe": _pipe,
    "aws_s3_bucket": _bucket,
    "aws_scheduler_schedule": _schedule,
    "aws_sfn_state_machine": _machine,
    "aws_sqs_queue": _queue,
}
EXISTING = {
    "aws_batch_compute_environment": ("capacity", "existing capacity"),
    "aws_batch_job_definition": ("job", "existing Batch job"),
    "aws_batch_job_queue": ("jobqueue", "existing Batch job queue"),
    "aws_ecs_capacity_provider": ("capacity", "existing ECS capacity"),
    "aws_ecs_task_definition": ("task", "existing ECS task"),
    "aws_lb": ("balancer", "existing load balancer"),
    "aws_lambda_function": ("function", "Lambda function"),
    "aws_s3_bucket": ("bucket", "existing S3 bucket"),
    "aws_sfn_state_machine": ("pipeline", "existing pipeline"),
    "aws_sqs_queue": ("queue", "existing SQS queue"),
}


def _instances(types: Sequence[str]) -> str:
    """Return a few types of instances, or their families."""
    found = types if len(types) <= INSTANCES else sorted({name.partition(".")[0] for name in types})
    return ", ".join(found)


def _off(block: Block) -> str:
    return "off" if {block.get("state"), block.get("desired_state")} & {"DISABLED", "STOPPED"} else ""


def _words(value: Any) -> str:
    return ", ".join(text for _, text in leaves(value))
