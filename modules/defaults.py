"""What a construct in a cdktf app of one's own need not be told: what it is called, and where it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from cdktf import TerraformStack, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError, unknown_name

Thing = TypeVar("Thing")


def default_name(scope: Construct, id_: str, name: str | None) -> str:
    """Return ``name``, or the ids from the stack down to the construct, joined by hyphens."""
    return name or "-".join([*scope.node.path.split("/"), id_])


def default_location(scope: Construct, location: AwsLocation | None) -> AwsLocation:
    """Return ``location``, or that of the AWS provider of the stack that ``scope`` is in.

    Raises SettingsError where the provider does not tell both region and account: names and policies hold them.
    """
    if location is not None:
        return location
    stack = TerraformStack.of(scope)
    providers = [child for child in stack.node.children if isinstance(child, AwsProvider) and not child.alias_input]
    region = providers[0].region_input if providers else None
    accounts: Sequence[str] = (providers[0].allowed_account_ids_input if providers else None) or ()
    if region and not Token.is_unresolved(region) and len(accounts) == 1:
        return AwsLocation(region=region, account_id=accounts[0])
    got = f"region {region!r} and accounts {list(accounts)}" if providers else "no provider"
    example = 'AwsProvider(stack, "aws", region="us-east-1", allowed_account_ids=["111122223333"])'
    rule = "be given, or come from an AwsProvider of the stack with a region and one account"
    raise SettingsError(stack.node.id, [Problem("location", rule, got, fix=f"e.g. {example}")])


def require_all(
    user: Construct, kind: str, names: Iterable[str], handed_in: Mapping[str, Thing], *, id_: str = ""
) -> dict[str, Thing]:
    """Return what settings name of the things handed in, in the order of ``names``.

    They are those of ``user``, or of what is going to be made in it as ``id_``.

    Raises SettingsError with every name that is not among them.
    """
    wanted = list(names)
    if problems := [not_handed_in(kind, name, kind, handed_in) for name in wanted if name not in handed_in]:
        raise SettingsError("/".join(filter(None, (user.node.path, id_))), problems)
    return {name: handed_in[name] for name in wanted}


def not_handed_in(path: str, name: str, kind: str, handed_in: Iterable[str]) -> Problem:
    """Return the problem of a name whose object a construct was not given."""
    if known := list(handed_in):
        return unknown_name(path, name, known, f"{kind} passed in")
    fix = f"pass the object: {kind}={{{name!r}: …}}"
    return Problem(path, f"name one of the {kind} passed in", repr(name), fix=fix)
