"""A fair-share scheduling policy: ``aws_batch_scheduling_policy``."""

from cdktf_cdktf_provider_aws.batch_scheduling_policy import (
    BatchSchedulingPolicy,
    BatchSchedulingPolicyFairSharePolicy,
    BatchSchedulingPolicyFairSharePolicyShareDistribution,
)
from constructs import Construct

from modules.batch.settings.job_queues import FairSharePolicySettings
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
        shares = [
            BatchSchedulingPolicyFairSharePolicyShareDistribution(share_identifier=share, weight_factor=weight)
            for share, weight in sorted(settings.shares.items())
        ]
        policy = BatchSchedulingPolicy(
            self,
            "Resource",
            name=name,
            fair_share_policy=BatchSchedulingPolicyFairSharePolicy(
                share_decay_seconds=settings.share_decay_seconds,
                compute_reservation=settings.compute_reservation,
                share_distribution=shares or None,
            ),
            tags=settings.tags or None,
        )
        self.scheduling_policy_arn: str = policy.arn
