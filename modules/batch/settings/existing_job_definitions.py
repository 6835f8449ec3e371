"""Job definitions that somebody else owns: jobs of them are submitted, and nothing about them is changed.

Source: SubmitJob and JobDefinition in the Batch API reference.
"""

from typing import Annotated

from pydantic import Field

from modules.batch.settings.any_job_definitions import MOST_NODES, AnyJobDefinitionSettings
from modules.markers import arn_of_own
from modules.named_settings import ExistingSettings
from modules.naming import ContainerName
from modules.settings import Distinct


class ExistingJobDefinition(ExistingSettings, AnyJobDefinitionSettings):
    """A job definition that somebody else owns, of one container. What its jobs may do, only its owner says.

    Its settings are as its owner set them: what is submitted is checked against them.
    """

    job_definition_arn: Annotated[str, arn_of_own("job definition", "Batch runs definitions of its own")] = Field(
        pattern=r"^arn:aws[a-z-]*:batch:[a-z0-9-]+:[0-9]{12}:job-definition/[0-9A-Za-z_-]{1,128}(:[1-9][0-9]*)?$"
    )
    """e.g. arn:aws:batch:us-east-1:111122223333:job-definition/shared, of which the newest revision runs; with :3 at
    its end that revision [required]"""
    most_attempts: int = Field(default=1, ge=1, le=10)
    """how often a job of it is tried at most [from 1 to 10; default 1]"""

    @property
    def attempts(self) -> int:
        """Return how often a job of it is tried."""
        return self.most_attempts


class ExistingMultiContainerJobDefinition(ExistingJobDefinition):
    """A job definition that somebody else owns, of several containers on ECS."""

    containers: Distinct[ContainerName] = Field(min_length=1)
    """their names [at least 1 item; each at most 244 characters; required]"""


class ExistingEksJobDefinition(ExistingJobDefinition):
    """A job definition that somebody else owns, of a pod on EKS."""

    containers: Distinct[ContainerName] = Field(min_length=1)
    """the names of its containers [at least 1 item; each at most 244 characters; required]"""


class ExistingMultiNodeJobDefinition(ExistingJobDefinition):
    """A job definition that somebody else owns, of several nodes."""

    node_count: int = Field(ge=2, le=MOST_NODES)
    """how many nodes it has [from 2 to 1,000; required]"""
    least_node_count: int = Field(default=2, ge=2, le=MOST_NODES)
    """how few a submission may ask for: the main node and a node of the last group are among them [from 2 to 1,000;
    default 2]"""
