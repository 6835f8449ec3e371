"""Apply stacks in their order, plan them again, plan others over them, destroy them in the opposite order."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rehearsal.plan_reading import Change
from rehearsal.planning_together import Module, apart, by_module, write
from rehearsal.preparing import Prepared, prepare
from rehearsal.stacks import Stack, state_writers
from rehearsal.terraform import Terraform, TerraformError

STATE = "terraform.tfstate"
AWAKE_SECONDS = 0.5
# A request whose answer was lost is sent again; what it deleted is gone then, which a look at what is there shows.
GONE = re.compile(r"NotFound|DoesNotExist|NoSuch")
Done = TypeVar("Done", bound="Outcome")


@dataclass
class Outcome:
    """What became of one stack in one step: ``apply``, ``then`` or ``destroy``."""

    stack: str
    step: str
    seconds: float = 0.0
    resources: int = 0
    problems: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def is_well(self) -> bool:
        """Return whether nothing fell short. What a plan over another state changes is what was asked for."""
        return not self.problems and (self.step != "apply" or not self.changes)


class Rehearsal:
    """Stacks, the folder in which they are rehearsed, and the local AWS of each account."""

    def __init__(self, terraform: Terraform, schema: dict[str, Any], workspace: Path, urls: Mapping[str, str]) -> None:
        self._terraform, self._schema = terraform, schema
        self._workspace, self._urls = workspace, urls

    def folder(self, stack: str) -> Path:
        """Return the folder of a stack, with its state and logs."""
        return self._workspace / stack

    def apply(self, stack: Stack, stacks: Mapping[str, Stack]) -> Outcome:
        """Apply a stack and plan it again, which must show nothing."""
        return self._step("apply", stack, stacks, self._apply)

    def apply_together(self, stacks: Mapping[str, Stack]) -> list[Change]:
        """Apply stacks of one account at once, for plans over them; return what a second plan would change.

        What that plan saw is kept: those over it need not look again.
        """
        folder = self.folder("together")
        names = {name: name for name in stacks}
        write({name: self.module(stack, stacks, names) for name, stack in stacks.items()}, folder)
        url = self._urls[next(iter(stacks.values())).account_id]
        self._terraform.apply(folder, url)
        changes = self._terraform.plan(folder, url)
        self._terraform.apply_plan(folder, url)
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        for name in stacks:
            self.folder(name).mkdir()
            (self.folder(name) / STATE).write_text(json.dumps(apart(state, name)), encoding="utf-8")
        return changes

    def then(self, stack: Stack, stacks: Mapping[str, Stack]) -> Outcome:
        """Plan a stack over what was applied before, and apply it, since the next ones read its outputs."""
        return self._step("then", stack, stacks, self._then)

    def module(self, stack: Stack, stacks: Mapping[str, Stack], names: Mapping[str, str]) -> Module:
        """Return a stack as a module, over what was applied and kept; ``names`` has the modules of other stacks."""
        writers = {label: names[name] for label, name in state_writers(stacks)[stack.name].items() if name in names}
        state = self.folder(stack.name) / STATE
        kept = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
        return Module(stack.account_id, self._prepare(stack, stacks).document, kept, writers)

    def plan_together(self, modules: Mapping[str, Module], folder: Path) -> dict[str, list[Change]]:
        """Return what each module, all of one account, would change. Raises TerraformError."""
        write(modules, folder)
        account_id = next(module.account_id for module in modules.values())
        return by_module(self._terraform.plan(folder, self._urls[account_id], "-refresh=false"), modules)

    def destroy(self, stack: Stack, stacks: Mapping[str, Stack]) -> Outcome:
        """Destroy a stack. What protects it is taken off first, as one who means it would do."""
        return self._step("destroy", stack, stacks, self._destroy)

    def _step(
        self,
        step: str,
        stack: Stack,
        stacks: Mapping[str, Stack],
        run: Callable[[Outcome, Path, str], None],
    ) -> Outcome:
        start, outcome = time.monotonic(), Outcome(stack.name, step)
        prepared = self._prepare(stack, stacks, protected=step != "destroy")
        outcome.resources = sum(map(len, prepared.document.get("resource", {}).values()))
        outcome.left_out = prepared.left_out
        folder, url = self.folder(stack.name), self._urls[stack.account_id]
        folder.mkdir(exist_ok=True)
        (folder / "cdk.tf.json").write_text(json.dumps(prepared.document, indent=1), encoding="utf-8")
        try:
            if prepared.must_be_told and (folder / STATE).exists():
                self._terraform.apply(folder, url, "-refresh=false")
            run(outcome, folder, url)
        except TerraformError as error:
            outcome.problems = error.problems
        outcome.seconds = time.monotonic() - start
        return outcome

    def _prepare(self, stack: Stack, stacks: Mapping[str, Stack], *, protected: bool = True) -> Prepared:
        writers = state_writers(stacks)[stack.name].items()
        states = {label: str(self.folder(writer) / STATE) for label, writer in writers}
        requirement = self._terraform.requirement
        return prepare(stack.document, states, self._schema, requirement=requirement, protected=protected)

    def _apply(self, outcome: Outcome, folder: Path, url: str) -> None:
        self._terraform.apply(folder, url)
        outcome.changes = self._terraform.plan(folder, url)

    def _then(self, outcome: Outcome, folder: Path, url: str) -> None:
        outcome.changes = self._terraform.plan(folder, url)
        self._terraform.apply_plan(folder, url)

    def _destroy(self, outcome: Outcome, folder: Path, url: str) -> None:
        del outcome
        if not (folder / STATE).exists():
            return
        try:
            self._terraform.destroy(folder, url, "-refresh=false")
        except TerraformError as error:
            if not all(GONE.search(problem) for problem in error.problems):
                raise
            self._terraform.destroy(folder, url)


def in_order(
    executor: Executor, needs: Mapping[str, Collection[str]], work: Callable[[str], Outcome]
) -> Iterator[tuple[str, Outcome | None]]:
    """Do the work for every name when it is done for those that it needs; yield names and outcomes as they come.

    None stands for work that was not done, since something it needs fell short or waits for itself.
    """
    waiting = {name: set(others) & needs.keys() for name, others in needs.items()}
    running: dict[Future[Outcome], str] = {}
    well: set[str] = set()
    while waiting or running:
        for name in [name for name, others in waiting.items() if others <= well]:
            del waiting[name]
            running[executor.submit(work, name)] = name
        if not running:
            yield from ((name, None) for name in waiting)
            return
        # Not without a limit: a signal that another thread gets is only seen when this one is awake.
        for future in wait(running, timeout=AWAKE_SECONDS, return_when=FIRST_COMPLETED).done:
            name, outcome = running.pop(future), future.result()
            if not outcome.problems:
                well.add(name)
            yield name, outcome


def needs_of(stacks: Mapping[str, Stack]) -> dict[str, Collection[str]]:
    """Return which stacks each needs."""
    return {name: stack.needs for name, stack in stacks.items()}


def reversed_needs(needs: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return who needs each: what must be gone before it."""
    return {name: {other for other, others in needs.items() if name in others} for name in needs}
