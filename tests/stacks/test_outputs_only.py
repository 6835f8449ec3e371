"""Stacks that read outputs of others through the tfe provider, and whatever follows what they read."""

from pathlib import Path
from typing import Any

import pytest

from handover.addresses import read_values
from handover.child_modules import calling, child
from handover.module_files import module_files
from handover.platforms import Platform, RootModule
from handover.references import dangling
from handover.workspaces import PROVIDER
from rehearsal.stacks import with_states
from stacks.emitted_references import References
from stacks.manifest import SynthesizedStack
from stacks.readme import readme
from stacks.state import HcpTerraformState
from tests.stacks.test_state import documents

WHOLE = HcpTerraformState(organization="acme", hostname="terraform.acme.example")
ARN = "arn:aws:sqs:us-east-1:111122223333:terrabatch-test-requests"
Stacks = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return documents(tmp_path_factory.mktemp("whole"), WHOLE)


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return documents(tmp_path_factory.mktemp("outputs"), WHOLE.model_copy(update={"outputs_only": True}))


@pytest.fixture
def platform(stacks: Stacks) -> Platform:
    made, reading = stacks
    modules = (RootModule("test-queues", made, ()), RootModule("test-reading", reading, ("test-queues",)))
    return Platform("test", modules)


def test_only_who_reads_has_the_provider_that_reads_outputs(stacks: Stacks) -> None:
    made, reading = stacks
    assert reading["data"] == {
        "tfe_outputs": {"queues": {"organization": "acme", "workspace": "terrabatch-test-queues"}}
    }
    assert reading["provider"]["tfe"] == [{"hostname": "terraform.acme.example"}]
    output = "data.tfe_outputs.queues.nonsensitive_values.queues"
    assert reading["locals"]["queues_requests_arn"] == f"${{try({output}.requests.arn, {output})}}"
    assert reading["terraform"]["required_providers"].keys() == {"aws", "tfe"}
    assert reading["terraform"]["required_providers"]["tfe"] == PROVIDER
    assert made["terraform"]["required_providers"].keys() == made["provider"].keys() == {"aws"}


def test_no_output_is_sensitive_which_only_whole_values_would_have(stacks: Stacks) -> None:
    assert {block.get("sensitive", False) for block in stacks[0]["output"].values()} == {False}


def test_a_rehearsal_reads_states_as_if_they_were_whole(stacks: Stacks, whole: Stacks) -> None:
    made, reading = ({key: value for key, value in with_states(item).items() if key != "//"} for item in stacks)
    assert (made, reading) == tuple({key: value for key, value in item.items() if key != "//"} for item in whole)


def test_it_is_known_which_stacks_are_read(stacks: Stacks, platform: Platform) -> None:
    assert SynthesizedStack("test-reading", Path(), stacks[1]).dependencies == ["test-queues"]
    assert platform.modules[1].reads == ["queues"]
    named = [SynthesizedStack(item.name, Path(), item.document) for item in platform.modules]
    assert "Runs of test-reading need a TFE_TOKEN that may read the outputs of test-queues." in readme(named)


def test_what_is_read_is_followed_to_what_it_is(platform: Platform) -> None:
    by_name = {item.name: item.document for item in platform.modules}
    assert References(by_name).resolved("test-reading", "${local.queues_requests_arn}") == ARN
    ((other, value),) = read_values(platform)["reading"].values()
    assert other == "queues"
    assert value.endswith(".arn}")


def test_an_output_that_is_not_there_is_missed(platform: Platform) -> None:
    assert list(dangling(platform.modules)) == []
    made, reading = platform.modules
    without = RootModule(made.name, {**made.document, "output": {}}, ())
    assert any("test-queues has no output queues" in line for line in dangling((without, reading)))


def test_root_modules_have_it_in_their_file_of_states_and_child_modules_not_at_all(platform: Platform) -> None:
    files = module_files(platform.modules[1])
    assert b"tfe_outputs" in files["states.tf.json"]
    assert not any(b"tfe" in content for name, content in files.items() if name not in {"states.tf.json", *KNOWN})
    children = [*map(child, platform.modules), RootModule("test", calling(platform), ())]
    assert not any(b"tfe" in content for item in children for content in module_files(item).values())
    assert list(dangling(children[1:2])) == []


KNOWN = {"providers.tf.json", "versions.tf"}
