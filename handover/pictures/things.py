"""The things of a platform: their boxes, and what they say of each other."""

from collections.abc import Iterator

from handover.opened import opened
from handover.pictures.boxes import COMPUTE, Told, box, existing, provider
from handover.pictures.graph import Box, Edge
from handover.pictures.pointing import Directory, Resource
from handover.platforms import Platform, construct_path


class Things:
    """The boxes of a platform by their keys; what is only used is among them once an edge leads there."""

    def __init__(self, platform: Platform) -> None:
        self.directory, self.told = Directory(platform), Told()
        self._tell()
        made = (
            box(resource, self.directory.called(resource), block, self.told)
            for resource, block in self.directory.blocks.items()
        )
        self.boxes: dict[str, Box] = {found.key: found for found in made if found}

    def _tell(self) -> None:
        """Note what resources say of others."""
        directory, told = self.directory, self.told
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
        told.of_others |= self._only_logged()
        told.titles = {
            str(block["name"]): directory.called(resource) for resource, block in directory.of("aws_batch_job_queue")
        }
        told.backlogs = {
            resource.key
            for resource, block in directory.of("aws_sfn_state_machine")
            if construct_path(block).startswith("backlogs/")
        }

    def _only_logged(self) -> set[str]:
        """Return the rules whose events are only written to logs, which starts nothing."""
        logged: dict[str, bool] = {}
        for resource, block in self.directory.of("aws_cloudwatch_event_target"):
            found = list(self.directory.referred(resource.part, block["arn"]))
            to_log = bool(found) and all(target.type == "aws_cloudwatch_log_group" for target in found)
            for rule in self.directory.referred(resource.part, block["rule"]):
                logged[rule.key] = logged.get(rule.key, True) and to_log
        return {key for key, only in logged.items() if only}

    def known(self, resource: Resource | None) -> str:
        """Return the key of a resource's box, which is made now if it is of something that exists already."""
        if resource is None:
            return ""
        if resource.key not in self.boxes and not resource.part and (made := existing(resource)):
            self.boxes[resource.key] = made
        return resource.key

    def runs_on(self, work: str, part: str, provider_name: str, cluster: Resource | None) -> Iterator[Edge]:
        """Yield the edge to a capacity provider: a resource, or Fargate as it is in a cluster."""
        if provider_name in COMPUTE:
            if cluster is not None:
                made = provider(self.directory.called(cluster), provider_name)
                self.boxes[made.key] = made
                yield Edge(work, made.key)
        elif "${" not in provider_name:
            yield Edge(work, self.known(Resource("aws_ecs_capacity_provider", provider_name)))
        for resource in self.directory.referred(part, provider_name):
            yield Edge(work, resource.key)
