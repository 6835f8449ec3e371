"""What Terraform is told, as the API of Batch or ECS would be told it, and whether its own model accepts that."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

# Where the names of arguments differ by more than their spelling.
NAMES = {
    "compute_environment_order": "computeEnvironmentOrder",
    "fair_share_policy": "fairsharePolicy",
    "instance_type": "instanceTypes",
    "job_state_time_limit_action": "jobStateTimeLimitActions",
    "max_vcpus": "maxvCpus",
    "min_vcpus": "minvCpus",
}
# Terraform's alone, and what a request after the creation sets.
OWN = {"depends_on", "lifecycle", "update_policy"}
DOCUMENTS = ("container_properties", "ecs_properties", "node_properties")


def api_problems(
    operation: str, resource: Mapping[str, Any], names: Mapping[str, str], *, service: str = "batch"
) -> list[str]:
    """Return what the request of ``operation`` would be refused for; ``names`` says what its name is called."""
    request = {key: value for key, value in resource.items() if key not in OWN}
    parameters = translated(request, {**NAMES, **names} if service == "batch" else names)
    return request_problems(service, operation, parameters)


def request_problems(service: str, operation: str, parameters: Mapping[str, Any]) -> list[str]:
    """Return what the model has against a request in the API's own keys."""
    shape = _model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(parameters, shape)
    return [*report.generate_report().splitlines(), *_wrong_words(parameters, shape)]


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def register_request(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the RegisterJobDefinition request that the provider makes of an emitted definition."""
    keys = {
        "name": "jobDefinitionName",
        "type": "type",
        "parameters": "parameters",
        "platform_capabilities": "platformCapabilities",
        "propagate_tags": "propagateTags",
        "scheduling_priority": "schedulingPriority",
        "tags": "tags",
    }
    request = {key: definition[name] for name, key in keys.items() if name in definition}
    for name in DOCUMENTS:
        if name in definition:
            request[_camel(name)] = json.loads(definition[name])
    request["timeout"] = {"attemptDurationSeconds": definition["timeout"]["attempt_duration_seconds"]}
    retry = definition["retry_strategy"]
    rules = [{_camel(key): value for key, value in rule.items()} for rule in retry.get("evaluate_on_exit", [])]
    request["retryStrategy"] = {"attempts": retry["attempts"], "evaluateOnExit": rules}
    if "eks_properties" in definition:
        request["eksProperties"] = {"podProperties": _pod(definition["eks_properties"]["pod_properties"])}
    return request


def _pod(block: Any) -> Any:
    """Return the API's form of the provider's blocks, whose names differ in two places."""
    renamed = {"imagePullSecret": "imagePullSecrets", "readOnlyRootFileSystem": "readOnlyRootFilesystem"}
    if isinstance(block, list):
        return [_pod(item) for item in block]
    if not isinstance(block, dict):
        return block
    kept = {key: value if key in {"limits", "requests", "labels"} else _pod(value) for key, value in block.items()}
    return {renamed.get(_camel(key), _camel(key)): value for key, value in kept.items()}


def translated(value: Any, names: Mapping[str, str]) -> Any:
    """Return ``value`` with the keys of the API in place of Terraform's."""
    if isinstance(value, Mapping):
        return {names.get(key) or _camel(key): translated(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [translated(item, names) for item in value]
    return value


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)


def _wrong_words(value: Any, shape: Any) -> Iterator[str]:
    """Yield each string that is not among those that the model lists; botocore leaves that to the service."""
    if shape.type_name == "structure":
        for key, member in shape.members.items():
            if key in value:
                yield from _wrong_words(value[key], member)
    elif shape.type_name == "list":
        for item in value:
            yield from _wrong_words(item, shape.member)
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{value} is not one of {shape.enum}"
