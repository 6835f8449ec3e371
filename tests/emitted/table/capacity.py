"""Machines: Batch's compute environments, Auto Scaling groups, launch templates."""

from tests.emitted.requests import Limit, Row

JUST_MADE = "the provider names what it has just made"

ROWS = {
    "aws_autoscaling_group": Row(
        requests=(
            "autoscaling.CreateAutoScalingGroup",
            "autoscaling.StartInstanceRefresh",
            "autoscaling.PutWarmPool",
            "autoscaling.SuspendProcesses",
        ),
        schema="AWS::AutoScaling::AutoScalingGroup",
        names={
            "name": "AutoScalingGroupName",
            "launch_template.id": "LaunchTemplateId",
            "protect_from_scale_in": "NewInstancesProtectedFromScaleIn",
            "StartInstanceRefresh:instance_refresh": ".",
            "PutWarmPool:warm_pool": ".",
            "SuspendProcesses:suspended_processes": "ScalingProcesses",
        },
        elsewhere={
            "force_delete": "read when the group is deleted: DeleteAutoScalingGroup.ForceDelete",
            "force_delete_warm_pool": "read when the group is deleted: DeleteWarmPool.ForceDelete",
            "wait_for_capacity_timeout": "how long Terraform waits",
            "warm_pool.pool_state": "spelled alike in both places, and PutWarmPool has it",
        },
        limits={
            "max_instance_lifetime": Limit("Amazon EC2 Auto Scaling User Guide", 86_400, 31_536_000, kind="number"),
            "default_instance_warmup": Limit("CreateAutoScalingGroup: -1 removes it", -1, kind="number"),
            "min_size": Limit("a size", 0, kind="number"),
            "max_size": Limit("a size", 0, kind="number"),
        },
    ),
    "aws_batch_compute_environment": Row(
        requests=("batch.CreateComputeEnvironment", "batch.UpdateComputeEnvironment"),
        schema="AWS::Batch::ComputeEnvironment",
        names={"CreateComputeEnvironment:name_prefix": "computeEnvironmentName"},
        filled={"computeEnvironment": JUST_MADE},
        limits={
            "name_prefix": Limit(
                "CreateComputeEnvironment; Terraform appends 26 characters", pattern=r"[0-9A-Za-z][0-9A-Za-z_-]{0,101}"
            ),
            "compute_resources.max_vcpus": Limit("a 32-bit integer", 0, 2**31 - 1, kind="number"),
            "compute_resources.min_vcpus": Limit("a 32-bit integer", 0, 2**31 - 1, kind="number"),
            "compute_resources.bid_percentage": Limit("ComputeResource: a percentage", 1, 100, kind="number"),
        },
    ),
    "aws_launch_template": Row(
        requests=("ec2.CreateLaunchTemplate",),
        schema="AWS::EC2::LaunchTemplate",
        inside=("LaunchTemplateData",),
        names={
            "name": "LaunchTemplateName",
            "vpc_security_group_ids": "LaunchTemplateData.SecurityGroupIds",
            "network_interfaces.security_groups": "Groups",
        },
        limits={
            "name": Limit("CreateLaunchTemplate", pattern=r"[A-Za-z0-9().\-/_]{3,128}"),
            "block_device_mappings.ebs.iops": Limit("gp3", 3_000, 80_000, kind="number"),
            "block_device_mappings.ebs.throughput": Limit("gp3", 125, 2_000, kind="number"),
            "block_device_mappings.ebs.volume_size": Limit("gp3", 1, 65_536, kind="number"),
            "metadata_options.http_put_response_hop_limit": Limit("metadata options", 1, 64, kind="number"),
        },
    ),
    "aws_placement_group": Row(
        requests=("ec2.CreatePlacementGroup",),
        schema="AWS::EC2::PlacementGroup",
        names={"name": "GroupName"},
        limits={"name": Limit("CreatePlacementGroup: 255 ASCII characters", 1, 255, kind="characters")},
    ),
}
