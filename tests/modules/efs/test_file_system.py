from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.efs.file_system import FileSystem
from modules.efs.settings import (
    AccessPointSettings,
    BurstingThroughput,
    ElasticThroughput,
    FileSystemSettings,
    ProvisionedThroughput,
    ThroughputSettings,
)
from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.vpc.network import Network
from tests.conftest import Synthesized
from tests.policies import findings, statements

NAME = "terrabatch-test-models"
WEIGHTS = AccessPointSettings(path="/weights", uid=1_000, gid=1_001)
NETWORK = Network(
    vpc_id=lambda: "vpc-01234567",
    subnet_ids=("subnet-0000000a", "subnet-0000000b"),
    security_group_ids=("sg-0000000a", "sg-0000000b"),
    assign_public_ip=False,
)


def made(stack: TerraformStack, location: AwsLocation, **options: Any) -> FileSystem:
    protected, network = options.pop("prevent_destroy", False), options.pop("network", NETWORK)
    return FileSystem(
        stack,
        "models",
        name=options.pop("name", NAME),
        settings=FileSystemSettings(**{"access_points": {"weights": WEIGHTS}} | options),
        network=network,
        subnet_names=("us-east-1a", "us-east-1b"),
        location=location,
        prevent_destroy=protected,
    )


def test_by_default_a_file_system_is_encrypted_elastic_and_backed_up(
    stack: TerraformStack, location: AwsLocation
) -> None:
    made(stack, location)
    synthesized = Synthesized(stack)
    assert synthesized.types() == [
        "aws_efs_access_point",
        "aws_efs_backup_policy",
        "aws_efs_file_system",
        "aws_efs_file_system_policy",
        "aws_efs_mount_target",
        "aws_security_group",
        "aws_vpc_security_group_ingress_rule",
    ]
    assert synthesized.one("aws_efs_file_system") == {
        "creation_token": NAME,
        "encrypted": True,
        "throughput_mode": "elastic",
        "lifecycle_policy": [{"transition_to_ia": "AFTER_30_DAYS"}],
        "tags": {"Name": NAME},
    }
    assert synthesized.one("aws_efs_backup_policy")["backup_policy"] == {"status": "ENABLED"}


def test_only_workloads_reach_the_mount_targets(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location)
    synthesized = Synthesized(stack)
    (group,) = synthesized.document["resource"]["aws_security_group"]
    group_id = f"${{aws_security_group.{group}.id}}"
    assert synthesized.one("aws_security_group")["vpc_id"] == NETWORK.vpc_id()
    rules = synthesized.all("aws_vpc_security_group_ingress_rule")
    assert rules == [
        {
            "security_group_id": group_id,
            "referenced_security_group_id": workloads,
            "ip_protocol": "tcp",
            "from_port": 2_049,
            "to_port": 2_049,
            "description": "NFS from workloads",
        }
        for workloads in NETWORK.security_group_ids
    ]
    targets = synthesized.all("aws_efs_mount_target")
    assert [target["subnet_id"] for target in targets] == list(NETWORK.subnet_ids)
    assert all(target["security_groups"] == [group_id] for target in targets)


def test_a_group_that_was_made_for_workloads_lets_them_out_to_the_mount_targets(
    stack: TerraformStack, location: AwsLocation
) -> None:
    network = replace(NETWORK, security_group_ids=("sg-0000000a",), has_own_group=True)
    made(stack, location, network=network)
    synthesized = Synthesized(stack)
    (group,) = synthesized.document["resource"]["aws_security_group"]
    assert synthesized.one("aws_vpc_security_group_egress_rule") == {
        "security_group_id": "sg-0000000a",
        "referenced_security_group_id": f"${{aws_security_group.{group}.id}}",
        "ip_protocol": "tcp",
        "from_port": 2_049,
        "to_port": 2_049,
        "description": f"NFS to {NAME}",
    }


def test_the_address_of_a_mount_target_is_that_of_its_zone(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location)
    targets = Synthesized(stack).document["resource"]["aws_efs_mount_target"]
    assert [id_.rpartition("_")[0] for id_ in sorted(targets)] == [
        "models_mount-target-us-east-1a",
        "models_mount-target-us-east-1b",
    ]


def test_each_subnet_has_one_name(stack: TerraformStack, location: AwsLocation) -> None:
    settings = FileSystemSettings(access_points={"weights": WEIGHTS})
    with pytest.raises(ValueError, match="longer"):
        FileSystem(
            stack, "models", name=NAME, settings=settings, network=NETWORK, subnet_names=("a",), location=location
        )


def test_nobody_mounts_without_tls_a_mount_target_and_a_role(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location)
    synthesized = Synthesized(stack)
    document = synthesized.one("aws_efs_file_system_policy")["policy"]
    (id_,) = synthesized.document["resource"]["aws_efs_file_system"]
    denied = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Resource": f"${{aws_efs_file_system.{id_}.arn}}"}
    assert statements(document) == {
        "DenyWithoutTls": denied
        | {"Action": "elasticfilesystem:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        "DenyBesideMountTarget": denied
        | {
            "Action": [
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:ClientRootAccess",
                "elasticfilesystem:ClientWrite",
            ],
            "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
        },
    }
    assert findings(document) == set()


def test_an_access_point_is_a_folder_and_its_user(stack: TerraformStack, location: AwsLocation) -> None:
    cache = AccessPointSettings(path="/cache", uid=0, gid=0, permissions="2775", secondary_gids=(5, 7))
    made(stack, location, access_points={"weights": WEIGHTS, "cache": cache}, tags={"team": "vision"})
    synthesized = Synthesized(stack)
    (id_,) = synthesized.document["resource"]["aws_efs_file_system"]
    file_system_id = f"${{aws_efs_file_system.{id_}.id}}"
    assert synthesized.all("aws_efs_access_point") == [
        {
            "file_system_id": file_system_id,
            "posix_user": {"uid": 0, "gid": 0, "secondary_gids": [5, 7]},
            "root_directory": {
                "path": "/cache",
                "creation_info": {"owner_uid": 0, "owner_gid": 0, "permissions": "2775"},
            },
            "tags": {"Name": f"{NAME}-cache", "team": "vision"},
        },
        {
            "file_system_id": file_system_id,
            "posix_user": {"uid": 1_000, "gid": 1_001},
            "root_directory": {
                "path": "/weights",
                "creation_info": {"owner_uid": 1_000, "owner_gid": 1_001, "permissions": "0750"},
            },
            "tags": {"Name": f"{NAME}-weights", "team": "vision"},
        },
    ]


@pytest.mark.parametrize(
    ("throughput", "mode", "mibps"),
    [
        (ElasticThroughput(), "elastic", None),
        (BurstingThroughput(), "bursting", None),
        (ProvisionedThroughput(throughput_mibps=64), "provisioned", 64),
    ],
)
def test_each_kind_of_throughput_is_a_mode(
    stack: TerraformStack, location: AwsLocation, throughput: ThroughputSettings, mode: str, mibps: int | None
) -> None:
    made(stack, location, throughput=throughput)
    file_system = Synthesized(stack).one("aws_efs_file_system")
    assert (file_system["throughput_mode"], file_system.get("provisioned_throughput_in_mibps")) == (mode, mibps)


@pytest.mark.parametrize(
    ("settings", "policies"),
    [
        ({"infrequent_access_after_days": None}, None),
        ({"infrequent_access_after_days": 1}, [{"transition_to_ia": "AFTER_1_DAY"}]),
        (
            {"infrequent_access_after_days": 7, "archive_after_days": 90, "back_on_first_access": True},
            [
                {"transition_to_ia": "AFTER_7_DAYS"},
                {"transition_to_archive": "AFTER_90_DAYS"},
                {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
            ],
        ),
    ],
)
def test_each_move_is_a_policy_of_its_own(
    stack: TerraformStack, location: AwsLocation, settings: dict[str, Any], policies: Any
) -> None:
    made(stack, location, **settings)
    assert Synthesized(stack).one("aws_efs_file_system").get("lifecycle_policy") == policies


def test_backup_can_be_left_out(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, backup=False)
    assert "aws_efs_backup_policy" not in Synthesized(stack).types()


def test_a_key_of_its_own_has_an_alias_of_its_own(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, kms_key=NewKmsKey())
    synthesized = Synthesized(stack)
    (key,) = synthesized.document["resource"]["aws_kms_key"]
    assert synthesized.one("aws_efs_file_system")["kms_key_id"] == f"${{aws_kms_key.{key}.arn}}"
    assert synthesized.one("aws_kms_alias")["name"] == f"alias/efs/{NAME}"


def test_a_protected_file_system_and_its_key_cannot_be_destroyed(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, kms_key=NewKmsKey(), prevent_destroy=True)
    synthesized = Synthesized(stack)
    for type_ in ("aws_efs_file_system", "aws_kms_key"):
        assert synthesized.one(type_)["lifecycle"] == {"prevent_destroy": True}


@pytest.mark.parametrize(
    ("verb", "sid", "actions"),
    [
        ("read", "ReadFiles", "elasticfilesystem:ClientMount"),
        ("write", "WriteFiles", ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]),
    ],
)
def test_a_grant_is_for_one_access_point(
    stack: TerraformStack, location: AwsLocation, verb: str, sid: str, actions: Any
) -> None:
    file_system = made(stack, location, kms_key=NewKmsKey())
    role = WorkloadRole(
        stack, "role", name="role", services=["ecs-tasks.amazonaws.com"], account_id=None, description="a job"
    )
    grant = {"read": file_system.grant_read, "write": file_system.grant_write}[verb]
    grant(role, "weights")
    synthesized = Synthesized(stack)
    policy = synthesized.one("aws_iam_role_policy")
    arns = {
        type_: f"${{{type_}.{id_}.arn}}"
        for type_ in ("aws_efs_file_system", "aws_efs_access_point")
        for id_ in synthesized.document["resource"][type_]
    }
    assert policy["name"] == f"{verb}-models.weights"
    assert statements(policy["policy"]) == {
        sid: {
            "Effect": "Allow",
            "Action": actions,
            "Resource": arns["aws_efs_file_system"],
            "Condition": {"ArnEquals": {"elasticfilesystem:AccessPointArn": arns["aws_efs_access_point"]}},
        }
    }
    assert findings(policy["policy"]) == set()


def test_a_name_that_efs_refuses_is_refused_first(stack: TerraformStack, location: AwsLocation) -> None:
    with pytest.raises(SettingsError, match="at most 64 characters, got 65"):
        made(stack, location, name="x" * 65)
