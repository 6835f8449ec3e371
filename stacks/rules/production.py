"""What production refuses: every setting that is weaker than its default where protection is concerned.

A waiver takes one of these refusals back, by the path it has, and stands with its reason in what is emitted.
"""

from collections.abc import Iterator, Mapping

from modules.problems import Problem, nearest
from modules.settings import nested_problems
from stacks.environment_settings import EnvironmentSettings


def check_production(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse what settings themselves say that a production environment must not be weakened by."""
    if environment.production:
        waived = environment.production_waivers
        yield from (problem for problem in environment.production_problems() if problem.path not in waived)


def check_waivers(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each waiver takes back what production does refuse here."""
    waivers = environment.production_waivers
    refused = {problem.path for problem in environment.production_problems()} if waivers else ()
    for path in waivers:
        where = f"production_waivers.{path}"
        if not environment.production:
            rule, reason = "be left out where production is False", "nothing is refused there that it could allow"
            yield Problem(where, rule, repr(path), reason)
        elif path not in refused and not _is_bad(environment, path):
            near = nearest(path, refused)
            yield Problem(
                where,
                "be the path of a setting that production refuses",
                repr(path),
                "a waiver that nothing needs would hide what is weakened there later",
                f"did you mean {near}?" if near else "leave it out",
            )


def _is_bad(environment: EnvironmentSettings, path: str) -> bool:
    """Return whether what a path leads into has problems of its own, so that nobody knows what production says."""
    kind = path.partition(".")[0].partition("[")[0]
    is_unread = kind in type(environment).model_fields and kind not in environment.__dict__
    value = environment.__dict__.get(kind)
    if isinstance(value, Mapping):
        entry = path.split(".")[1:2]
        value = [value.get(name) for name in entry]
    return is_unread or any(nested_problems(value))
