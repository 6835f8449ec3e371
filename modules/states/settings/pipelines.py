"""Pipelines: stages in an order, as a state machine of Step Functions.

Source: CreateStateMachine in the Step Functions API reference; "Step Functions service quotas" in its developer guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from modules.cloudwatch.vended_logs import VendedLogs
from modules.containers.settings import no_plain_secrets
from modules.cycles import cycle_in
from modules.iam.role_settings import RoleChoice
from modules.kms.settings import KmsKeySettings
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value, unknown_name
from modules.settings import Distinct
from modules.states.groups import groups_of, order_of
from modules.states.settings.retries import MOST_SECONDS
from modules.states.settings.stages import JobStage, ParameterName, StageName, StageSettings

SHARE = "share_identifier"
JOINED_WITHOUT = (
    "accepted_exit_codes",
    "capacity",
    "clean_up",
    "may_fail",
    "only_if",
    "only_if_results",
    "retry",
    "timeout_seconds",
)


class PipelineSettings(NamedSettings, RoleChoice, VendedLogs):
    """Stages that run in an order, once for each execution, which somebody or something starts."""

    thing, role_ending, log_service = "state machine", "states", "states"

    stages: dict[StageName, StageSettings] = Field(min_length=1)
    """what is done; stages that do not wait for each other run at the same time [at least 1 entry; each name at most 48
    characters; required]"""
    timeout_seconds: int = Field(ge=60, le=MOST_SECONDS)
    """of an execution; later it is ended, and clean_up is not run [from 60 to 31,536,000; required]"""
    parameters: Annotated[dict[ParameterName, str], no_plain_secrets("secrets of the job definitions")] = Field(
        default_factory=dict
    )
    """defaults of what an execution's input may say, by name; each goes to the jobs whose definition has a parameter of
    that name [each name at most 80 characters; default empty; must not look like a secret in production]"""
    required_parameters: Distinct[ParameterName] = ()
    """the same without a default: an execution without them fails at once [each at most 80 characters; default
    empty]"""
    share_identifier: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{1,255}$")
    """whose share of fair-share queues its jobs count against, unless they or the execution's input say another
    [default None]"""
    clean_up: dict[StageName, StageSettings] = Field(default_factory=dict)
    """run once a stage has failed that may not; then the execution fails, too, whatever becomes of these. What a
    stage's own clean_up names is run after that stage alone [each name at most 48 characters; default empty]"""
    returns: Distinct[ShortName] = ()
    """stages whose results an execution returns, for pipelines that execute it and ask for them by only_if_results
    [default empty]"""
    log_level: Literal["ALL", "ERROR", "FATAL"] = "ERROR"
    """which events of executions go to the log group, besides the history that Step Functions keeps for 90 days [one of
    'ALL', 'ERROR', 'FATAL'; default 'ERROR']"""
    log_execution_data: bool = False
    """True: input and output of stages are logged, too [default False]"""
    log_kms_key: KmsKeySettings | None = None
    """of the log group; None: log_kms_key_arn of the environment, or CloudWatch's own [default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the state machine [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters;
    default empty]"""

    @property
    def all_stages(self) -> Mapping[str, StageSettings]:
        """The stages and those that clean up, by name."""
        return {**self.stages, **self.clean_up}

    @property
    def common_clean_up(self) -> Mapping[str, StageSettings]:
        """What is run after every failure."""
        own = {name for stage in self.stages.values() for name in stage.clean_up}
        return {name: stage for name, stage in self.clean_up.items() if name not in own}

    def own_clean_up(self, name: str) -> Mapping[str, StageSettings]:
        """Return what is run after the failure of one stage alone."""
        return {other: self.clean_up[other] for other in self.all_stages[name].clean_up}

    @property
    def asked(self) -> frozenset[str]:
        """The stages whose results are kept, since others ask for them."""
        asking = {path.partition(".")[0] for stage in self.stages.values() for path in stage.only_if_results}
        return frozenset({*asking, *self.returns})

    @property
    def maps(self) -> Mapping[str, Mapping[str, StageSettings]]:
        """The settings that have stages."""
        return {"stages": self.stages, "clean_up": self.clean_up}

    @property
    def stages_by_path(self) -> Mapping[str, StageSettings]:
        """All stages by their paths."""
        return {f"{where}.{name}": stage for where, stages in self.maps.items() for name, stage in stages.items()}

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its key."""
        yield from super().names(name, location)
        if self.log_kms_key is not None:
            for alias in self.log_kms_key.names(f"pipelines/{name}", location):
                yield replace(alias, path="log_kms_key")

    def check_edges(self) -> Iterator[Problem]:
        """Check that stages wait for stages that are there."""
        for path, stage in self.stages_by_path.items():
            where = path.partition(".")[0]
            joined = stage.valid_value("n_to_n", ()) if isinstance(stage, JobStage) else ()
            for field, others in (("after", stage.valid_value("after", ())), ("n_to_n", joined)):
                for index, other in enumerate(others):
                    if other not in self.maps[where]:
                        yield unknown_name(f"{path}.{field}[{index}]", other, self.maps[where], where)

    def check_names(self) -> Iterator[Problem]:
        """Check that each state can be told by its name."""
        for name in sorted(set(self.stages) & set(self.clean_up)):
            yield Problem(f"clean_up.{name}", "have a name that is not one of stages", repr(name))

    def check_order(self) -> Iterator[Problem]:
        """Check that every stage can begin."""
        for where, stages in self.maps.items():
            circle = cycle_in({name: stage.waits_for for name, stage in stages.items()})
            if circle:
                yield Problem(where, "have no cycle in after and n_to_n", circle, "none of them could start")
            elif circle := cycle_in(order_of(stages)):
                reason = "stages that n_to_n joins are submitted together and complete together"
                yield Problem(where, "not wait in turn for stages that n_to_n joins", circle, reason)

    def check_joined_stages(self) -> Iterator[Problem]:
        """Check arrays whose children wait for each other's."""
        for path, stage in self.stages_by_path.items():
            if isinstance(stage, JobStage):
                yield from _joined_problems(path, stage, self.maps[path.partition(".")[0]])

    def check_parameters(self) -> Iterator[Problem]:
        """Check that each parameter is said once, and that none is called like the share."""
        for index, name in enumerate(self.required_parameters):
            if name in self.parameters:
                yield self.problem(f"required_parameters[{index}]", "not be one of parameters, which have a default")
        paths = {name: f"required_parameters[{index}]" for index, name in enumerate(self.required_parameters)}
        paths |= {name: f"parameters.{name}" for name in self.parameters}
        if SHARE in paths:
            reason, fix = "the input of an execution already has it", "give the pipeline's share_identifier"
            yield Problem(paths[SHARE], f"not be called {SHARE}", repr(SHARE), reason, fix)

    def check_used_parameters(self) -> Iterator[Problem]:
        """Check that keys of items, and what decides whether a stage is run, are parameters of the pipeline."""
        known = {*self.parameters, *self.required_parameters}
        for path, stage in self.stages_by_path.items():
            for name in stage.only_if:
                if name not in known:
                    yield unknown_name(f"{path}.only_if.{name}", name, known, "parameters")
            for name in stage.placeholders:
                if name not in known:
                    field = "items" if "items" in type(stage).model_fields else "key"
                    yield unknown_name(f"{path}.{field}", name, known, "parameters")

    def check_clean_up(self) -> Iterator[Problem]:
        """Check that what cleans up after one stage does so after that one alone, and waits for nothing else."""
        owners: dict[str, str] = {}
        for name, stage in self.stages.items():
            for index, other in enumerate(stage.clean_up):
                path = f"stages.{name}.clean_up[{index}]"
                if other not in self.clean_up:
                    yield unknown_name(path, other, self.clean_up, "clean_up")
                elif (owner := owners.setdefault(other, name)) != name:
                    fix = "add a copy with another name"
                    yield Problem(path, f"be no clean_up of stages.{owner}, too", repr(other), fix=fix)
        for name, stage in self.clean_up.items():
            if stage.clean_up:
                yield self.problem(f"clean_up.{name}.clean_up", "be left out", "nothing runs after a clean-up stage")
            for index, other in enumerate(stage.after):
                if other in self.clean_up and owners.get(other) != owners.get(name):
                    rule = "name a clean-up stage of the same stage"
                    yield self.problem(f"clean_up.{name}.after[{index}]", rule, "the other stage may not run")

    def check_results(self) -> Iterator[Problem]:
        """Check that what is asked for is there when it is asked for."""
        for index, name in enumerate(self.returns):
            if name not in self.stages:
                yield unknown_name(f"returns[{index}]", name, self.stages, "stages")
            elif len(groups_of(self.stages)[name]) > 1:
                yield self.problem(f"returns[{index}]", "name no stage that n_to_n joins", JOINED)
        for name, stage in self.stages.items():
            for asked in stage.only_if_results:
                yield from _result_problems(f"stages.{name}.only_if_results.{asked}", name, asked, self.stages)
        for name, stage in self.clean_up.items():
            if stage.only_if_results:
                path = f"clean_up.{name}.only_if_results"
                yield self.problem(path, "be left out", "the first failure is not known")


JOINED = "it is submitted together with them, and only its completion is known"


def _result_problems(path: str, name: str, asked: str, stages: Mapping[str, StageSettings]) -> Iterator[Problem]:
    other, field, *inside = asked.split(".")
    before = _before(name, stages)
    if other not in stages:
        yield unknown_name(path, other, stages, "stages")
        return
    if other not in before:
        reason = "it has no result before it completes"
        yield Problem(path, f"ask a stage that {name} comes after", repr(other), reason, f"give after=[{other!r}]")
    elif len(groups_of(stages)[other]) > 1:
        yield Problem(path, "ask no stage that n_to_n joins", repr(other), JOINED)
    stage = stages[other]
    known = {"status": False, **dict.fromkeys(stage.returned, stage.open_results)}
    if field not in known:
        yield unknown_name(path, field, known, f"what a {type(stage).__name__} returns")
    elif bool(inside) and not known[field]:
        yield Problem(path, f"end with {field}", repr(asked), "it has no fields")
    elif "-" in ".".join(inside) and "results" not in stage.returned:
        yield Problem(path, "have no - after the name of the stage", repr(asked), "Step Functions cannot resolve it")


def _before(name: str, stages: Mapping[str, StageSettings]) -> set[str]:
    """Return the stages that have to be done before one is."""
    found: set[str] = set()
    last = {name}
    while last:
        last = {other for item in last if item in stages for other in stages[item].waits_for} - found
        found |= last
    return found


def _joined_problems(path: str, stage: JobStage, stages: Mapping[str, StageSettings]) -> Iterator[Problem]:
    for index, name in enumerate(stage.n_to_n):
        other, where = stages.get(name), f"{path}.n_to_n[{index}]"
        if other is not None and not isinstance(other, JobStage):
            yield Problem(where, "name a JobStage", repr(name), "only array jobs have children")
        elif other is not None and other.job.array_size != stage.job.array_size:
            yield Problem(
                f"{path}.job.array_size",
                f"equal {name}.job.array_size ({format_value(other.job.array_size)})",
                format_value(stage.job.array_size),
                f"n_to_n[{index}] pairs the children of both",
            )
    if len(groups_of(stages)[path.rpartition(".")[2]]) > 1:
        for field in JOINED_WITHOUT:
            if value := getattr(stage, field):
                reason = "all of their jobs are submitted before one can fail"
                yield Problem(f"{path}.{field}", "be left out where n_to_n joins stages", format_value(value), reason)
