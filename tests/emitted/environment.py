"""Everything that AWS would refuse of all that an environment emits."""

from collections.abc import Iterator, Mapping
from typing import Any

from stacks.emitted_references import References
from tests.emitted.pairs import pair_findings
from tests.emitted.resources import resource_findings
from tests.emitted.sizes import environment_findings
from tests.emitted.validation import Finding


def findings_of(stacks: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong in the stacks of one or several environments, by their names; each path says where."""
    references = References(stacks)
    resources = {
        (stack, type_, id_): references.resolved(stack, resource)
        for stack, document in stacks.items()
        for type_, of_type in document.get("resource", {}).items()
        for id_, resource in of_type.items()
    }
    for (stack, type_, id_), resource in resources.items():
        for found in (*resource_findings(type_, resource), *pair_findings(type_, resource)):
            yield found._replace(path=f"{stack}/{type_}.{id_} {found.path}")
    yield from environment_findings(resources, {stack: _default_tags(document) for stack, document in stacks.items()})


def _default_tags(document: Mapping[str, Any]) -> Mapping[str, str]:
    providers = document.get("provider", {}).get("aws", [])
    tags: dict[str, str] = {}
    for default in (item for provider in providers for item in provider.get("default_tags", [])):
        tags |= default["tags"]
    return tags
