"""The AWS roles of runs in HCP Terraform: one that plans and one that applies, each only in its own phase.

Source: "Use dynamic credentials with the AWS provider" in HCP Terraform's documentation.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from handover.deployment_policy import deployment_policies, plan_policies
from handover.documents import encoded
from handover.platforms import Document, Platform, RootModule
from handover.reading import merge

AUDIENCE = "aws.workload.identity"
PHASES = {"plan": "plans", "apply": "applies"}


def cloud_of(module: RootModule) -> Mapping[str, Any]:
    """Return the block that says where in HCP Terraform a root module is run."""
    cloud: Mapping[str, Any] = module.document["terraform"]["cloud"]
    return cloud


def settings_of(module: RootModule) -> Mapping[str, Any]:
    """Return what a root module says of its workspace; nothing where it has none."""
    settings: Mapping[str, Any] = module.document.get("//", {}).get("hcp_terraform", {})
    return settings


def made_once(type_: str, arguments: Document, attribute: str, what: str, **made: Any) -> Document:
    """Return what several environments share: one makes it, with what is ``made`` besides, the others look it up.

    Its ``attribute`` is a local value, named after both.
    """
    name = type_.partition("_")[2]
    told = f"{what}; false where it is there already, e.g. since another environment has made it"
    found = f"one(concat({type_}.shared[*].{attribute}, data.{type_}.shared[*].{attribute}))"
    return {
        "data": {type_: {"shared": {"count": f"${{var.make_{name} ? 0 : 1}}", **arguments}}},
        "locals": {f"{name}_{attribute}": f"${{{found}}}"},
        "resource": {type_: {"shared": {"count": f"${{var.make_{name} ? 1 : 0}}", **arguments, **made}}},
        "variable": {f"make_{name}": {"default": True, "description": told, "nullable": False, "type": "bool"}},
    }


def roles(platform: Platform) -> Document:
    """Return both roles with their policies, and the identity provider that AWS trusts for their runs."""
    first = platform.modules[0]
    hostname, environment = cloud_of(first)["hostname"], settings_of(first)["name"]
    what, url = f"the identity provider {hostname} of the account", f"https://{hostname}"
    document = dict(made_once("aws_iam_openid_connect_provider", {"url": url}, "arn", what, client_id_list=[AUDIENCE]))
    for phase, does in PHASES.items():
        name = f"{environment}-hcp-{phase}"
        role = {
            "assume_role_policy": encoded(trust(hostname, list(_subjects(platform, phase)))),
            "description": f"HCP Terraform, which {does} {environment}",
            "name": name,
        }
        merge(document, {"resource": {"aws_iam_role": {phase: role}}})
        for number, policy in enumerate(_policies(platform, phase), 1):
            key = f"{phase}_{number}"
            made = {"name": f"{name}-{number}", "policy": encoded(policy)}
            attached = {"policy_arn": f"${{aws_iam_policy.{key}.arn}}", "role": f"${{aws_iam_role.{phase}.name}}"}
            both = {"aws_iam_policy": {key: made}, "aws_iam_role_policy_attachment": {key: attached}}
            merge(document, {"resource": both})
    return document


def _policies(platform: Platform, phase: str) -> list[Document]:
    (provider,) = platform.modules[0].document["provider"]["aws"]
    if assumed := [item["role_arn"] for item in provider.get("assume_role", ())]:
        statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": assumed, "Sid": "Deploy"}
        return [{"Statement": [statement], "Version": "2012-10-17"}]
    return plan_policies(platform) if phase == "plan" else deployment_policies(platform)


def _subjects(platform: Platform, phase: str) -> Iterator[str]:
    for module in platform.modules:
        cloud = cloud_of(module)
        # No two workspaces of an organization have one name, whatever project they are in.
        place = f"organization:{cloud['organization']}:project:{cloud['workspaces'].get('project', '*')}"
        yield f"{place}:workspace:{cloud['workspaces']['name']}:run_phase:{phase}"


def trust(hostname: str, subjects: list[str]) -> Document:
    """Return who may take on a role: runs with these subjects in the token that HCP Terraform shows AWS for them."""
    statement = {
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{hostname}:aud": AUDIENCE}, "StringLike": {f"{hostname}:sub": subjects}},
        "Effect": "Allow",
        "Principal": {"Federated": "${local.iam_openid_connect_provider_arn}"},
    }
    return {"Statement": [statement], "Version": "2012-10-17"}
