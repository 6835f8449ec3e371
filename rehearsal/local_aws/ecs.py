"""What moto forgets of ECS: whatever CreateService and UpdateService say is described."""

from typing import Any

from moto.ecs.responses import EC2ContainerServiceResponse

from rehearsal.local_aws import adds, remember


@adds(EC2ContainerServiceResponse, "create_service", "update_service")
def keep_service(original: Any) -> Any:
    """Keep all of a service; a capacity provider strategy stands instead of a launch type, not beside it."""

    def write(response: Any) -> Any:
        given = dict(response.params)
        result = original(response)
        service = result.result["service"]
        remember(service, given, "ecs", "Service")
        if given.get("capacityProviderStrategy"):
            service.launch_type = None
        # An empty one would be one without subnets.
        service.network_configuration = service.network_configuration or None
        # Defaults of CreateService for each scheduling strategy.
        most, least = (100, 0) if service.scheduling_strategy == "DAEMON" else (200, 100)
        percents = {"maximumPercent": most, "minimumHealthyPercent": least}
        service.deployment_configuration = percents | (getattr(service, "deployment_configuration", None) or {})
        # All that is wanted runs, or a wait for a steady state would never end.
        service.running_count, service.pending_count = service.desired_count, 0
        for deployment in service.deployments:
            deployment |= {"runningCount": service.desired_count, "pendingCount": 0, "rolloutState": "COMPLETED"}
        return result

    return write
