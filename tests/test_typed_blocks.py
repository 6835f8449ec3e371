"""Blocks of resources are typed in every test, and so in every environment that is shipped."""

from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.batch_job_queue import BatchJobQueue
from cdktf_cdktf_provider_aws.ecs_service import EcsService, EcsServiceServiceConnectConfiguration

ORDER: Any = {"order": 1, "compute_environment": "a"}
SERVICE: Any = {"port_name": "http"}


def test_a_dict_in_place_of_a_block_is_refused(stack: TerraformStack) -> None:
    with pytest.raises(TypeError, match="for deployment_circuit_breaker, not a dict"):
        EcsService(stack, "a", name="a", deployment_circuit_breaker={"enable": True, "rollback": True})
    with pytest.raises(TypeError, match=r"for compute_environment_order\[0\], not a dict"):
        BatchJobQueue(stack, "b", name="b", priority=1, state="ENABLED", compute_environment_order=[ORDER])


def test_a_dict_inside_of_a_block_s_list_is_refused(stack: TerraformStack) -> None:
    connect = EcsServiceServiceConnectConfiguration(enabled=True, service=[SERVICE])
    with pytest.raises(TypeError, match=r"for service_connect_configuration\.service\[0\], not a dict"):
        EcsService(stack, "a", name="a", service_connect_configuration=connect)


def test_maps_of_names_that_are_free_are_dicts(stack: TerraformStack) -> None:
    assert EcsService(stack, "a", name="a", tags={"team": "search"})
