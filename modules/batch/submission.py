"""SubmitJob requests as plain data, ready to run. No constructs."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modules.batch.documents import amount_text
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.existing_job_definitions import (
    ExistingEksJobDefinition,
    ExistingMultiContainerJobDefinition,
    ExistingMultiNodeJobDefinition,
)
from modules.batch.settings.job_definitions import (
    Ec2MultiContainerJobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
)
from modules.batch.settings.submissions import SIZES, JobSubmission, RequestedJob
from modules.canonical_json import pruned

MAX_REQUEST_BYTES = 30 * 1_024

EKS = EksJobDefinition, ExistingEksJobDefinition
MULTI_NODE = MultiNodeJobDefinition, ExistingMultiNodeJobDefinition
# Several containers in one task.
MULTI_CONTAINER = (
    FargateMultiContainerJobDefinition,
    Ec2MultiContainerJobDefinition,
    ExistingMultiContainerJobDefinition,
)


@dataclass(frozen=True)
class SubmissionContext:
    """What a submission is rendered with: physical names, the definition it submits, and what it does not say itself.

    ``tags`` are those of the environment and, where a team submits it, of the team.
    """

    job_definition: AnyJobDefinitionSettings
    job_definition_name: str
    job_queue_name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    share_identifier: str | None = None


def submit_job_request(name: str, submission: RequestedJob, context: SubmissionContext) -> dict[str, Any]:
    """Return the SubmitJob request, in the keys of the API. ``dependsOn`` names submissions as ``<name>`` for job ids.

    The definition goes by its name, so that the newest revision is used.
    """
    request = {
        "jobName": name,
        "jobQueue": context.job_queue_name,
        "jobDefinition": context.job_definition_name,
        "shareIdentifier": submission.share_identifier or context.share_identifier,
        "schedulingPriorityOverride": submission.scheduling_priority,
        "arrayProperties": {"size": submission.array_size},
        "dependsOn": _dependencies(submission),
        "retryStrategy": {"attempts": submission.attempts},
        "timeout": {"attemptDurationSeconds": submission.timeout_seconds},
        # Without this the tags stay on the job and are missing on the task, where the costs are.
        "propagateTags": None if isinstance(context.job_definition, EKS) else True,
    } | _overrides(submission, context.job_definition)
    # Values that are "" stay: they replace what the definition has.
    texts = {"parameters": submission.parameters, "tags": {**context.tags, **submission.tags}}
    return dict(pruned(request)) | {key: dict(sorted(texts[key].items())) for key in texts if texts[key]}


def submit_command(request: Mapping[str, Any], region: str, *, share: bool = False) -> str:
    """Return the AWS CLI line that submits ``request`` and prints the job's id.

    Dependencies are read from shell variables that hold the job ids of the submissions they name; with ``share``, the
    share identifier is the last argument of the script that the line is in.
    """
    document = {key: value for key, value in request.items() if key != "dependsOn"}
    words = ["aws batch submit-job --region", region, "--cli-input-json"]
    words.append(shlex.quote(json.dumps(document, sort_keys=True)))
    if share:
        words += ["--share-identifier", '"$last"']
    if request.get("dependsOn"):
        words += ["--depends-on", *(_cli_dependency(item) for item in request["dependsOn"])]
    return " ".join([*words, "--query jobId --output text"])


def submit_function(name: str, command: str) -> str:
    """Return the shell function that submits one of the environment's submissions."""
    return f"submit_{_shell_name(name)}() {{\n  {command}\n}}"


def submit_call(name: str) -> str:
    """Return the shell line that submits it and prints the job's id."""
    return f"submit_{_shell_name(name)}"


def submit_all(names: Iterable[str]) -> str:
    """Return the shell lines that submit these, given in the order of their dependencies, and print their job ids."""
    return "\n".join(f'{_job_id(name)}=$({submit_call(name)})\necho "{name} ${_job_id(name)}"' for name in names)


def _job_id(submission: str) -> str:
    """Return the shell variable for the job id of a submission."""
    return f"{_shell_name(submission)}_job_id"


def _shell_name(submission: str) -> str:
    return submission.replace("-", "_")


def _dependencies(submission: RequestedJob) -> list[dict[str, str]]:
    on_others = [
        {"jobId": f"<{item.submission}>"} | ({"type": item.type} if item.type == "N_TO_N" else {})
        for item in (submission.depends_on if isinstance(submission, JobSubmission) else ())
    ]
    return on_others + ([{"type": "SEQUENTIAL"}] if submission.sequential else [])


def _cli_dependency(dependency: Mapping[str, str]) -> str:
    words = [f"type={dependency['type']}"] if "type" in dependency else []
    if "jobId" in dependency:
        name = dependency["jobId"].strip("<>")
        words.insert(0, f'jobId="${{{_job_id(name)}:?the job id of {name}}}"')
    return ",".join(words)


def _overrides(submission: RequestedJob, definition: AnyJobDefinitionSettings) -> dict[str, Any]:
    """Return the override of the kind of job that is submitted; the API has one for each kind."""
    environment = [{"name": name, "value": value} for name, value in sorted(submission.environment.items())]
    override: dict[str, Any] = {"environment": environment} if environment else {}
    override |= {"command": list(submission.command)} if submission.command else {}
    override |= {"resourceRequirements": resources} if (resources := resource_requirements(submission)) else {}
    if isinstance(definition, MULTI_NODE):
        return {"nodeOverrides": _node_overrides(submission, definition, override)}
    if not override:
        return {}
    if isinstance(definition, EKS):
        pods = [{"name": name, "env": environment} for name in sorted(definition.containers)]
        return {"eksPropertiesOverride": {"podProperties": {"containers": pods}}}
    if isinstance(definition, MULTI_CONTAINER):
        containers = [{"name": name, "environment": environment} for name in sorted(definition.containers)]
        return {"ecsPropertiesOverride": {"taskProperties": [{"containers": containers}]}}
    return {"containerOverrides": override}


def resource_requirements(submission: RequestedJob) -> list[dict[str, str]]:
    """Return the sizes that replace those of the definition."""
    amounts = {type_: getattr(submission, name) for name, type_ in SIZES.items()}
    return [{"type": type_, "value": amount_text(amount)} for type_, amount in amounts.items() if amount is not None]


def _node_overrides(
    submission: RequestedJob,
    definition: MultiNodeJobDefinition | ExistingMultiNodeJobDefinition,
    override: Mapping[str, Any],
) -> dict[str, Any]:
    node_count = submission.node_count or definition.node_count
    everywhere = {"targetNodes": f"0:{node_count - 1}", "containerOverrides": override}
    return {
        "numNodes": submission.node_count,
        "nodePropertyOverrides": [everywhere] if override else [],
    }
