"""A platform as boxes and edges: sources, queues, what starts work, the work, job queues and capacity."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from handover.opened import opened
from handover.pictures.boxes import COMPUTE, HEADINGS, RANKS, Told, box, existing, provider
from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.pointing import Directory, Resource, leaves, strings
from handover.platforms import Document, Platform, construct_path
from handover.rights import as_list, statements

STARTERS = (
    "aws_cloudwatch_event_rule",
    "aws_pipes_pipe",
    "aws_scheduler_schedule",
    "aws_sfn_state_machine",
)
WORK = ("aws_batch_job_definition", "aws_ecs_service", "aws_ecs_task_definition")
STARTED = frozenset(
    {
        "aws_batch_job_definition",
        "aws_ecs_task_definition",
        "aws_lambda_function",
        "aws_sfn_state_machine",
        "aws_sqs_queue",
    }
)


def platform_graph(platform: Platform) -> Graph:
    """Return the graph of a platform."""
    return _Drawing(platform).graph()


class _Drawing:
    def __init__(self, platform: Platform) -> None:
        self._platform, self._directory = platform, Directory(platform)
        self._edges: dict[Edge, None] = {}
        self._boxes: dict[str, Box] = {}
        self._told = Told()

    def graph(self) -> Graph:
        self._tell()
        for resource, block in self._directory.blocks.items():
            if made := box(resource, self._directory.called(resource), block, self._told):
                self._boxes[resource.key] = made
        for found in (self._from_buckets, self._of_starters, self._of_work, self._of_capacity):
            self._edges |= dict.fromkeys(found())
        ranks = {key: RANKS[made.look] for key, made in self._boxes.items()}
        used = sorted(set(ranks.values()))
        firsts = {edge.target: edge.label for edge in sorted(self._edges, key=lambda edge: edge.label, reverse=True)}
        boxes = sorted(
            self._boxes.values(),
            key=lambda made: (ranks[made.key], firsts.get(made.key, ""), made.look, made.title, made.key),
        )
        place = {made.key: at for at, made in enumerate(boxes)}
        edges = [edge for edge in self._edges if edge.source in place and edge.target in place]
        edges.sort(key=lambda edge: (place[edge.source], place[edge.target], edge.style, edge.label))
        return Graph(
            f"Platform {self._platform.name}",
            boxes,
            edges,
            {made.key: used.index(ranks[made.key]) for made in boxes},
            [HEADINGS[rank] for rank in used],
        )

    def _tell(self) -> None:
        """Note what resources say of others."""
        directory, told = self._directory, self._told
        for resource, block in directory.of("aws_sqs_queue_redrive_policy"):
            policy = opened(block["redrive_policy"])
            for queue in directory.referred(resource.part, block["queue_url"]):
                told.dead_letters[queue.key] = policy.get("maxReceiveCount", 1)
            told.of_others |= {found.key for found in directory.referred(resource.part, policy["deadLetterTargetArn"])}
        for resource, block in directory.of("aws_appautoscaling_target"):
            for service in directory.referred(resource.part, block["resource_id"]):
                told.tasks[service.key] = block["min_capacity"], block["max_capacity"]
        for resource, block in directory.of("aws_ecs_service"):
            told.of_others |= {task.key for task in directory.referred(resource.part, block["task_definition"])}
        for resource, block in directory.of("aws_ecs_capacity_provider"):
            arn = block.get("auto_scaling_group_provider", {}).get("auto_scaling_group_arn", "")
            for group in directory.referred(resource.part, arn):
                told.groups[resource.key] = directory.blocks[group]
        told.titles = {
            str(block["name"]): directory.called(resource) for resource, block in directory.of("aws_batch_job_queue")
        }
        told.backlogs = {
            resource.key
            for resource, block in directory.of("aws_sfn_state_machine")
            if construct_path(block).startswith("backlogs/")
        }

    def _known(self, resource: Resource | None) -> str:
        """Return the key of a resource's box, which is made now if it is of something that exists already."""
        if resource is None:
            return ""
        if resource.key not in self._boxes and not resource.part and (made := existing(resource)):
            self._boxes[resource.key] = made
        return resource.key

    def _from_buckets(self) -> Iterator[Edge]:
        for resource, block in self._directory.of("aws_s3_bucket_notification"):
            for bucket in self._directory.referred(resource.part, block["bucket"]):
                for path, text in leaves(block):
                    if path[-1] in ("queuearn", "lambdafunctionarn"):
                        yield Edge(bucket.key, self._known(self._directory.find(resource.part, text)))
        for resource, block in self._directory.of("aws_cloudwatch_event_rule"):
            for path, text in leaves(opened(block)):
                if path[:1] == ("eventpattern",) and path[-2:] == ("bucket", "name"):
                    bucket = self._directory.named("aws_s3_bucket", text) or Resource("aws_s3_bucket", text)
                    yield Edge(self._known(bucket), resource.key)
                elif path[-1] == "alarmname":
                    for alarm in self._directory.referred(resource.part, text):
                        for inner, name in leaves(self._directory.blocks.get(alarm, {})):
                            if inner[-1] == "queuename" and (queue := self._directory.named("aws_sqs_queue", name)):
                                yield Edge(queue.key, resource.key)

    def _of_starters(self) -> Iterator[Edge]:
        for resource, block in self._directory.of(*STARTERS):
            yield from self._starts(resource.key, resource.part, opened(block))
        for resource, block in self._directory.of("aws_cloudwatch_event_target"):
            for rule in self._directory.referred(resource.part, block["rule"]):
                yield from self._starts(rule.key, resource.part, opened({**block, "rule": ""}))
        for resource, block in self._directory.of("aws_lambda_event_source_mapping"):
            source, function = (
                self._directory.find(resource.part, block[key]) for key in ("event_source_arn", "function_name")
            )
            yield Edge(self._known(source), self._known(function))
        for module in self._platform.modules:
            for name, output in module.document.get("output", {}).items():
                if name == "submissions":
                    for submission, told in output["value"].items():
                        key = f"submission.{submission}"
                        self._boxes[key] = Box(key, "starter", submission, "submission by hand")
                        yield from self._starts(key, module.part, opened(told))
                elif name in ("job_definitions", "run_tasks"):
                    yield from self._starts("", module.part, opened(output["value"]))

    def _starts(self, starter: str, part: str, block: Document) -> Iterator[Edge]:
        """Yield what a starter starts, sends to and listens to, and the job queues that its jobs go to."""
        found = [(path, text, self._directory.find(part, text, path[-1])) for path, text in leaves(block)]
        called = {path: text for path, text, _ in found if path[-1] == "resource"}
        queues = [
            (path[:-1], self._known(resource)) for path, _, resource in found if _is(resource, "aws_batch_job_queue")
        ]
        for path, _, resource in found:
            if resource is None or resource.type not in STARTED or "eventpattern" in path:
                continue
            key = self._known(resource)
            if resource.type == "aws_batch_job_definition":
                near = [queue for place, queue in queues if place == path[:-1]]
                near = near or [queue for _, queue in queues if starter]
                yield from (Edge(key, queue) for queue in near)
            if resource.type == "aws_ecs_task_definition":
                yield from self._runs(key, part, path, found)
            if not starter:
                continue
            if "deadletterconfig" in path:
                yield Edge(starter, key, "dead")
            elif path[-1] == "source":
                yield Edge(key, starter)
            elif called.get((*path[:-2], "resource"), "").endswith(":getQueueAttributes"):
                yield Edge(key, starter, "flow" if starter in self._told.backlogs else "waits")
            else:
                sends = resource.type == "aws_sqs_queue" and starter.startswith("aws_sfn_state_machine")
                yield Edge(starter, key, "sends" if sends else "flow")
        for path, text, _ in found:
            if starter and path[-2:] == ("parameters", "bucket") and "itemreader" in path:
                bucket = self._directory.named("aws_s3_bucket", text) or Resource("aws_s3_bucket", text)
                yield Edge(self._known(bucket), starter, "waits")

    def _runs(
        self, task: str, part: str, path: tuple[str, ...], found: list[tuple[tuple[str, ...], str, Resource | None]]
    ) -> Iterator[Edge]:
        """Yield the capacity that a task runs on, which is asked for beside its definition."""
        beside = [(place[len(path) - 1 :], text) for place, text, _ in found if place[: len(path) - 1] == path[:-1]]
        clusters = [self._directory.find(part, text, "cluster") for place, text in beside if place == ("cluster",)]
        for place, text in beside:
            if place[-1] == "capacityprovider":
                yield from self._runs_on(task, part, text, next(filter(None, clusters), None))

    def _runs_on(self, work: str, part: str, provider_name: str, cluster: Resource | None) -> Iterator[Edge]:
        """Yield the edge to a capacity provider: a resource, or Fargate as it is in a cluster."""
        if provider_name in COMPUTE:
            if cluster is not None:
                made = provider(self._directory.called(cluster), provider_name)
                self._boxes[made.key] = made
                yield Edge(work, made.key)
        elif "${" not in provider_name:
            yield Edge(work, self._known(Resource("aws_ecs_capacity_provider", provider_name)))
        for resource in self._directory.referred(part, provider_name):
            yield Edge(work, resource.key)

    def _of_work(self) -> Iterator[Edge]:
        policies: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for resource, block in self._directory.of("aws_iam_role_policy"):
            for role in self._directory.referred(resource.part, block["role"]):
                policies[role.key].append((resource.part, block["policy"]))
        for resource, block in self._directory.of(*WORK):
            if resource.key not in self._told.of_others:
                for part, policy in self._policies(resource, block, policies):
                    yield from self._messages(resource.key, part, policy)
        for resource, block in self._directory.of("aws_ecs_service"):
            yield from self._balanced(resource, block)

    def _policies(
        self, work: Resource, block: Document, policies: Mapping[str, list[tuple[str, str]]]
    ) -> Iterator[tuple[str, str]]:
        """Yield the policies of the roles that some work runs as, and the root modules they are in."""
        blocks = [block]
        for task in self._directory.referred(work.part, block.get("task_definition", "")):
            blocks.append(self._directory.blocks[task])
        roles = {
            found.key: None
            for text in strings([opened(inner) for inner in blocks])
            for found in self._directory.referred(work.part, text)
            if found.type == "aws_iam_role"
        }
        for role in roles:
            yield from policies[role]

    def _messages(self, work: str, part: str, policy: str) -> Iterator[Edge]:
        """Yield from which queues some work takes messages, and to which it sends them."""
        for statement in statements(policy):
            actions = as_list(statement.get("Action", ()))
            for text in as_list(statement.get("Resource", ())):
                queue = self._directory.find(part, text)
                if not _is(queue, "aws_sqs_queue") or statement.get("Effect") != "Allow":
                    continue
                if "sqs:ReceiveMessage" in actions:
                    yield Edge(self._known(queue), work)
                if "sqs:SendMessage" in actions:
                    yield Edge(work, self._known(queue), "sends")

    def _balanced(self, service: Resource, block: Document) -> Iterator[Edge]:
        """Yield from which load balancers a service gets requests."""
        groups = {
            group
            for path, text in leaves(block)
            if path[-1] == "targetgrouparn"
            for group in self._directory.referred(service.part, text)
        }
        for resource, listener in self._directory.of("aws_lb_listener", "aws_lb_listener_rule"):
            found = {text: set(self._directory.referred(resource.part, text)) for text in strings(listener)}
            if not groups & {group for group_set in found.values() for group in group_set}:
                continue
            for text in (listener.get("load_balancer_arn", ""), listener.get("listener_arn", "")):
                above = self._directory.find(resource.part, text)
                if above and above.type == "aws_lb_listener":
                    above = self._directory.find(above.part, self._directory.blocks[above]["load_balancer_arn"])
                if above:
                    yield Edge(self._known(above), service.key)

    def _of_capacity(self) -> Iterator[Edge]:
        for resource, block in self._directory.of("aws_batch_job_queue"):
            order = block.get("compute_environment_order", ())
            for place in sorted(order, key=lambda place: place["order"]):
                if found := self._directory.find(resource.part, place["compute_environment"]):
                    yield Edge(
                        resource.key, self._known(found), label=str(place["order"] + 1) if len(order) > 1 else ""
                    )
        associations = {
            cluster: (resource.part, block)
            for resource, block in self._directory.of("aws_ecs_cluster_capacity_providers")
            for cluster in self._directory.referred(resource.part, block["cluster_name"])
        }
        for resource, block in self._directory.of("aws_ecs_service"):
            cluster = self._directory.find(resource.part, block["cluster"], "cluster")
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
                yield from self._runs_on(resource.key, part, name, cluster)


def _is(resource: Resource | None, type_: str) -> TypeGuard[Resource]:
    return resource is not None and resource.type == type_
