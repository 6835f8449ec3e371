"""What moto forgets of EC2 Auto Scaling and Application Auto Scaling."""

import json
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult

from rehearsal.local_aws import adds, remember

# EC2 Auto Scaling: whatever CreateAutoScalingGroup and UpdateAutoScalingGroup say is described.


# What a group has that nobody gave it.
GROUP_DEFAULTS = {
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-best-effort"},
    "CapacityReservationSpecification": {"CapacityReservationPreference": "default"},
}


@adds(AutoScalingResponse, "create_auto_scaling_group", "update_auto_scaling_group")
def keep_group(original: Any) -> Any:
    """Keep all of a group."""

    def write(response: Any) -> Any:
        given = dict(response.params)
        result = original(response)
        group = response.autoscaling_backend.autoscaling_groups[given["AutoScalingGroupName"]]
        if "remembered" not in group.__dict__:
            given = GROUP_DEFAULTS | given
        remember(group, given, "autoscaling", "AutoScalingGroup")
        return result

    return write


@adds(AutoScalingResponse, "start_instance_refresh")
def start_instance_refresh(original: Any) -> Any:
    """Refresh the instances of a group, which takes no time: none run."""
    del original

    def start(response: Any) -> ActionResult:
        group = response.autoscaling_backend.autoscaling_groups[response.params["AutoScalingGroupName"]]
        refreshes = group.__dict__.setdefault("refreshes", [])
        id_ = f"refresh-{len(refreshes)}"
        refreshes.insert(0, {"InstanceRefreshId": id_, "AutoScalingGroupName": group.name, "Status": "Successful"})
        return ActionResult({"InstanceRefreshId": id_})

    return start


@adds(AutoScalingResponse, "describe_instance_refreshes")
def describe_instance_refreshes(original: Any) -> Any:
    """Show the refreshes of a group, the last one first."""
    del original

    def describe(response: Any) -> ActionResult:
        group = response.autoscaling_backend.autoscaling_groups[response.params["AutoScalingGroupName"]]
        wanted = response.params.get("InstanceRefreshIds")
        refreshes = group.__dict__.get("refreshes", [])
        shown = [refresh for refresh in refreshes if not wanted or refresh["InstanceRefreshId"] in wanted]
        return ActionResult({"InstanceRefreshes": shown})

    return describe


# Application Auto Scaling: RegisterScalableTarget takes tags, ListTagsForResource shows them.


@adds(ApplicationAutoScalingResponse, "register_scalable_target")
def keep_target_tags(original: Any) -> Any:
    """Keep a scalable target's tags."""

    def register_scalable_target(response: Any) -> str:
        result = str(original(response))
        tags = response.applicationautoscaling_backend.__dict__.setdefault("tags_of_targets", {})
        tags.setdefault(json.loads(result)["ScalableTargetARN"], {}).update(response._get_param("Tags") or {})
        return result

    return register_scalable_target


@adds(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_target_tags(original: Any) -> Any:
    """Show a scalable target's tags."""
    del original

    def list_tags_for_resource(response: Any) -> str:
        tags = response.applicationautoscaling_backend.__dict__.get("tags_of_targets", {})
        return json.dumps({"Tags": tags.get(response._get_param("ResourceARN"), {})})

    return list_tags_for_resource


@adds(ApplicationAutoScalingResponse, "deregister_scalable_target", "delete_scaling_policy")
def find_nothing_to_delete(original: Any) -> Any:
    """Say ObjectNotFoundException of what is not there: a deletion whose answer was lost is sent again."""

    def delete(response: Any) -> Any:
        try:
            return original(response)
        except AWSValidationException as error:
            if not error.message.startswith("No scal"):
                raise
            raise JsonRESTError("ObjectNotFoundException", error.message) from error

    return delete
