"""The backend of a stack, and how another stack reads its state."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from annotated_types import MaxLen
from cdktf import App
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter

from modules.sqs.settings import MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.layout import LAYOUTS
from stacks.other_states import AzureState, GcsState, HttpState, NoState
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from stacks.state import HcpTerraformState, LocalState, S3State, StateSettings, VcsRepository
from tests.problems import refused
from tests.processes import PROJECT, run_python

ROLE = "arn:aws:iam::111122223333:role/terraform-state"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-44cd-86ef-1234567890ab"
BUCKET: dict[str, Any] = {"bucket": "example-terraform-state", "region": "eu-west-1"}


def documents(folder: Path, state: StateSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the JSON of a stack with a queue, and of one that refers to it."""
    environment = Environment(
        name="test",
        account_id="111122223333",
        region="us-east-1",
        production=False,
        state=state,
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=30)},
    )
    app = App(stack_traces=False, outdir=str(folder))
    reading = PlatformStack(app, environment, "reading")
    queue = EnvironmentQueues(Placement(app, environment)).seen_from(reading)["requests"]
    SsmParameter(reading, "url", name="/url", type="String", value=queue.queue_arn)
    app.synth()
    made, reader = (
        json.loads((folder / "stacks" / f"test-{part}" / "cdk.tf.json").read_text()) for part in ("queues", "reading")
    )
    return made, reader


STATES: list[tuple[StateSettings, dict[str, Any], dict[str, Any]]] = [
    (
        LocalState(),
        {"backend": {"local": {"path": "../../../state/terrabatch/test/queues.tfstate"}}},
        {
            "backend": "local",
            "config": {"path": "../../../state/terrabatch/test/queues.tfstate"},
            "workspace": "${terraform.workspace}",
        },
    ),
    (
        LocalState(directory="my/states"),
        {"backend": {"local": {"path": "../../../my/states/terrabatch/test/queues.tfstate"}}},
        {
            "backend": "local",
            "config": {"path": "../../../my/states/terrabatch/test/queues.tfstate"},
            "workspace": "${terraform.workspace}",
        },
    ),
    (
        S3State(**BUCKET),
        {"backend": {"s3": BUCKET | {"key": "terrabatch/test/queues.tfstate", "encrypt": True, "use_lockfile": True}}},
        {
            "backend": "s3",
            "config": BUCKET | {"key": "terrabatch/test/queues.tfstate", "encrypt": True},
            "workspace": "${terraform.workspace}",
        },
    ),
    (
        S3State(**BUCKET, key_prefix="ml/batch", kms_key_arn=KEY, role_arn=ROLE),
        {
            "backend": {
                "s3": BUCKET
                | {
                    "key": "ml/batch/terrabatch/test/queues.tfstate",
                    "encrypt": True,
                    "kms_key_id": KEY,
                    "assume_role": {"role_arn": ROLE},
                    "use_lockfile": True,
                }
            }
        },
        {
            "backend": "s3",
            "config": BUCKET
            | {
                "key": "ml/batch/terrabatch/test/queues.tfstate",
                "encrypt": True,
                "kms_key_id": KEY,
                "assume_role": {"role_arn": ROLE},
            },
            "workspace": "${terraform.workspace}",
        },
    ),
    (
        HcpTerraformState(organization="example"),
        {
            "cloud": {
                "hostname": "app.terraform.io",
                "organization": "example",
                "workspaces": {"name": "terrabatch-test-queues"},
            }
        },
        {
            "backend": "remote",
            "config": {
                "hostname": "app.terraform.io",
                "organization": "example",
                "workspaces": {"name": "terrabatch-test-queues"},
            },
        },
    ),
    (
        HcpTerraformState(
            organization="example", project="batch", hostname="terraform.example.com", workspace_prefix="ml-"
        ),
        {
            "cloud": {
                "hostname": "terraform.example.com",
                "organization": "example",
                "workspaces": {"name": "ml-terrabatch-test-queues", "project": "batch"},
            }
        },
        {
            "backend": "remote",
            "config": {
                "hostname": "terraform.example.com",
                "organization": "example",
                "workspaces": {"name": "ml-terrabatch-test-queues"},
            },
        },
    ),
]

GITLAB = "https://gitlab.example.com/api/v4/projects/42/terraform/state"
OURS = f"{GITLAB}/terrabatch-test-queues"
HTTP = {
    "address": OURS,
    "lock_address": f"{OURS}/lock",
    "lock_method": "POST",
    "unlock_address": f"{OURS}/lock",
    "unlock_method": "DELETE",
}
AZURE: dict[str, Any] = {
    "storage_account_name": "acme",
    "container_name": "states",
    "key": "terrabatch/test/queues.tfstate",
}
HERE = {"workspace": "${terraform.workspace}"}
PARTIAL_PLACES: dict[Any, tuple[str, str]] = {
    "s3": ("key", "terrabatch/test/queues.tfstate"),
    "azurerm": ("key", "terrabatch/test/queues.tfstate"),
    "gcs": ("prefix", "terrabatch/test/queues"),
}
STATES += [
    (HttpState(address=GITLAB), {"backend": {"http": HTTP}}, {"backend": "http", "config": HTTP}),
    (
        HttpState(address=GITLAB, lock=None),
        {"backend": {"http": {"address": OURS}}},
        {"backend": "http", "config": {"address": OURS}},
    ),
    (
        GcsState(bucket="acme"),
        {"backend": {"gcs": {"bucket": "acme", "prefix": "terrabatch/test/queues"}}},
        {"backend": "gcs", "config": {"bucket": "acme", "prefix": "terrabatch/test/queues"}} | HERE,
    ),
    (
        AzureState(storage_account_name="acme", container_name="states"),
        {"backend": {"azurerm": AZURE | {"use_azuread_auth": True}}},
        {"backend": "azurerm", "config": AZURE | {"use_azuread_auth": True}} | HERE,
    ),
    *(
        (
            NoState(backend=backend),
            {"backend": {backend: {argument: place}}},
            {"backend": backend, "config": f'${{merge(var.state, {{"{argument}" = "{place}"}})}}'} | HERE,
        )
        for backend, (argument, place) in PARTIAL_PLACES.items()
    ),
]


def test_what_a_state_is_not_told_here_stacks_that_read_it_are_told_in_a_variable(tmp_path: Path) -> None:
    made, reading = documents(tmp_path, NoState())

    assert "variable" not in made
    assert reading["variable"]["state"]["type"] == "map(string)"
    assert "default" not in reading["variable"]["state"]


@pytest.mark.parametrize(("state", "backend", "remote"), STATES)
def test_a_stack_keeps_its_state_where_others_read_it(
    tmp_path: Path, state: StateSettings, backend: dict[str, Any], remote: dict[str, Any]
) -> None:
    made, reading = documents(tmp_path, state)

    terraform = made["terraform"]
    assert {key: terraform[key] for key in terraform if key in ("backend", "cloud")} == backend
    assert reading["data"]["terraform_remote_state"] == {"queues": remote}
    output = "data.terraform_remote_state.queues.outputs.queues"
    assert reading["locals"]["queues_requests_arn"] == f"${{try({output}.requests.arn, {output})}}"
    (parameter,) = reading["resource"]["aws_ssm_parameter"].values()
    assert parameter["value"] == "${local.queues_requests_arn}"


WITHOUT_TERRAFORM = """
from pathlib import Path
from stacks.state import RELATIVE_PATH, HcpTerraformState
from tests.stacks.test_state import documents

documents(Path(__import__("sys").argv[1]), HcpTerraformState(organization="example"))
"""


def test_no_state_needs_terraform_to_synthesize(tmp_path: Path) -> None:
    # As a process of its own: Node, once started, keeps the PATH it was started with.
    run_python(WITHOUT_TERRAFORM, str(tmp_path), PATH=os.devnull, PYTHONPATH=PROJECT)

    assert (tmp_path / "stacks" / "test-queues" / "cdk.tf.json").exists()


@pytest.mark.parametrize("directory", ["state", "a/b-c/d.e", ".states", "_"])
def test_local_states_lie_inside_the_project(directory: str) -> None:
    assert LocalState(directory=directory).directory == directory


@pytest.mark.parametrize("directory", ["", "/state", "..", "../state", "a/../..", "a/", "a//b", ".", "./a", "~/x y"])
def test_local_states_lie_nowhere_else(directory: str) -> None:
    (problem,) = refused(lambda: LocalState(directory=directory))
    assert problem == f"directory: got {directory!r}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"bucket": "a" * 63}, None),
        ({"bucket": "a.b-c.d"}, None),
        ({"bucket": "ab"}, "bucket: 3, got 'ab'"),
        ({"bucket": "a" * 64}, f"bucket: 63, got '{'a' * 64}'"),
        ({"bucket": "a..b"}, "bucket: got 'a..b'"),
        ({"bucket": "Upper"}, "bucket: got 'Upper'"),
        ({"region": "eusc-de-east-1"}, None),
        ({"region": "us-gov-west-1"}, None),
        ({"region": "us-east-1a"}, "region: got 'us-east-1a'"),
        ({"key_prefix": "a/b"}, None),
        ({"key_prefix": "/a"}, "key_prefix: got '/a'"),
        ({"kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab44cd86ef1234567890ab"}, None),
        ({"role_arn": "arn:aws:iam::111122223333:role/a/b"}, None),
    ],
)
def test_an_s3_state_is_what_s3_accepts(changes: dict[str, Any], expected: str | None) -> None:
    values: dict[str, Any] = BUCKET | changes
    if expected is None:
        assert S3State(**values)
    else:
        assert refused(S3State, **values) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"kms_key_arn": KEY.replace("eu-west-1", "us-east-1")},
            "kms_key_arn: got 'us-east-1'",
        ),
        (
            {"kms_key_arn": KEY.replace("aws", "aws-cn").replace("eu-west-1", "cn-north-1")},
            "kms_key_arn: got 'aws-cn'",
        ),
        (
            {"role_arn": ROLE.replace("aws", "aws-us-gov")},
            "role_arn: got 'aws-us-gov'",
        ),
    ],
)
def test_the_key_and_the_role_are_where_the_bucket_is(changes: dict[str, Any], expected: str) -> None:
    assert refused(lambda: S3State(**BUCKET | changes)) == [expected]


def test_a_state_may_be_kept_in_another_partition_than_what_it_tells_of() -> None:
    state = S3State(
        bucket="example",
        region="us-gov-west-1",
        kms_key_arn=KEY.replace("aws", "aws-us-gov").replace("eu-west-1", "us-gov-west-1"),
        role_arn=ROLE.replace("aws", "aws-us-gov"),
    )
    made = Environment(name="test", account_id="111122223333", region="us-east-1", production=False, state=state)
    assert made.state == state


@pytest.mark.parametrize(
    "key",
    [
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-64cd-86ef-1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-44cd-56ef-1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:key/1234ABCD-12ab-44cd-86ef-1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234",
        "arn:aws:kms:eu-west-1:111122223333:alias/state",
    ],
)
def test_a_key_that_terraform_s_own_check_refuses_is_refused_before(key: str) -> None:
    (problem,) = refused(lambda: S3State(bucket="abc", region="eu-west-1", kms_key_arn=key))
    assert problem.startswith("kms_key_arn: got 'arn:aws:kms:")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"organization": "a" * 40, "project": "My project_1"}, None),
        ({"organization": "ab"}, "organization: 3, got 'ab'"),
        ({"organization": "a" * 41}, f"organization: 40, got '{'a' * 41}'"),
        ({"organization": "a.b"}, "organization: got 'a.b'"),
        ({"project": "ab"}, "project: 3, got 'ab'"),
        ({"project": "a/b"}, "project: got 'a/b'"),
        ({"hostname": "terraform.example.com"}, None),
        (
            {"hostname": "https://app.terraform.io"},
            "hostname: got 'https://app.terraform.io'",
        ),
        ({"workspace_prefix": "a" * 38}, None),
        ({"workspace_prefix": "a" * 39}, f"workspace_prefix: 38, got '{'a' * 39}'"),
        ({"workspace_prefix": "a b"}, "workspace_prefix: got 'a b'"),
        ({"terraform_version": "1.10.5"}, None),
        ({"terraform_version": "1.9.8"}, "terraform_version: got '1.9.8'"),
        ({"terraform_version": "~> 2.0"}, "terraform_version: got '~> 2.0'"),
        ({"team_access": {"ml team": "plan"}}, None),
        ({"team_access": {"ml.team": "plan"}}, "team_access.ml.team: got 'ml.team'"),
        ({"team_access": {"ml": "apply"}}, "team_access.ml: got 'apply'"),
    ],
)
def test_an_hcp_terraform_state_is_what_hcp_terraform_accepts(changes: dict[str, Any], expected: str | None) -> None:
    values: dict[str, Any] = {"organization": "example"} | changes
    if expected is None:
        assert HcpTerraformState(**values)
    else:
        assert refused(HcpTerraformState, **values) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"repository": "acme/group/platform"}, None),
        ({"repository": "platform"}, "repository: got 'platform'"),
        ({"connection_id": "ghain-ssVEBrxQ4jHmPyCr"}, None),
        ({"connection_id": "12345678"}, "connection_id: got '12345678'"),
        ({"branch": "release/1.0"}, None),
        ({"branch": "a b"}, "branch: got 'a b'"),
        ({"directory": "../stacks"}, "directory: got '../stacks'"),
    ],
)
def test_a_repository_is_what_hcp_terraform_accepts(changes: dict[str, Any], expected: str | None) -> None:
    values: dict[str, Any] = {"repository": "acme/platform", "connection_id": "ot-hmAyP66qk2AMVdbJ"} | changes
    if expected is None:
        assert VcsRepository(**values)
    else:
        assert refused(VcsRepository, **values) == [expected]


def test_the_longest_workspace_has_the_90_characters_that_hcp_terraform_takes() -> None:
    prefix, project, environment = (
        "a" * next(limit.max_length for limit in settings.model_fields[name].metadata if isinstance(limit, MaxLen))
        for settings, name in ((HcpTerraformState, "workspace_prefix"), (Environment, "project"), (Environment, "name"))
    )
    state = HcpTerraformState(organization="example", workspace_prefix=prefix)
    workspaces = [state.workspace(project, environment, stack) for layout in LAYOUTS for stack in layout.stacks]
    assert max(map(len, workspaces)) == 90


def test_there_are_three_kinds_of_state() -> None:
    assert refused(StateSettings) == [""]
