"""The root module that makes workspaces in HCP Terraform, held against the package of the tfe provider."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_tfe.team_access import TeamAccessPermissions
from cdktf_cdktf_provider_tfe.workspace import WorkspaceVcsRepo

from handover.archive import write
from handover.bundle import bundle
from handover.options import Options
from handover.platforms import Platform, RootModule
from handover.reading import read
from handover.references import dangling
from handover.workspaces import PROVIDER, workspaces
from handover.workspaces_page import workspaces_page
from stacks.hcp_terraform import companion
from stacks.layout import LayeredStacks, OneStack
from stacks.state import HcpTerraformState, VcsRepository
from tests.handover.platforms import root_module, shipped_platforms

OUTPUTS = HcpTerraformState(organization="acme", outputs_only=True)
REPOSITORY = VcsRepository(repository="acme/platform", connection_id="ot-hmAyP66qk2AMVdbJ")
CLI = HcpTerraformState(organization="acme")
VCS = HcpTerraformState(organization="acme", project="platform", vcs=REPOSITORY, team_access={"ml team": "write"})
QUEUE: dict[str, Any] = {"resource": {"aws_sqs_queue": {"a": {"name": "tb-dev-a"}}}}


def module(
    state: HcpTerraformState,
    part: str,
    *reads: str,
    after: tuple[str, ...] = (),
    project: str = "tb",
    environment: str = "dev",
    **provider: Any,
) -> RootModule:
    """Return a root module as one of this state is synthesized."""
    names = (project, environment, part)
    place = {"name": state.workspace(*names), **({"project": state.project} if state.project else {})}
    aws = {"region": "eu-west-1", "allowed_account_ids": ["333333333333"], **provider}
    return root_module(
        f"{environment}-{part}",
        tuple(f"{environment}-{name}" for name in (*reads, *after)),
        **QUEUE,
        **{"//": {"hcp_terraform": companion(state, *names)}},
        data={"terraform_remote_state": {name: {} for name in reads}},
        provider={"aws": [aws]},
        terraform={
            "cloud": {"hostname": state.hostname, "organization": state.organization, "workspaces": place},
            "required_providers": {"aws": {"source": "aws", "version": "6.25.0"}},
            "required_version": ">= 1.10.0",
        },
    )


def platform(state: HcpTerraformState, **provider: Any) -> Platform:
    """Return three root modules: one reads the first, and the last reads both and comes after nothing else."""
    return Platform(
        "dev",
        (
            module(state, "network", **provider),
            module(state, "batch", "network", **provider),
            module(state, "triggers", "network", after=("batch",), **provider),
        ),
    )


def made(state: HcpTerraformState, **provider: Any) -> Any:
    found = workspaces(platform(state, **provider))
    assert found is not None
    return found.document


@cache
def kubernetes() -> Platform:
    return next(item for item in shipped_platforms() if item.name == "kubernetes")


def blocks(document: Any) -> Iterator[tuple[str, str, str, Any]]:
    """Yield kind, type, name and arguments of what the tfe provider makes and reads."""
    for kind in ("resource", "data"):
        for type_, items in document[kind].items():
            if type_.startswith("tfe_"):
                yield from ((kind, type_, name, block) for name, block in items.items())


def class_of(kind: str, type_: str) -> Any:
    """Return the class of the package, called e.g. RunTrigger or DataTfeTeam."""
    name = type_.removeprefix("tfe_") if kind == "resource" else f"data_{type_}"
    return getattr(import_module(f"cdktf_cdktf_provider_tfe.{name}"), name.title().replace("_", ""))


def test_the_provider_s_own_classes_take_every_argument_and_leave_none_out() -> None:
    app = App(stack_traces=False)
    types = set()
    for number, document in enumerate((made(CLI), made(VCS), made(OUTPUTS))):
        stack = TerraformStack(app, str(number))
        for kind, type_, name, block in blocks(document):
            arguments = {key: value for key, value in block.items() if key not in {"count", "for_each"}}
            if "vcs_repo" in arguments:
                arguments["vcs_repo"] = WorkspaceVcsRepo(**arguments["vcs_repo"])
            if "permissions" in arguments:
                arguments["permissions"] = [TeamAccessPermissions(**item) for item in arguments["permissions"]]
            class_of(kind, type_)(stack, f"{kind}-{type_}-{name}", **arguments).override_logical_id(name)
            types.add(f"{kind}.{type_}")
        known = stack.to_terraform()
        for kind, type_, name, block in blocks(document):
            emitted = known[kind][type_][name]
            given = {key: value for key, value in block.items() if key not in {"count", "for_each"} and value != []}
            assert {key: emitted.get(key) for key in given} == given, (type_, name)
    assert len(types) == 12
    with pytest.raises(TypeError, match="unexpected keyword argument 'working_dir'"):
        class_of("resource", "tfe_workspace")(stack, "other", name="a", working_dir="b")
    with pytest.raises(Exception, match="workspace_id"):
        class_of("resource", "tfe_run_trigger")(stack, "another", sourceable_id="a", workspace_id=1)


def test_it_asks_for_the_version_that_the_package_is_made_for() -> None:
    metadata = import_module("cdktf_cdktf_provider_tfe").__doc__ or ""
    assert f"hashicorp/tfe provider version {PROVIDER['version']}" in metadata


def test_everything_that_it_refers_to_is_there() -> None:
    for item in (platform(CLI), platform(VCS), kubernetes()):
        found = workspaces(item)
        assert found is not None
        assert list(dangling([found])) == []


def test_a_state_is_shared_with_whoever_reads_it_and_with_nobody_else() -> None:
    settings = made(CLI)["resource"]["tfe_workspace_settings"]
    assert {part: block["remote_state_consumer_ids"] for part, block in settings.items()} == {
        "network": ["${tfe_workspace.batch.id}", "${tfe_workspace.triggers.id}"],
        "batch": [],
        "triggers": [],
    }
    assert {block["global_remote_state"] for block in settings.values()} == {False}


def test_where_only_outputs_are_read_no_state_is_shared_and_a_token_reads_the_outputs_that_are() -> None:
    resource = made(OUTPUTS)["resource"]
    assert [block["remote_state_consumer_ids"] for block in resource["tfe_workspace_settings"].values()] == [[]] * 3
    access = resource["tfe_team_access"]
    assert {block["workspace_id"] for block in access.values()} == {"${tfe_workspace.network.id}"}
    ((permissions,),) = (block["permissions"] for block in access.values())
    assert {key for key, value in permissions.items() if value not in {"none", False}} == {"runs", "state_versions"}
    assert permissions["state_versions"] == "read-outputs"
    token = resource["tfe_variable"]["tfe_token"]
    assert (token["key"], token["sensitive"]) == ("TFE_TOKEN", True)
    alone = workspaces(Platform("dev", (module(OUTPUTS, "queues"),)))
    assert alone is not None
    assert "tfe_team" not in alone.document["resource"]


def test_runs_of_a_repository_start_those_after_them_and_runs_from_the_command_line_start_none() -> None:
    driven = made(VCS)["resource"]
    assert {part: [*block["for_each"]] for part, block in driven["tfe_run_trigger"].items()} == {
        "batch": ["network"],
        "triggers": ["network", "batch"],
    }
    workspace = driven["tfe_workspace"]["batch"]
    assert workspace["working_directory"] == "cdktf.out/stacks/dev-batch"
    assert workspace["vcs_repo"] == {"identifier": "acme/platform", "oauth_token_id": "ot-hmAyP66qk2AMVdbJ"}
    assert workspace["queue_all_runs"] is False
    own = made(CLI)["resource"]
    assert "tfe_run_trigger" not in own
    assert own["tfe_workspace"]["batch"].keys().isdisjoint({"vcs_repo", "working_directory", "project_id"})


def test_an_environment_of_one_stack_has_one_workspace_that_shares_nothing() -> None:
    found = workspaces(Platform("dev", (module(VCS, *OneStack.stacks),)))
    assert found is not None
    resource = found.document["resource"]
    assert resource["tfe_workspace"].keys() == {"platform"}
    assert resource["tfe_workspace_settings"]["platform"]["remote_state_consumer_ids"] == []
    assert "tfe_run_trigger" not in resource
    assert found.document["terraform"]["cloud"]["workspaces"] == {"name": "tb-dev-workspaces"}


def test_a_github_app_is_told_from_an_oauth_client() -> None:
    app = VcsRepository(repository="acme/platform", connection_id="ghain-ssVEBrxQ4jHmPyCr", branch="main")
    block = made(HcpTerraformState(organization="acme", vcs=app))["resource"]["tfe_workspace"]["network"]["vcs_repo"]
    assert block == {
        "identifier": "acme/platform",
        "github_app_installation_id": "ghain-ssVEBrxQ4jHmPyCr",
        "branch": "main",
    }


@pytest.mark.parametrize(("state", "project"), [(CLI, "*"), (VCS, "platform")])
def test_each_role_is_for_its_own_phase_of_runs_in_these_workspaces(state: HcpTerraformState, project: str) -> None:
    document = made(state)
    roles = document["resource"]["aws_iam_role"]
    for phase in ("plan", "apply"):
        (statement,) = json.loads(roles[phase]["assume_role_policy"])["Statement"]
        assert statement["Condition"]["StringEquals"] == {"app.terraform.io:aud": "aws.workload.identity"}
        assert statement["Condition"]["StringLike"]["app.terraform.io:sub"] == [
            f"organization:acme:project:{project}:workspace:tb-dev-{part}:run_phase:{phase}"
            for part in ("network", "batch", "triggers")
        ]
    values = {block["key"]: block["value"] for block in document["resource"]["tfe_variable"].values()}
    assert values == {
        "TFC_AWS_PROVIDER_AUTH": "true",
        "TFC_AWS_PLAN_ROLE_ARN": "${aws_iam_role.plan.arn}",
        "TFC_AWS_APPLY_ROLE_ARN": "${aws_iam_role.apply.arn}",
    }
    policies = document["resource"]["aws_iam_policy"]
    assert "sqs:DeleteQueue" in policies["apply_1"]["policy"]
    assert "sqs:DeleteQueue" not in policies["plan_1"]["policy"]


def test_a_role_that_the_provider_takes_on_is_all_that_runs_may_take_on() -> None:
    role = "arn:aws:iam::333333333333:role/deploy"
    document = made(CLI, assume_role=[{"role_arn": role}])
    for policy in document["resource"]["aws_iam_policy"].values():
        (statement,) = json.loads(policy["policy"])["Statement"]
        assert (statement["Action"], statement["Resource"]) == ("sts:AssumeRole", [role])
    assert document["provider"]["aws"] == [{"region": "eu-west-1", "allowed_account_ids": ["333333333333"]}]


def test_the_longest_names_fit_into_what_iam_and_hcp_terraform_take() -> None:
    state = HcpTerraformState(
        organization="o" * 40, project="p" * 40, workspace_prefix="w" * 38, hostname="app.terraform.io"
    )
    names: dict[str, Any] = {"project": "t" * 24, "environment": "e" * 16}
    modules = tuple(module(state, part, **names) for part in LayeredStacks.stacks)
    found = workspaces(Platform(names["environment"], modules))
    assert found is not None
    for role in found.document["resource"]["aws_iam_role"].values():
        assert len(role["name"]) <= 64
        assert len(role["assume_role_policy"]) <= 2_048
    assert len(found.document["terraform"]["cloud"]["workspaces"]["name"]) <= 90


def test_variables_that_the_provider_needs_come_along_and_others_do_not() -> None:
    item = platform(CLI, region="${var.region}")
    variables = {"region": {"type": "string"}, "image": {"type": "string"}}
    first = replace(item.modules[0], document={**item.modules[0].document, "variable": variables})
    found = workspaces(replace(item, modules=(first, *item.modules[1:])))
    assert found is not None
    assert found.document["variable"].keys() == {"region", "make_iam_openid_connect_provider"}


def test_a_person_does_five_things_by_hand_and_the_first_runs_are_named() -> None:
    for state in (CLI, VCS):
        page = workspaces_page(platform(state))
        assert [line[:2] for line in page.splitlines() if line[1:3] == ". "] == ["1.", "2.", "3.", "4.", "5."]
        assert "`tb-dev-workspaces`" in page
    assert "start a run in `tb-dev-network`." in page
    assert "make deploy ENVIRONMENT=dev" in workspaces_page(platform(CLI))


def test_it_lies_in_the_bundle_beside_root_modules_and_is_none_of_them(tmp_path: Path) -> None:
    files = bundle(kubernetes())
    assert {"workspaces/README.md", "workspaces/main.tf.json", "workspaces/versions.tf"} <= files.keys()
    write(files, tmp_path / "kubernetes")
    (found,) = read(tmp_path / "kubernetes")
    assert {item.name for item in found.modules} == {item.name for item in kubernetes().modules}
    assert not any(name.startswith("workspaces/") for name in bundle(kubernetes(), Options(as_modules=True)))
    others = Platform("dev", (root_module("dev-queues", **QUEUE),))
    assert workspaces(others) is None
