"""Compute environments in an EKS cluster that somebody else owns.

Source: EksConfiguration in the Batch API reference, "Getting started with AWS Batch on Amazon EKS".
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.batch.settings.compute_environments import InstanceCapacity, SpotMarket
from modules.markers import ArnOf, Replaces
from modules.problems import Problem
from modules.settings import Distinct
from modules.vpc.placement_settings import SecurityGroupId


class EksCapacity(InstanceCapacity, abstract=True):
    """Nodes that Batch adds to an EKS cluster that somebody else owns, who has let Batch in.

    Batch uses its service-linked role there, which the cluster's access entries (or aws-auth) must name, as well as the
    nodes' role. That role lets nodes join and pull images; the cluster's network plugin needs a role of its own.
    """

    kind = "EKS"
    orchestrator = "EKS"
    takes_own_image = False

    eks_cluster_arn: Annotated[
        str, Replaces("compute environment"), ArnOf("cluster", "Batch adds nodes to clusters of its own region only")
    ] = Field(pattern=r"^arn:aws[a-z-]*:eks:[a-z0-9-]+:[0-9]{12}:cluster/[0-9A-Za-z][0-9A-Za-z_-]{0,99}$")
    """the cluster's ARN [required; a change replaces the compute environment]"""
    kubernetes_namespace: Annotated[str, Replaces("compute environment")] = Field(
        max_length=63, pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
    )
    """Batch manages the pods in it [at most 63 characters; required; a change replaces the compute environment]"""
    kubernetes_version: str | None = Field(default=None, pattern=r"^1\.[0-9]{2}$")
    """of the nodes' image; None: the newest that Batch supports when it is made [default None]"""
    security_group_ids: Distinct[SecurityGroupId] = Field(min_length=1, max_length=4)
    """normally the cluster's own group, without which no node reaches it; besides the network's groups [1 to 4 items;
    required]"""

    node_role_for_pods: bool = True
    """False: pods outside of the host's network cannot reach the instance metadata, and so cannot use the node's role;
    what runs on every node and looks there for region or zone, as drivers of volumes do, must be told [default True]"""

    def check_own_image(self) -> Iterator[Problem]:
        """Refuse an image of one's own: Batch would start its nodes as those of Amazon Linux 2."""
        if self.image_id is not None:
            reason = "provider 6.25.0 has no userdataType, and without EKS_NODEADM nodes of that image never join"
            yield self.problem("image_id", "be left out on EKS", reason)

    def check_eks_capacity(self) -> Iterator[Problem]:
        """Check the namespace against the ones that Batch refuses."""
        if self.kubernetes_namespace == "default" or self.kubernetes_namespace.startswith("kube-"):
            rule = 'be neither "default" nor start with "kube-"'
            yield self.problem("kubernetes_namespace", rule, "Batch needs a namespace of its own")


class EksComputeEnvironment(EksCapacity):
    """EC2 instances on demand as nodes of an EKS cluster."""

    capacity_type = "EC2"


class EksSpotComputeEnvironment(SpotMarket, EksCapacity):
    """EC2 Spot instances as nodes of an EKS cluster."""

    capacity_type = "SPOT"
