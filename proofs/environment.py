"""Everything that is proved of one environment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from modules.batch.settings.teams import TeamAccess
from proofs.policies import ResourcePolicy, many
from proofs.promises.capacity import capacity_promises
from proofs.promises.promise import Promise
from proofs.promises.resources import resource_promises
from proofs.promises.starters import starter_promises
from proofs.promises.teams import shared_with, tag_keys_of_others, team_permissions
from proofs.promises.things import Things
from proofs.promises.workloads import workload_promises
from proofs.takeovers import Owner, takeover_theorem
from proofs.theorems import Refutation, Theorem, policy_theorem, resource_theorems, role_theorems
from proofs.world import EmittedWorld, Role, statements_of


class Proofs:
    """The promises of one environment, and the policies that have to keep them."""

    def __init__(self, world: EmittedWorld) -> None:
        self.world, self._things = world, Things(world)
        kinds = (workload_promises, starter_promises, capacity_promises)
        self.promises: dict[str, Promise] = dict(chain.from_iterable(kind(self._things) for kind in kinds))
        self.roles: dict[str, Role] = world.emitted_roles
        self.teams = {path: statements_of(item["policy"]) for path, item in world.blocks("aws_iam_policy")}
        self.emitted = world.resource_policies
        self.promised = {
            arn: replace(self._emitted_at(arn), statements=tuple(statements))
            for arn, statements in resource_promises(self._things).items()
        }

    def theorems(self) -> Iterator[Theorem]:
        """Yield all that has to hold."""
        for path in sorted(self.roles.keys() | self.promises.keys()):
            if path in self.roles and path in self.promises:
                yield from self.of_role(path)
            else:
                wrong = Refutation("nothing promises it" if path in self.roles else "it is not there")
                yield Theorem(f"{path} is a role that its settings ask for", partial(iter, [wrong]))
        for arn in sorted(self.emitted.keys() | self.promised.keys()):
            yield from self.of_resource(arn)
        for path in sorted(self.teams):
            yield from self.of_team(path)

    def of_role(self, path: str) -> Iterator[Theorem]:
        """Yield what has to hold of one role."""
        role, environment = self.roles[path], self.world.environment
        yield from role_theorems(
            path,
            role,
            self.promises[path],
            account_id=environment.account_id,
            boundary=environment.permissions_boundary_arn,
            emitted=self.emitted.values(),
            promised=self.promised.values(),
        )
        if any(map(_is_about_batch, role.statements)):
            named = [arn for item in self.promises[path].permissions for arn in many(item["Resource"])]
            shared = [arn for arn in named if ":batch:" in arn and ":job/" not in arn]
            keys_of_others = tag_keys_of_others(self._things, None)
            yield takeover_theorem(
                Owner(path, environment.account_id, role.statements, environment.job_tags, keys_of_others, shared)
            )

    def of_team(self, path: str) -> Iterator[Theorem]:
        """Yield what has to hold of the policy of one team."""
        yield policy_theorem(path, self.teams[path], list(team_permissions(self._things, self._team(path))))
        yield takeover_theorem(self.owner(path))

    def owner(self, path: str) -> Owner:
        """Return a team as the owner of what carries its tag."""
        team = self._team(path)
        tags, account_id = {team.tag_key: team.tag_value}, self.world.environment.account_id
        keys_of_others, shared = tag_keys_of_others(self._things, team), shared_with(self._things, team)
        return Owner(path, account_id, self.teams[path], tags, keys_of_others, shared)

    def of_resource(self, arn: str) -> Iterator[Theorem]:
        """Yield what has to hold of the policy of one resource."""
        promised = self.promised.get(arn)
        path = (promised or self._emitted_at(arn)).path
        yield from resource_theorems(path, self._emitted_at(arn).statements, promised.statements if promised else ())

    def _team(self, path: str) -> TeamAccess:
        return self.world.environment.teams[path.removeprefix("teams/")]

    def _emitted_at(self, arn: str) -> ResourcePolicy:
        return self.emitted.get(arn) or ResourcePolicy(arn, (arn,), ())


def _is_about_batch(statement: Mapping[str, Any]) -> bool:
    """Return whether a statement may be about something of Batch."""
    actions = many(statement.get("Action", "*"))
    return "NotAction" in statement or any(action.startswith(("batch:", "*")) for action in actions)
