"""What the API takes as blocks of the provider; the pod with everything in it is emitted in ``test_pods``."""

import pytest
from cdktf_cdktf_provider_aws.batch_job_definition import (
    BatchJobDefinitionEksPropertiesPodProperties,
    BatchJobDefinitionEksPropertiesPodPropertiesMetadata,
    BatchJobDefinitionRetryStrategy,
)

from modules.blocks import snake_case, typed_block

POD = BatchJobDefinitionEksPropertiesPodProperties


@pytest.mark.parametrize(
    ("key", "argument"),
    [("action", "action"), ("evaluateOnExit", "evaluate_on_exit"), ("ecsProperties", "ecs_properties")],
)
def test_keys_are_spelt_as_terraform_has_them(key: str, argument: str) -> None:
    assert snake_case(key) == argument


def test_blocks_inside_of_blocks_are_typed_and_what_is_empty_is_left_out() -> None:
    rules = [{"action": "RETRY", "onReason": "Host EC2*", "onExitCode": None}]
    block = typed_block(BatchJobDefinitionRetryStrategy, {"attempts": 2, "evaluateOnExit": rules})

    assert type(block).__name__ == "BatchJobDefinitionRetryStrategy"
    assert [type(rule).__name__ for rule in block.evaluate_on_exit] == ["BatchJobDefinitionRetryStrategyEvaluateOnExit"]
    assert block.evaluate_on_exit[0]._values == {"action": "RETRY", "on_reason": "Host EC2*"}


def test_names_that_are_free_stay_as_they_are() -> None:
    labels = {"appName": "embed", "cost": "${team}"}
    metadata = typed_block(BatchJobDefinitionEksPropertiesPodPropertiesMetadata, {"labels": labels})
    assert metadata.labels == {"appName": "embed", "cost": "$${team}"}


def test_what_the_provider_does_not_have_is_an_error() -> None:
    with pytest.raises(TypeError, match=f"the AWS provider has no {POD.__name__}Affinity"):
        typed_block(POD, {"affinity": {"zone": "a"}})
    with pytest.raises(TypeError, match=f"the AWS provider has no {POD.__name__}Tolerations"):
        typed_block(POD, {"tolerations": [{"key": "gpu"}]})
    with pytest.raises(TypeError, match="share_process_namespace_of"):
        typed_block(POD, {"shareProcessNamespaceOf": True})
