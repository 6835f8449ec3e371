import base64
import email
import re
from typing import Any

import pytest
from cdktf import Fn, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.ecs_cluster import EcsCluster

from modules.ec2.launch_template import ContainerHost, LaunchTemplate
from modules.ec2.settings import (
    CapacityBlock,
    CapacityReservation,
    CapacityReservationGroup,
    LaunchTemplateSettings,
    ReservedCapacity,
)
from modules.ec2.user_data import INSTANCE_STORE_SCRIPT
from tests.conftest import Synthesized

SCRIPT = '#!/bin/bash\necho "${HOME}" @ECS_CLUSTER\n'
GROUP_ARN = "arn:aws:resource-groups:us-east-1:111122223333:group/gpus"


def template(stack: TerraformStack, settings: LaunchTemplateSettings | None = None, **arguments: Any) -> dict[str, Any]:
    LaunchTemplate(stack, "template", name="tb-test-gpu", settings=settings or LaunchTemplateSettings(), **arguments)
    return Synthesized(stack).one("aws_launch_template")


def scripts(archive: bytes) -> list[str]:
    message = email.message_from_bytes(archive)
    bodies = [
        part.get_payload(decode=True) for part in message.get_payload() if isinstance(part, email.message.Message)
    ]
    return [body.decode() for body in bodies if isinstance(body, bytes)]


def test_without_any_wish_it_is_encrypted_and_guards_its_metadata(stack: TerraformStack) -> None:
    name_tag = {"Name": "tb-test-gpu"}
    assert template(stack) == {
        "name": "tb-test-gpu",
        "block_device_mappings": [
            {
                "device_name": "/dev/xvda",
                "ebs": {
                    "delete_on_termination": "true",
                    "encrypted": "true",
                    "iops": 3_000,
                    "throughput": 125,
                    "volume_size": 100,
                    "volume_type": "gp3",
                },
            }
        ],
        "metadata_options": {
            "http_endpoint": "enabled",
            "http_put_response_hop_limit": 1,
            "http_tokens": "required",
        },
        "monitoring": {"enabled": False},
        "tag_specifications": [
            {"resource_type": "instance", "tags": name_tag},
            {"resource_type": "volume", "tags": name_tag},
        ],
    }


def test_a_token_for_the_metadata_travels_as_far_as_is_asked_for(stack: TerraformStack) -> None:
    assert template(stack, metadata_hops=2)["metadata_options"]["http_put_response_hop_limit"] == 2


def test_a_root_volume_has_the_size_and_speed_asked_for(stack: TerraformStack) -> None:
    settings = LaunchTemplateSettings(
        root_volume_gib=500, root_volume_iops=6_000, root_volume_throughput_mib_per_second=1_000
    )
    (mapping,) = template(stack, settings)["block_device_mappings"]
    assert mapping["ebs"] == {
        "delete_on_termination": "true",
        "encrypted": "true",
        "iops": 6_000,
        "throughput": 1_000,
        "volume_size": 500,
        "volume_type": "gp3",
    }


def test_monitoring_in_detail_is_there_when_asked_for(stack: TerraformStack) -> None:
    assert template(stack, LaunchTemplateSettings(detailed_monitoring=True))["monitoring"] == {"enabled": True}


def test_tags_of_the_platform_and_of_the_settings_reach_instances_and_volumes(stack: TerraformStack) -> None:
    found = template(stack, LaunchTemplateSettings(tags={"team": "search"}), tags={"project": "tb", "team": "none"})
    tags = {"Name": "tb-test-gpu", "project": "tb", "team": "search"}
    assert found["tag_specifications"] == [
        {"resource_type": "instance", "tags": tags},
        {"resource_type": "volume", "tags": tags},
    ]


def test_security_groups_stand_beside_each_other_without_interfaces(stack: TerraformStack) -> None:
    found = template(stack, security_group_ids=("sg-1", "sg-2"))
    assert found["vpc_security_group_ids"] == ["sg-1", "sg-2"]
    assert "network_interfaces" not in found


@pytest.mark.parametrize(
    ("adapters", "interfaces"),
    [
        (1, [(0, 0, "efa")]),
        (2, [(0, 0, None), (0, 1, "efa-only"), (1, 0, "efa-only")]),
        (4, [(0, 0, None), (0, 1, "efa-only"), (1, 0, "efa-only"), (2, 0, "efa-only"), (3, 0, "efa-only")]),
    ],
)
def test_adapters_get_interfaces_that_have_the_groups(
    stack: TerraformStack, adapters: int, interfaces: list[tuple[int, int, str | None]]
) -> None:
    found = template(stack, efa_interfaces=adapters, security_group_ids=("sg-1",))
    assert "vpc_security_group_ids" not in found
    assert [
        (interface["network_card_index"], interface["device_index"], interface.get("interface_type"))
        for interface in found["network_interfaces"]
    ] == interfaces
    for interface in found["network_interfaces"]:
        assert interface["security_groups"] == ["sg-1"]
        assert interface["delete_on_termination"] == "true"


@pytest.mark.parametrize(
    ("capacity", "target", "market"),
    [
        (CapacityReservation(reservation_id="cr-12345678"), {"capacity_reservation_id": "cr-12345678"}, None),
        (
            CapacityBlock(reservation_id="cr-12345678"),
            {"capacity_reservation_id": "cr-12345678"},
            {"market_type": "capacity-block"},
        ),
        (
            CapacityReservationGroup(resource_group_arn=GROUP_ARN),
            {"capacity_reservation_resource_group_arn": GROUP_ARN},
            None,
        ),
    ],
)
def test_reserved_capacity_is_aimed_at(
    stack: TerraformStack, capacity: ReservedCapacity, target: dict[str, str], market: dict[str, str] | None
) -> None:
    found = template(stack, reserved_capacity=capacity)
    assert found["capacity_reservation_specification"] == {"capacity_reservation_target": target}
    assert found.get("instance_market_options") == market


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (LaunchTemplateSettings(instance_store_raid=True), [INSTANCE_STORE_SCRIPT]),
        (LaunchTemplateSettings(user_data=SCRIPT), [SCRIPT]),
        (LaunchTemplateSettings(user_data=SCRIPT, instance_store_raid=True), [INSTANCE_STORE_SCRIPT, SCRIPT]),
    ],
)
def test_scripts_run_with_the_disks_first(
    stack: TerraformStack, settings: LaunchTemplateSettings, expected: list[str]
) -> None:
    assert scripts(base64.b64decode(template(stack, settings)["user_data"])) == expected


def test_a_host_of_our_own_gets_image_type_and_permissions(stack: TerraformStack) -> None:
    host = ContainerHost(
        image_id="resolve:ssm:/image",
        instance_profile_arn="arn:aws:iam::111122223333:instance-profile/x",
        agent_config={"ECS_CLUSTER": "jobs"},
        instance_type="g5.xlarge",
    )
    found = template(stack, host=host)
    assert found["image_id"] == "resolve:ssm:/image"
    assert found["instance_type"] == "g5.xlarge"
    assert found["iam_instance_profile"] == {"arn": "arn:aws:iam::111122223333:instance-profile/x"}
    assert scripts(base64.b64decode(found["user_data"])) == [
        "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\nECS_CLUSTER=jobs\nEND\n"
    ]


def test_what_only_terraform_knows_is_filled_in_by_terraform(stack: TerraformStack) -> None:
    cluster = EcsCluster(stack, "cluster", name="jobs")
    host = ContainerHost(
        image_id="ami-12345678",
        instance_profile_arn="arn:aws:iam::111122223333:instance-profile/x",
        agent_config={"ECS_CLUSTER": Fn.element(Fn.split("/", cluster.arn), 1), "ECS_LOGLEVEL": "warn"},
    )
    found = template(stack, LaunchTemplateSettings(user_data=SCRIPT), host=host)
    assert "instance_type" not in found
    matched = re.fullmatch(
        r'\$\{base64encode\(replace\(base64decode\("([^"]+)"\), "@ECS_CLUSTER@", '
        r'element\(split\("/", aws_ecs_cluster.cluster.arn\), 1\)\)\)\}',
        found["user_data"],
    )
    assert matched is not None
    archive = base64.b64decode(matched.group(1)).replace(b"@ECS_CLUSTER@", b"jobs")
    assert scripts(archive) == [
        "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\nECS_CLUSTER=jobs\nECS_LOGLEVEL=warn\nEND\n",
        SCRIPT,
    ]


def test_it_is_referred_to_by_its_latest_version(stack: TerraformStack) -> None:
    made = LaunchTemplate(stack, "template", name="tb-test-gpu", settings=LaunchTemplateSettings())
    TerraformOutput(stack, "reference", value=f"{made.launch_template_id} {made.latest_version}")
    synthesized = Synthesized(stack)
    address = synthesized.address("aws_launch_template", "tb-test-gpu")
    assert synthesized.document["output"]["reference"]["value"] == f"${{{address}.id}} ${{{address}.latest_version}}"


def test_the_root_of_an_image_of_ones_own_may_be_another_device(stack: TerraformStack) -> None:
    found = template(stack, LaunchTemplateSettings(root_device="/dev/sda1"))
    assert [item["device_name"] for item in found["block_device_mappings"]] == ["/dev/sda1"]
