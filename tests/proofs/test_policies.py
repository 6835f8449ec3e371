"""The formulas of policies say what the simulator says, of requests of every kind that a policy tells apart."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import z3

from proofs.languages import Pattern
from proofs.policies import Policies, ResourcePolicy, allows, comparisons, denies
from proofs.requests import ACTION, PRINCIPAL, RESOURCE, Comparison, Request, Space
from proofs.theorems import refute
from tests import simulator
from tests.proofs.shipped import shipped_world

QUEUE = "arn:aws:sqs:us-east-1:111122223333:images"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
ROLE = "arn:aws:iam::111122223333:role/embed"
ROOT, STRANGER = "arn:aws:iam::111122223333:root", "arn:aws:iam::999999999999:root"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    given = {"Effect": effect, "Action": "sqs:*", "Resource": "*"} | elements
    return {name: value for name, value in given.items() if f"Not{name}" not in elements}


def condition(**operators: Mapping[str, Any]) -> dict[str, Any]:
    return statement(Condition={name.replace("__", ":"): keys for name, keys in operators.items()})


STRANGE = [
    [statement(NotAction=["sqs:Send*", "s3:*"])],
    [statement(NotResource="arn:aws:sqs:*:*:images*")],
    [statement(), statement("Deny", Action="sqs:Delete*")],
    [condition(StringEquals={"aws:RequestTag/team": ["a", "b"]})],
    [condition(StringNotEquals={"aws:ResourceTag/team": "a"}, StringLike={"aws:ResourceTag/team": "a*"})],
    [condition(StringNotEqualsIfExists={"aws:ResourceTag/team": "a"})],
    [condition(StringLikeIfExists={"s3:prefix": ["in/*", "out/?"]})],
    [condition(Null={"aws:ResourceTag/team": "true", "s3:prefix": "false"})],
    [condition(ForAllValues__StringEquals={"dynamodb:LeadingKeys": ["a", "b"]})],
    [condition(ForAllValues__StringNotLike={"dynamodb:LeadingKeys": ["a*", "b"]})],
    [condition(ForAnyValue__StringLike={"dynamodb:LeadingKeys": ["a*", "b"]})],
    [condition(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"}, Bool={"aws:SecureTransport": "true"})],
    [condition(ArnNotEquals={"aws:SourceArn": "arn:aws:s3:::data"}, StringEquals={"aws:SOURCEARN": "arn:aws:s3:::x"})],
]


def a_request(request: Request, known: Sequence[str], chance: random.Random) -> tuple[list[Any], simulator.Request]:
    """Return a request of kinds that were drawn: as assumptions for the solver, and for the simulator."""
    drawn: dict[str, Any] = {}
    assumed = []
    for variable in known:
        kinds = request.space.kinds(variable)
        if variable in request.space.many:
            there = [chance.random() < 0.4 for _ in kinds]
            assumed += [member == value for member, value in zip(request.members(variable), there, strict=True)]
            values = [kind.example for kind, value in zip(kinds, there, strict=True) if value]
            drawn |= {variable: values} if values else {}
            continue
        index, is_there = chance.randrange(len(kinds)), chance.random() < 0.7 or variable in {ACTION, RESOURCE}
        assumed += [request.value(variable) == index, request.has(variable) == is_there]
        drawn |= {variable: kinds[index].example} if is_there else {}
    action, resource = drawn.pop(ACTION), drawn.pop(RESOURCE)
    return assumed, simulator.Request(action, resource, ROLE, drawn)


@pytest.mark.parametrize("statements", STRANGE, ids=range(len(STRANGE)))
def test_a_formula_says_of_a_request_what_the_simulator_says(statements: list[dict[str, Any]]) -> None:
    _agree(statements, 60)


def test_formulas_of_what_is_emitted_say_what_the_simulator_says() -> None:
    world = shipped_world("staging")
    for path in ("pipelines/nightly/role", "services/image-worker/task-definition/task-role"):
        _agree(list(world.emitted_roles[path].statements), 60)


def _agree(statements: list[Any], count: int) -> None:
    compared = list(comparisons(statements))
    keys = {key.lower() for item in statements for of in item.get("Condition", {}).values() for key in of}
    known = sorted({ACTION, RESOURCE, *keys})
    request, chance = Request(Space(compared)), random.Random(1)
    formula = z3.And(allows(request, statements), z3.Not(denies(request, statements)))
    seen = set()
    for _ in range(count):
        assumed, asked = a_request(request, known, chance)
        expected = simulator.is_allowed(statements, asked)
        solver = z3.SimpleSolver()
        solver.add(*assumed, formula)
        assert (solver.check() == z3.sat) == expected, asked
        seen.add(expected)
    assert seen


def _may(policies: Policies, action: str, resource: str) -> bool:
    named = [(ACTION, action.lower()), (RESOURCE, resource), (PRINCIPAL, ROLE)]
    space = Space([*comparisons(policies.statements()), *(Comparison(name, Pattern(text)) for name, text in named)])
    request = Request(space)
    assumed = [request.fits(name, [Pattern(text)]) for name, text in named]
    return refute(z3.Not(policies.allow(request)), [request], assumed) is not None


def of_resource(arn: str, *statements: dict[str, Any], has_to_agree: bool = False) -> list[ResourcePolicy]:
    return [ResourcePolicy("it", (arn,), statements, has_to_agree)]


SEND = statement(Action="sqs:SendMessage", Resource=QUEUE)
USE = statement(Action="kms:Decrypt", Resource=KEY)


@pytest.mark.parametrize(
    ("identity", "principal", "expected"),
    [
        ([], {"AWS": ROLE}, True),
        ([], {"AWS": "*"}, True),
        ([], {"AWS": ROOT}, False),  # leaves it to the policies of the account
        ([], {"AWS": [ROOT, ROLE]}, True),
        ([], {"AWS": STRANGER}, False),
        ([], {"Service": "s3.amazonaws.com"}, False),
        ([SEND], {"AWS": STRANGER}, True),
        ([SEND, statement("Deny", Action="sqs:*")], {"AWS": ROLE}, False),
    ],
)
def test_in_one_account_identity_or_resource_may_allow(
    identity: list[dict[str, Any]], principal: dict[str, str], expected: bool
) -> None:
    resources = of_resource(QUEUE, statement(Principal=principal))
    assert _may(Policies("111122223333", identity, None, resources), "sqs:SendMessage", QUEUE) == expected


def test_a_resource_denies_what_an_identity_allows() -> None:
    resources = of_resource(QUEUE, statement("Deny", Principal={"AWS": ROOT}))
    assert not _may(Policies("111122223333", [SEND], None, resources), "sqs:SendMessage", QUEUE)


@pytest.mark.parametrize(
    ("identity", "principal", "expected"),
    [([USE], ROOT, True), ([USE], STRANGER, False), ([], ROOT, False), ([], ROLE, True)],
)
def test_a_key_has_to_agree(identity: list[dict[str, Any]], principal: str, expected: bool) -> None:
    agrees = statement(Action="kms:*", Principal={"AWS": principal})
    resources = of_resource(KEY, agrees, has_to_agree=True)
    assert _may(Policies("111122223333", identity, None, resources), "kms:Decrypt", KEY) == expected


def test_a_boundary_limits_what_an_identity_allows() -> None:
    boundary = [statement(Action="sqs:ReceiveMessage")]
    assert not _may(Policies("111122223333", [statement()], boundary), "sqs:SendMessage", QUEUE)
    assert _may(Policies("111122223333", [statement()], boundary), "sqs:ReceiveMessage", QUEUE)


@pytest.mark.parametrize(
    "unknown",
    [
        statement(NotPrincipal="*"),
        statement(Principal={"Federated": "cognito-identity.amazonaws.com"}),
        condition(StringMatches={"aws:SourceArn": "*"}),
    ],
)
def test_what_is_not_known_is_refused(unknown: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        allows(Request(Space(comparisons([unknown]))), [unknown])
    with pytest.raises(LookupError):
        allows(Request(Space([])), [SEND])


def test_what_cannot_be_compared_proves_nothing() -> None:
    """Numbers, dates and addresses may compare one way or the other; the same comparison compares the same way."""
    newer, older = (condition(NumericLessThan={"s3:TlsVersion": version}) for version in ("1.2", "1.3"))
    request = Request(Space(comparisons([newer, older])))
    of_newer, of_older = allows(request, [newer]), allows(request, [older])
    assert refute(z3.Implies(of_newer, of_older), [request]) is not None
    assert refute(z3.Implies(of_newer, of_newer), [request]) is None
