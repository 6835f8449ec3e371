"""What moto forgets of Lambda: the version or alias of a function that a mapping is of."""

from typing import Any

from moto.awslambda.models import LambdaBackend

from rehearsal.local_aws import adds


@adds(LambdaBackend, "create_event_source_mapping")
def keep_qualifier(original: Any) -> Any:
    """Keep the version or alias of a function that a mapping is of, which AWS says in its ARN."""

    def create(backend: Any, spec: dict[str, Any]) -> Any:
        name = spec["FunctionName"]
        mapping = original(backend, spec)
        if name.startswith("arn:"):
            mapping.function_arn = name
        return mapping

    return create
