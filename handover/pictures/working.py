"""What work takes and sends, who asks it, and what it runs on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from handover.opened import opened
from handover.pictures.boxes import COMPUTE
from handover.pictures.graph import Edge
from handover.pictures.pointing import Resource, leaves, strings
from handover.pictures.things import Things
from handover.platforms import Document
from handover.policy_words import as_list, statements

WORK = ("aws_batch_job_definition", "aws_ecs_service", "aws_ecs_task_definition")


def working(things: Things) -> Iterator[Edge]:
    """Yield what work and job queues lead to, and what leads to work by itself."""
    yield from _of_work(things)
    yield from _of_capacity(things)


def _of_work(things: Things) -> Iterator[Edge]:
    policies: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for resource, block in things.directory.of("aws_iam_role_policy"):
        for role in things.directory.referred(resource.part, block["role"]):
            policies[role.key].append((resource.part, block["policy"]))
    for resource, block in things.directory.of(*WORK):
        if resource.key not in things.told.of_others:
            for part, policy in _policies(things, resource, block, policies):
                yield from _messages(things, resource.key, part, policy)
    for resource, block in things.directory.of("aws_ecs_service"):
        yield from _balanced(things, resource, block)


def _policies(
    things: Things, work: Resource, block: Document, policies: Mapping[str, list[tuple[str, str]]]
) -> Iterator[tuple[str, str]]:
    """Yield the policies of the roles that some work runs as, and the root modules they are in."""
    blocks = [block]
    for task in things.directory.referred(work.part, block.get("task_definition", "")):
        blocks.append(things.directory.blocks[task])
    roles = {
        found.key: None
        for text in strings([opened(inner) for inner in blocks])
        for found in things.directory.referred(work.part, text)
        if found.type == "aws_iam_role"
    }
    for role in roles:
        yield from policies[role]


def _messages(things: Things, work: str, part: str, policy: str) -> Iterator[Edge]:
    """Yield from which queues some work takes messages, and to which it sends them."""
    for statement in statements(policy):
        actions = as_list(statement.get("Action", ()))
        for text in as_list(statement.get("Resource", ())):
            queue = things.directory.find(part, text)
            if not queue or queue.type != "aws_sqs_queue" or statement.get("Effect") != "Allow":
                continue
            if "sqs:ReceiveMessage" in actions:
                yield Edge(things.known(queue), work)
            if "sqs:SendMessage" in actions:
                yield Edge(work, things.known(queue), "sends")


def _balanced(things: Things, service: Resource, block: Document) -> Iterator[Edge]:
    """Yield from which load balancers a service gets requests."""
    groups = {
        group
        for path, text in leaves(block)
        if path[-1] == "targetgrouparn"
        for group in things.directory.referred(service.part, text)
    }
    for resource, listener in things.directory.of("aws_lb_listener", "aws_lb_listener_rule"):
        found = {text: set(things.directory.referred(resource.part, text)) for text in strings(listener)}
        if not groups & {group for group_set in found.values() for group in group_set}:
            continue
        for text in (listener.get("load_balancer_arn", ""), listener.get("listener_arn", "")):
            above = things.directory.find(resource.part, text)
            if above and above.type == "aws_lb_listener":
                above = things.directory.find(above.part, things.directory.blocks[above]["load_balancer_arn"])
            if above:
                yield Edge(things.known(above), service.key)


def _of_capacity(things: Things) -> Iterator[Edge]:
    for resource, block in things.directory.of("aws_batch_job_queue"):
        order = block.get("compute_environment_order", ())
        for place in sorted(order, key=lambda place: place["order"]):
            if found := things.directory.find(resource.part, place["compute_environment"]):
                yield Edge(resource.key, things.known(found), label=str(place["order"] + 1) if len(order) > 1 else "")
    associations = {
        cluster: (resource.part, block)
        for resource, block in things.directory.of("aws_ecs_cluster_capacity_providers")
        for cluster in things.directory.referred(resource.part, block["cluster_name"])
    }
    for resource, block in things.directory.of("aws_ecs_service"):
        cluster = things.directory.find(resource.part, block["cluster"], "cluster")
        part, of_cluster = associations.get(cluster, (resource.part, {})) if cluster else (resource.part, {})
        if block.get("launch_type") == "FARGATE":
            names = ["FARGATE"]
        elif block.get("launch_type"):
            names = [name for name in of_cluster.get("capacity_providers", ()) if name not in COMPUTE]
        else:
            strategy = block.get("capacity_provider_strategy")
            part = resource.part if strategy else part
            strategy = strategy or of_cluster.get("default_capacity_provider_strategy", ())
            names = [share["capacity_provider"] for share in strategy]
        for name in names:
            yield from things.runs_on(resource.key, part, name, cluster)
