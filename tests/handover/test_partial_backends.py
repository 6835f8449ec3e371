"""Backends that the team that runs Terraform fills in."""

import json
from dataclasses import replace

import pytest

from handover.bundle import bundle
from handover.options import Options, RefusedError
from handover.partial_backends import EXAMPLE, is_partial, with_partial_backend
from handover.platforms import Platform
from tests.handover.platforms import root_module

S3 = {"bucket": "states", "key": "acme/dev/batch.tfstate", "region": "us-east-1", "encrypt": True}
READ = {"backend": "s3", "config": {"bucket": "states", "key": "acme/dev/queues.tfstate", "region": "us-east-1"}}
QUEUES = root_module(terraform={"backend": {"s3": {**S3, "key": "acme/dev/queues.tfstate"}}})
BATCH = root_module(
    "dev-batch",
    ("dev-queues",),
    terraform={"backend": {"s3": S3}},
    data={"terraform_remote_state": {"queues": READ}},
    variable={"tag": {"default": "1"}},
)
PARTIAL = root_module(terraform={"backend": {"s3": {"key": "a"}}})


def test_a_root_module_keeps_only_what_its_own_state_is_called() -> None:
    document = with_partial_backend(BATCH).document
    assert document["terraform"]["backend"] == {"s3": {"key": "acme/dev/batch.tfstate"}}
    config = document["data"]["terraform_remote_state"]["queues"]["config"]
    assert config == '${merge(var.state, {"key" = "acme/dev/queues.tfstate"})}'
    assert document["variable"]["state"]["default"] == {"bucket": "states", "region": "us-east-1"}
    assert document["variable"]["state"]["type"] == "map(string)"
    (rule,) = document["variable"]["state"]["validation"]
    assert rule["condition"] == '${length(setsubtract(["bucket", "region"], keys(var.state))) == 0}'
    assert set(document["variable"]) == {"state", "tag"}
    assert "variable" not in with_partial_backend(QUEUES).document
    assert READ["config"]["key"] == "acme/dev/queues.tfstate"  # type: ignore[index]  # what was given stays


def test_a_name_that_is_taken_is_left_alone() -> None:
    taken = root_module("dev-batch", (), **{**BATCH.document, "variable": {"state": {"default": "on"}}})
    variables = with_partial_backend(taken).document["variable"]
    assert (variables["state"], set(variables)) == ({"default": "on"}, {"state", "state_place"})


def test_the_rest_is_said_once_beside_the_root_modules_and_every_init_names_it() -> None:
    written = bundle(Platform("dev", (QUEUES, BATCH)), Options(partial_backend=True))
    assert written[EXAMPLE].decode().endswith('\nbucket = "states"\nencrypt = true\nregion = "us-east-1"\n')
    readme = written["README.md"].decode()
    assert readme.count('terraform -chdir="$module" init -backend-config=../backend.tfbackend &&') == 2
    assert "where the `s3` block of their `backend` file says, together with `backend.tfbackend`." in readme
    assert json.loads(written["dev-batch/backend.tf.json"])["terraform"]["backend"]["s3"] == {"key": S3["key"]}


def test_a_backend_that_is_partial_already_stays_and_its_example_says_what_it_lacks() -> None:
    assert is_partial(PARTIAL)
    assert with_partial_backend(PARTIAL) == PARTIAL
    written = bundle(Platform("dev", (PARTIAL,)))
    assert written[EXAMPLE].decode().endswith("\n# bucket = (must be said)\n# region = (must be said)\n")
    assert EXAMPLE not in bundle(Platform("dev", (QUEUES,)))


def test_who_has_to_say_where_states_are_sees_what_has_to_be_in_that() -> None:
    states = {"queues": {"backend": "s3", "config": '${merge(var.state, {"key" = "b"})}'}}
    variables = {"state": {"type": "map(string)"}, "tag": {}}
    reading = root_module(
        terraform=PARTIAL.document["terraform"], data={"terraform_remote_state": states}, variable=variables
    )
    written = bundle(
        Platform("dev", (root_module("dev-queues", **PARTIAL.document), replace(reading, name="dev-batch")))
    )
    assert '\n# state must have bucket and region.\n# state = { bucket = "…", region = "…" }\n' in (
        written["dev-batch/terraform.tfvars.example"].decode()
    )
    (rule,) = json.loads(written["dev-batch/variables.tf.json"])["variable"]["state"]["validation"]
    assert rule["condition"] == '${length(setsubtract(["bucket", "region"], keys(var.state))) == 0}'
    assert variables["state"] == {"type": "map(string)"}  # what was given stays


@pytest.mark.parametrize("terraform", [{"cloud": {"organization": "acme"}}, {"backend": {"local": {}}}, {}])
def test_states_without_anything_to_leave_out_are_refused(terraform: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match=r"^dev-queues: a state of kind (cloud|local) has no backend block"):
        bundle(Platform("dev", (root_module(terraform=terraform),)), Options(partial_backend=True))
