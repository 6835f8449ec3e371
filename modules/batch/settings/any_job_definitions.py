"""What is known of every job definition, whoever owns it: where its jobs wait, how long they run, what they take."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from modules.containers.settings import OptionName, no_plain_secrets
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.settings import Distinct, Settings

MOST_NODES = 1_000


class AnyJobDefinitionSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``job_definitions``."""

    job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = Field(min_length=1)
    """where it may be submitted; the first is the usual one and holds its logs [at least 1 item; each one of the
    environment's job_queues; required]"""
    timeout_seconds: int = Field(ge=60)
    """an attempt that takes longer is ended and not tried again [at least 60; required]"""
    parameters: Annotated[dict[OptionName, str], no_plain_secrets("secrets")] = Field(default_factory=dict)
    """defaults of what Ref::name stands for [each name at least 1 character; default empty; must not look like a secret
    in production]"""
    scheduling_priority: int | None = Field(default=None, ge=0, le=9_999)
    """for fair-share queues, which want one: the highest first, within a share [from 0 to 9,999; default None]"""

    @property
    def attempts(self) -> int:
        """Return how often a job of it is tried."""
        raise NotImplementedError

    def containers_by_path(self) -> Mapping[str, Settings]:
        """Return every container of the job, as far as they are known, by the path of its settings."""
        return {}
