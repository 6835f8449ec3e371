"""What is named by ARN lies where it can be used: the right account, partition and region."""

from collections.abc import Iterator

from modules.arn_parts import arn_parts
from modules.marked_values import marked_values
from modules.markers import ArnOf
from modules.problems import Problem
from modules.regions import arn_problems
from stacks.environment_settings import EnvironmentSettings


def check_account_id(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse an id that no account has, as templates and examples write it."""
    if not environment.account_id.strip("0"):
        yield Problem(
            "account_id", "be the id of an AWS account", repr(environment.account_id), fix="set the id of your account"
        )


def check_arn_locations(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check everything that an ARN names, wherever it is used; but a state, which may be kept anywhere."""
    for path, arn, marker in marked_values(environment, ArnOf):
        yield from arn_problems(
            path,
            arn,
            environment.region,
            thing=marker.thing,
            of="the environment's region",
            reason=marker.region_reason,
        )
        account_id = arn_parts(arn).account_id
        if marker.account_reason and account_id not in (environment.account_id, "aws"):
            rule = f"be a {marker.thing} of account_id ({environment.account_id})"
            yield Problem(path, rule, repr(arn), marker.account_reason)
