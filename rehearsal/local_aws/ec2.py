"""What moto forgets of EC2: descriptions of rules, and tags of launch templates."""

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule

from rehearsal.local_aws import adds


@adds(SecurityGroupRule, "__init__")
def keep_rule_description(original: Any) -> Any:
    """Keep the description of a rule for a group or prefix list, not only of one for addresses."""

    def __init__(rule: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        original(rule, *arguments, **named)
        sources = [named.get("source_group"), named.get("prefix_list_id"), *arguments]
        texts = [source["Description"] for source in sources if isinstance(source, dict) and source.get("Description")]
        rule.first_description = next(iter(texts), None)

    return __init__


@adds(SecurityGroupRule, "description")
def show_rule_description(original: Any) -> Any:
    """Show the description that a rule was given last."""
    return property(lambda rule: original.fget(rule) or rule.first_description)


@adds(EC2Backend, "create_launch_template")
def template_tags(original: Any) -> Any:
    """Keep a launch template's own tags out of those that it gives to what is launched."""

    def create_launch_template(backend: Any, name: str, description: str, data: dict[str, Any], tags: Any) -> Any:
        own = [entry for entry in data.get("TagSpecifications", []) if entry["ResourceType"] == "launch-template"]
        data["TagSpecifications"] = [entry for entry in data.get("TagSpecifications", []) if entry not in own]
        return original(backend, name, description, data, tags)

    return create_launch_template
