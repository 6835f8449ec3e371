"""Job queues that somebody else owns: jobs are submitted to them, and nothing about them is changed.

Source: JobQueueDetail in the Batch API reference.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from modules.batch.settings.job_queues import AnyJobQueueSettings, FairSharePolicySettings, ShareIdentifier
from modules.markers import arn_of_own
from modules.named_settings import ExistingSettings
from modules.settings import Distinct, Sequence


class ExistingJobQueue(ExistingSettings, AnyJobQueueSettings):
    """A job queue that somebody else owns. Whether a job fits what is behind it, only its owner can say."""

    job_queue_arn: Annotated[str, arn_of_own("job queue", "jobs wait in queues of their own")] = Field(
        pattern=r"^arn:aws[a-z-]*:batch:[a-z0-9-]+:[0-9]{12}:job-queue/[0-9A-Za-z_-]{1,128}$"
    )
    """e.g. arn:aws:batch:us-east-1:111122223333:job-queue/shared [required]"""
    shares: Distinct[ShareIdentifier] | None = None
    """None: first in, first out; else it has a scheduling policy, which weighs these; empty: none by name [default
    None]"""
    log_group_name: str = Field(default="/aws/batch/job", pattern=r"^[0-9A-Za-z_/.#-]+$", max_length=512)
    """where jobs write that go there first; it has to exist, e.g. /aws/batch/shared [at most 512 characters; default
    '/aws/batch/job']"""

    @property
    def is_fair_share(self) -> bool:
        """Return whether it has a scheduling policy."""
        return self.shares is not None

    def weights(self, policies: Mapping[str, FairSharePolicySettings]) -> tuple[str, Sequence[str]]:
        """Return what its owner's policy names."""
        return "shares", sorted(self.shares or ())
