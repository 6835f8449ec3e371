"""A fair-share scheduling policy: ``aws_batch_scheduling_policy``."""

from cdktf_cdktf_provider_aws.batch_scheduling_policy import (
    BatchSchedulingPolicy,
    BatchSchedulingPolicyFairSharePolicy,
)
from constructs import Construct

from modules.batch.settings.job_queues import FairSharePolicySettings
from modules.blocks import typed_block
from modules.defaults import default_name
from modules.names import require_name


class FairSharePolicy(Construct):
    """Define a fair-share policy. ``scheduling_policy_arn`` is a token."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: FairSharePolicySettings, name: str | None = None
    ) -> None:
        super().__init__(scope, id_)
        name = default_name(scope, id_, name)
        require_name("scheduling policy", name)
        shares = {
            "shareDecaySeconds": settings.share_decay_seconds,
            "computeReservation": settings.compute_reservation,
            "shareDistribution": [
                {"shareIdentifier": share, "weightFactor": weight} for share, weight in sorted(settings.shares.items())
            ],
        }
        policy = BatchSchedulingPolicy(
            self,
            "Resource",
            name=name,
            fair_share_policy=typed_block(BatchSchedulingPolicyFairSharePolicy, shares),
            tags=settings.tags or None,
        )
        self.scheduling_policy_arn: str = policy.arn
