"""Theorems, and the attempt to refute each: a solver looks for a request for which it does not hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import z3

from modules.arn_parts import arn_parts
from proofs.languages import Pattern
from proofs.policies import Policies, ResourcePolicy, Statement, allows, comparisons, denies, many, text_pattern
from proofs.promises.promise import Promise
from proofs.requests import PRINCIPAL, RESOURCE, Comparison, Formula, Request, Space
from proofs.world import Role

Step = Mapping[str, str]
# Statements, and what they say of a request.
Side = tuple[Sequence[Statement], Callable[[Request], Formula]]


class UndecidedError(Exception):
    """The solver could neither prove nor refute something."""


@dataclass(frozen=True)
class Refutation:
    """Requests for which a theorem does not hold, one after the other, and what is wrong with them."""

    reason: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Theorem:
    """Something that has to hold of every request, and the search for one of which it does not."""

    text: str
    refutations: Callable[[], Iterable[Refutation]]


def refute(claim: Formula, requests: Sequence[Request], assumed: Iterable[Formula] = ()) -> tuple[Step, ...] | None:
    """Return requests for which a claim does not hold; None if there are none, which proves it."""
    solver = z3.SimpleSolver()
    solver.add(z3.Not(claim), *assumed)
    for request in requests:
        solver.add(*request.axioms())
    match solver.check():
        case z3.unsat:
            return None
        case z3.sat:
            model = solver.model()
            return tuple(request.shown(model) for request in requests)
    raise UndecidedError(solver.reason_unknown())


def role_theorems(
    path: str,
    role: Role,
    promise: Promise,
    *,
    account_id: str,
    boundary: str | None = None,
    emitted: Iterable[ResourcePolicy] = (),
    promised: Iterable[ResourcePolicy] = (),
) -> Iterator[Theorem]:
    """Yield that a role may do what its settings name and nothing else, and who has it."""
    meant = [*role.statements, *promise.permissions]
    permissions, named = (
        _of_role(Policies(account_id, statements, None, [item for item in of if _concerns(item, meant)]))
        for statements, of in ((role.statements, emitted), (promise.permissions, promised))
    )
    yield Theorem(
        f"{path} may do nothing but what its settings name",
        partial(_differences, permissions, named, principal=role.arn),
    )
    trust, takers = _of_resource(role.trust), _of_resource(_trust(promise, account_id))
    yield Theorem(f"{path} is taken on by nobody but whom it is for", partial(_differences, trust, takers))
    attached = {"attached": ", ".join(sorted(role.attached)), "named": ", ".join(sorted(promise.attached))}
    others = [] if role.attached == promise.attached else [Refutation("other policies are attached", (attached,))]
    yield Theorem(f"{path} has no policies of others but those that are named", lambda: others)
    limits = {"limited by": str(role.boundary), "named": str(boundary)}
    unlimited = [] if role.boundary == boundary else [Refutation("its boundary is another", (limits,))]
    yield Theorem(f"{path} has the boundary that is named", lambda: unlimited)


def policy_theorem(path: str, emitted: Sequence[Statement], promised: Sequence[Statement]) -> Theorem:
    """Return that a principal with a policy may do what its settings name and nothing else."""
    text = f"{path} lets nobody do anything but what its settings name"
    return Theorem(text, partial(_differences, _of_resource(emitted), _of_resource(promised)))


def resource_theorems(path: str, emitted: Sequence[Statement], promised: Sequence[Statement]) -> Iterator[Theorem]:
    """Yield that the policy of a resource lets in and keeps out whom its settings name."""
    sides = _of_resource(emitted), _of_resource(promised)
    yield Theorem(f"the policy of {path} lets in nobody but whom its settings name", partial(_differences, *sides))
    sides = (emitted, _denies(emitted)), (promised, _denies(promised))
    yield Theorem(f"the policy of {path} keeps out all whom it has to", partial(_differences, *sides))


def _differences(emitted: Side, promised: Side, *, principal: str | None = None) -> Iterator[Refutation]:
    """Yield a request that one of two sides speaks of and the other does not."""
    fixed = [Comparison(PRINCIPAL, Pattern(principal))] if principal else []
    space = Space([*comparisons([*emitted[0], *promised[0]]), *fixed])
    request = Request(space)
    by_policies, by_settings = emitted[1](request), promised[1](request)
    assumed = [request.fits(PRINCIPAL, [Pattern(principal)])] if principal else []
    for reason, claim in (
        ("the policies say so, the settings do not", z3.Implies(by_policies, by_settings)),
        ("the settings say so, the policies do not", z3.Implies(by_settings, by_policies)),
    ):
        if (steps := refute(claim, [request], assumed)) is not None:
            yield Refutation(reason, steps)


def _of_role(policies: Policies) -> Side:
    return list(policies.statements()), policies.allow


def _of_resource(statements: Sequence[Statement]) -> Side:
    return statements, lambda request: z3.And(allows(request, statements), z3.Not(denies(request, statements)))


def _denies(statements: Sequence[Statement]) -> Callable[[Request], Formula]:
    return lambda request: denies(request, statements)


def _concerns(policy: ResourcePolicy, statements: Iterable[Statement]) -> bool:
    """Return whether a resource's policy lets roles in by itself, or is about what these statements allow."""
    if any(item["Effect"] == "Allow" and "Service" not in item["Principal"] for item in policy.statements):
        return True
    arn, *_ = policy.covers
    service = arn_parts(arn).service if arn != "*" else "*"
    return any(
        text.startswith(arn) or text_pattern(RESOURCE, text).accepts(arn)
        for item in statements
        if "NotAction" in item or any(action.startswith(("*", service)) for action in many(item["Action"]))
        for text in many(item.get("Resource", "*"))
    )


def _trust(promise: Promise, account_id: str) -> list[Statement]:
    condition = {"StringEquals": {"aws:SourceAccount": account_id}} if promise.for_account else {}
    services = {"Service": list(promise.services)}
    return [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": services, "Condition": condition}]
