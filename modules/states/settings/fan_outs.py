"""A job for each item of a manifest, or for each object below a prefix: how many there are is known when it is run.

Source: "Using Map state in Distributed mode" in the Step Functions developer guide.
"""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.batch.settings.submissions import JobRequest
from modules.containers.settings import OptionName
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Settings
from modules.states.settings.stages import RetriedStage

# Of one batch, in the request that submits its job; a key has up to 1,024.
MOST_BATCH_BYTES = 24_576
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

KeyTemplate = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9!_.*/=-]|\{[A-Za-z_][A-Za-z0-9_]*\})+$", max_length=1_024),
    Field(description="a key, with {name} for a parameter of the pipeline, e.g. manifests/{date}.json"),
]
FieldName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"),
    Field(description="letters, digits and underscores, e.g. key"),
]


class ItemsSettings(Settings, abstract=True):
    """Base of what there may be a job for each of."""

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """where they are [one of the environment's buckets; required]"""

    @property
    def template(self) -> str:
        """The key or prefix, with placeholders."""
        raise NotImplementedError

    @property
    def placeholders(self) -> list[str]:
        """The pipeline's parameters in it."""
        return PLACEHOLDER.findall(self.template)


class ObjectsBelow(ItemsSettings):
    """The keys of all objects below a prefix, as they are when the stage begins."""

    prefix: KeyTemplate
    """of keys [at most 1,024 characters; required]"""

    @property
    def template(self) -> str:
        """The prefix."""
        return self.prefix


class JsonManifest(ItemsSettings):
    """A JSON file with one array: of texts or numbers, or of objects that have such a field."""

    key: KeyTemplate
    """of the file [at most 1,024 characters; required]"""
    field: FieldName | None = None
    """which value of each object; None: the items are no objects [default None]"""

    @property
    def template(self) -> str:
        """The key."""
        return self.key


class CsvManifest(ItemsSettings):
    """A CSV file whose first row names the columns."""

    key: KeyTemplate
    """of the file [at most 1,024 characters; required]"""
    column: FieldName
    """which value of each row [required]"""

    @property
    def template(self) -> str:
        """The key."""
        return self.key


class FanOutStage(RetriedStage):
    """A job for each item, each in an execution of its own; timeout_seconds and retry are those of each job."""

    items: ItemsSettings
    """what there is a job for each of [required]"""
    job: JobRequest
    """what is submitted; parameters of the pipeline with the names of the job definition's go to it [required]"""
    item_parameter: OptionName
    """the job's parameter that gets the item; with batch_size more than 1 a JSON array of items [at least 1 character;
    required]"""
    batch_size: int = Field(default=1, ge=1, le=1_000)
    """items of one job; fewer where their texts are long [from 1 to 1,000; default 1]"""
    max_concurrency: int = Field(default=100, ge=1, le=10_000)
    """jobs that are submitted and not done; Batch has its own limits besides [from 1 to 10,000; default 100]"""
    tolerated_failure_percentage: float = Field(default=0.0, ge=0, le=100)
    """of the items; the stage fails at once when more have failed [from 0 to 100; default 0.0]"""
    results_bucket: Annotated[ShortName, RefersTo("buckets")]
    """where Step Functions writes which items succeeded and failed [one of the environment's buckets; required]"""
    results_prefix: str = Field(default="fan-outs/", max_length=256, pattern=r"^[0-9A-Za-z_./-]+/$")
    """of the keys there [at most 256 characters; default 'fan-outs/']"""

    def check_item_parameter(self) -> Iterator[Problem]:
        """Check that the item has a place of its own, and that the job is one for each."""
        if self.item_parameter in self.job.parameters:
            got = format_value(self.job.parameters[self.item_parameter])
            yield Problem(
                f"job.parameters.{self.item_parameter}", "be left out", got, "it is what the item is given by"
            )
