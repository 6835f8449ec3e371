"""Security groups, each rule a resource of its own, so that adding one never touches another."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct


def empty_security_group(scope: Construct, *, name: str, vpc_id: str, description: str) -> SecurityGroup:
    """Define a security group as the main child of ``scope``: it lets nothing in and, unlike AWS's own, nothing out."""
    return SecurityGroup(
        scope,
        "Resource",
        # A group cannot go while a network interface has it, so a replacement is made first, under a name of its own.
        name_prefix=f"{name}-",
        description=description,
        vpc_id=vpc_id,
        tags={"Name": name},
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
