"""What the ECS agent on an instance of Batch may do: in the cluster of its own compute environment, and no other.

AWS's policy for it, AmazonEC2ContainerServiceforEC2Role, also opens the images, the log groups and the clusters of the
whole account; a job in host mode, as all of one container are, can take on the role of its instance. Images are pulled
and logs written with the execution role that each job definition has.

Instances of ECS's own capacity have AWS's: Service Connect polls for more than instances, and tasks do not reach it.

Source: "Actions, resources, and condition keys for Amazon ECS" in the Service Authorization Reference.
"""

from modules import arns
from modules.iam.policy import Statement, allow
from modules.naming import AwsLocation

# None of these takes a resource: where ECS answers, and the tags of instances.
FIND = ("ec2:DescribeTags", "ecs:DiscoverPollEndpoint")
JOIN = (
    "ecs:DeregisterContainerInstance",
    "ecs:RegisterContainerInstance",
    "ecs:SubmitAttachmentStateChanges",
    "ecs:SubmitContainerStateChange",
    "ecs:SubmitTaskStateChange",
)
WORK = ("ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState")


def agent_statements(location: AwsLocation, compute_environment: str) -> list[Statement]:
    """Return the permissions of instances of compute environments whose names start with ``compute_environment-``."""
    # Batch names the cluster: AWSBatch-<compute environment>-<uuid>, formerly <compute environment>_Batch_<uuid>.
    names = [f"AWSBatch-{compute_environment}-*", f"{compute_environment}-*_Batch_*"]
    clusters = [arns.cluster(location, name) for name in names]
    instances = [arns.container_instances(location, name) for name in names]
    own, registering = {"ecs:cluster": clusters}, {"ecs:CreateAction": "RegisterContainerInstance"}
    return [
        allow("FindCluster", FIND, "*"),
        allow("JoinCluster", JOIN, clusters),
        allow("WorkInCluster", WORK, arns.container_instance(location, "*"), condition={"ArnLike": own}),
        allow("TagInstances", ["ecs:TagResource"], instances, condition={"StringEquals": registering}),
        allow("ReadTags", ["ecs:ListTagsForResource"], [*instances, *(arns.tasks(location, name) for name in names)]),
    ]
