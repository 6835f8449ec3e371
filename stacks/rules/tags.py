"""Tags: none that Terrabatch sets itself, none that IAM takes for another, and no more than AWS takes."""

from collections.abc import Iterator

from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.naming import MOST_TAGS
from modules.problems import Problem, format_value
from modules.settings import Settings, settings_in
from stacks.environment_settings import EnvironmentSettings

# On some of what is made here, whatever the settings say.
OF_OTHERS = ("name", "amazonecsmanaged")


def check_tag_keys(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check the keys, which IAM compares without regard to case, while other services tell them apart.

    Tags of one thing may give another value to a tag of the environment, by the very same key.
    """
    own = {environment.project_tag_key.lower(), environment.environment_tag_key.lower()}
    everywhere = sorted(_keys(environment))
    for path, kept in settings_in(environment):
        seen = {key.lower(): key for key in everywhere} if path else {}
        for key in sorted(_keys(kept)):
            if key.lower() in own or seen.setdefault(key.lower(), key) != key:
                yield Problem(
                    f"{path}.tags.{key}" if path else f"tags.{key}",
                    "differ from every other key by more than case",
                    repr(key),
                    "project and environment are set already and decide who may do what, and IAM ignores case in keys",
                )


def check_own_tag_keys(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the tags of project and environment are two, and nobody else's."""
    taken = (*OF_OTHERS, environment.project_tag_key.lower())
    for name in ("project_tag_key", "environment_tag_key"):
        key, others = getattr(environment, name), taken if name == "environment_tag_key" else OF_OTHERS
        if key.lower() in others:
            rule = "differ from every other key by more than case"
            yield Problem(
                name, rule, repr(key), "one tag would take the place of the other, and IAM ignores case in keys"
            )


def check_tag_counts(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check how many tags a thing has together with those of the environment, which go onto everything."""
    everywhere = _keys(environment)
    for path, kept in settings_in(environment):
        own = _keys(kept)
        together = everywhere | own
        if isinstance(kept, AutoScalingGroupCapacityProvider):  # its instances have those of their template, too
            together |= _keys(kept.valid_value("launch_template"))
        if path and own and len(together) > MOST_TAGS:
            yield Problem(
                f"{path}.tags",
                f"be at most {MOST_TAGS} together with the environment's",
                format_value(len(together)),
                "AWS allows 50 on a resource, and project, environment, Name and AmazonECSManaged are set already",
            )


def _keys(kept: Settings | None) -> set[str]:
    """Return the keys of the tags of settings, as far as these are there and well."""
    return set(kept.valid_value("tags", ())) if kept and "tags" in type(kept).model_fields else set()
