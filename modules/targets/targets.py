"""Targets as objects: what a starter's stack sees of a job, a task, a queue or a function that is to be started.

Each knows the permissions that its starter needs; how each starter says it, stands with the starter.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cdktf import ITerraformDependable

from modules import arns
from modules.batch.permissions import grant_submit
from modules.batch.settings.submissions import JobRequest
from modules.batch.submission import SubmissionContext, submit_job_request
from modules.ecs.runnable_task import RunnableTask, task_override
from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole
from modules.lambda_functions.settings import ExistingFunction
from modules.naming import AwsLocation
from modules.sns.topic import Topic
from modules.sqs.queue import Queue
from modules.states.execution import LIVE, execution_input
from modules.targets.settings import Drain, FunctionCall, PipelineExecution, QueueMessage, TaskRun, TopicMessage


@dataclass(frozen=True)
class Target(ABC):
    """Something that can be started. ``depends_on``: what must be there before, as far as it is in the same stack."""

    @property
    def depends_on(self) -> Sequence[ITerraformDependable]:
        """Return what must be there before it can be started."""
        return ()

    @property
    def roles(self) -> Sequence[WorkloadRole]:
        """Return the roles whose permissions must be there before it can be started."""
        return ()

    @abstractmethod
    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` start this, and nothing else."""


@dataclass(frozen=True)
class JobTarget(Target):
    """A job to submit, called ``name``; its definition goes by its name, so that the newest revision is used.

    ``job_tags`` are those of every job of the platform, ``team_tag_keys`` those by which jobs are known to be a team's.
    """

    name: str
    settings: JobRequest
    context: SubmissionContext
    location: AwsLocation
    job_tags: Mapping[str, str] = field(default_factory=dict)
    team_tag_keys: Sequence[str] = ()
    depends_on: Sequence[ITerraformDependable] = ()

    @cached_property
    def request(self) -> dict[str, Any]:
        """Return the SubmitJob request, in the keys of the API."""
        return submit_job_request(self.name, self.settings, self.context)

    @property
    def job_queue_arn(self) -> str:
        """Return the ARN of the queue."""
        return arns.job_queue(self.location, self.context.job_queue_name)

    @property
    def job_definition_arn(self) -> str:
        """Return the ARN of the definition, without a revision."""
        return arns.job_definition(self.location, self.context.job_definition_name)

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` submit this definition to this queue, with the platform's tags."""
        names, queues = [self.context.job_definition_name], [self.job_queue_arn]
        policy = f"{self.settings.job_definition}-to-{self.context.job_queue_name}"
        tags, keys = self.job_tags, self.team_tag_keys
        grant_submit(starter, policy, self.location, names, queues, tags=tags, team_tag_keys=keys)


@dataclass(frozen=True)
class TaskTarget(Target):
    """A run of a task."""

    settings: TaskRun
    task: RunnableTask

    @property
    def run_document(self) -> dict[str, Any]:
        """Return what every service that starts it is told alike, in the keys of their APIs.

        With its revision: what was tested is what runs, until the next apply.
        """
        task = self.task
        network = {
            "subnets": task.network.subnet_ids,
            "securityGroups": task.network.all_group_ids,
            "assignPublicIp": task.has_public_ip,
        }
        return {
            "taskDefinitionArn": task.task_definition_arn,
            "taskCount": self.settings.task_count,
            "capacityProviderStrategy": [
                {"capacityProvider": provider, "weight": weight, "base": base or None}
                for provider, weight, base in task.shares
            ],
            "networkConfiguration": network if task.has_network else None,
            "platformVersion": task.platform_version,
            "enableEcsManagedTags": True,
            "propagateTags": "TASK_DEFINITION",
            "tags": task.settings.tags,
        }

    @property
    def depends_on(self) -> Sequence[ITerraformDependable]:
        """Return capacity, network and mounts."""
        return self.task.depends_on

    @property
    def roles(self) -> Sequence[WorkloadRole]:
        """Return the task's own."""
        return self.task.roles

    @property
    def overrides(self) -> dict[str, Any]:
        """Return the TaskOverride, in the keys of RunTask."""
        names = list(self.task.settings.task.containers)
        return task_override(names, self.settings.environment, self.settings.commands)

    @property
    def request(self) -> dict[str, Any]:
        """Return the RunTask request, in the keys of the API."""
        count = {"count": self.settings.task_count} if self.settings.task_count != 1 else {}
        return self.task.request | count | ({"overrides": self.overrides} if self.overrides else {})

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` run it on its cluster, with its roles."""
        starter.add_policy(f"run-{self.settings.task_definition}", self.task.run_statements)


@dataclass(frozen=True)
class QueueTarget(Target):
    """A message to a queue."""

    settings: QueueMessage
    queue: Queue

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` send there."""
        self.queue.grant_send(starter)


@dataclass(frozen=True)
class TopicTarget(Target):
    """A message to a topic."""

    settings: TopicMessage
    topic: Topic

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` publish there."""
        self.topic.grant_publish(starter)


@dataclass(frozen=True)
class PipelineTarget(Target):
    """An execution of a pipeline's newest version."""

    settings: PipelineExecution
    state_machine_name: str
    location: AwsLocation
    depends_on: Sequence[ITerraformDependable] = ()

    @property
    def alias_arn(self) -> str:
        """Return the ARN of the alias."""
        return arns.state_machine(self.location, f"{self.state_machine_name}:{LIVE}")

    @property
    def input(self) -> dict[str, str]:
        """Return what the execution is told."""
        return execution_input(self.settings.parameters, self.settings.share_identifier)

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` execute it."""
        statement = allow("ExecutePipeline", ["states:StartExecution"], self.alias_arn)
        starter.add_policy(f"execute-{self.settings.pipeline}", [statement])


@dataclass(frozen=True)
class DrainTarget(Target):
    """An execution of the state machine of a backlog, in the same stack."""

    settings: Drain
    state_machine_arn: str

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` execute it."""
        statement = allow("Drain", ["states:StartExecution"], self.state_machine_arn)
        starter.add_policy(f"drain-{self.settings.backlog}", [statement])


@dataclass(frozen=True)
class FunctionTarget(Target):
    """A call of a function."""

    settings: FunctionCall
    function: ExistingFunction

    def grant_start(self, starter: WorkloadRole) -> None:
        """Let ``starter`` call this version of it."""
        statement = allow("CallFunction", ["lambda:InvokeFunction"], self.function.function_arn)
        starter.add_policy(f"call-{self.settings.function}", [statement])
