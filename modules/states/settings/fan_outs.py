"""Something for each item of a manifest, or for each object below a prefix: how many there are is known when it is run.

Source: "Using Map state in Distributed mode" in the Step Functions developer guide.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from modules.batch.settings.submissions import JobRequest
from modules.containers.settings import EnvironmentName, OptionName
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import value_at
from modules.states.settings.items import ItemsSettings
from modules.states.settings.stages import ParameterName, RetriedStage
from modules.targets.settings import PipelineExecution, TaskRun


class FanOutSettings(RetriedStage, abstract=True):
    """Base of fan-outs, each item in an execution of its own; timeout_seconds and retry are those of each of these.

    ``most_batch_bytes``: of one batch, in the request that starts something for it; a key has up to 1,024.
    """

    most_batch_bytes: ClassVar[int] = 24_576
    # The setting that names what gets the item, and where something else could be given under that name.
    item_setting: ClassVar[str] = "item_parameter"
    beside_item: ClassVar[str]

    items: ItemsSettings
    """what there is one for each of [required]"""
    batch_size: int = Field(default=1, ge=1, le=1_000)
    """items of one; fewer where their texts are long [from 1 to 1,000; default 1]"""
    max_concurrency: int = Field(default=100, ge=1, le=10_000)
    """that are started and not done; Batch and ECS have limits of their own besides [from 1 to 10,000; default 100]"""
    tolerated_failure_percentage: float = Field(default=0.0, ge=0, le=100)
    """of the items; the stage fails at once when more have failed [from 0 to 100; default 0.0]"""
    results_bucket: Annotated[ShortName, RefersTo("buckets")]
    """where Step Functions writes which items succeeded and failed [one of the environment's buckets; required]"""
    results_prefix: str = Field(default="fan-outs/", max_length=256, pattern=r"^[0-9A-Za-z_./-]+/$")
    """of the keys there [at most 256 characters; default 'fan-outs/']"""

    @property
    def placeholders(self) -> list[str]:
        """The pipeline's parameters in the key or prefix of the items."""
        return self.items.placeholders

    def check_item_setting(self) -> Iterator[Problem]:
        """Check that the item has a place of its own."""
        given, name = value_at(self, self.beside_item), value_at(self, self.item_setting)
        if name in given:
            path, reason = f"{self.beside_item}.{name}", "the stage passes the item in it"
            yield Problem(path, "be left out", format_value(given[name]), reason)


class FanOutStage(FanOutSettings):
    """A job for each item."""

    beside_item = "job.parameters"

    job: JobRequest
    """what is submitted; parameters of the pipeline with the names of the job definition's go to it [required]"""
    item_parameter: OptionName
    """the job's parameter that gets the item; with batch_size more than 1 a JSON array of items [at least 1 character;
    required]"""


class TaskFanOutStage(FanOutSettings):
    """A run of a task for each item."""

    # ECS takes overrides of 8,192 characters, in which quotes have a backslash.
    most_batch_bytes = 3_072
    item_setting, beside_item = "item_variable", "task.environment"

    task: TaskRun
    """what is run [required]"""
    item_variable: EnvironmentName
    """the environment variable of its containers that gets the item; with batch_size more than 1 a JSON array of items
    [required]"""


class PipelineFanOutStage(FanOutSettings):
    """An execution of another pipeline for each item; the parameters of this one with the same names go to it."""

    beside_item = "pipeline.parameters"

    pipeline: PipelineExecution
    """what is executed [required]"""
    item_parameter: ParameterName
    """the other pipeline's parameter that gets the item; with batch_size more than 1 a JSON array of items [at most 80
    characters; required]"""
