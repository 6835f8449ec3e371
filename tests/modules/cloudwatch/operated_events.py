"""What Batch and ECS tell while jobs and tasks come and go, in the form of AWS's documented samples."""

from typing import Any

from tests.modules.events.samples import HERE, JOB_FAILED, TASK_STOPPED, with_detail

CREATED, STARTED, STOPPED = 1_641_944_200_058, 1_641_944_260_058, 1_641_947_860_058
VCPUS = [{"value": "2", "type": "VCPU"}, {"value": "256", "type": "MEMORY"}]
SERVICE = f"arn:aws:ecs:{HERE}:service/FargateCluster/servicetest"
LOST_INSTANCE = "Host EC2 (instance i-0123456789abcdef0) terminated."
LOST_TASK = "Your Spot Task was interrupted."
LOST = {
    "statusReason": LOST_INSTANCE,
    "startedAt": STARTED,
    "stoppedAt": STOPPED,
}
INTERRUPTED = LOST | {"statusReason": LOST_TASK}
BROKEN = LOST | {"statusReason": "Essential container in task exited"}


def job(status: str, **detail: Any) -> dict[str, Any]:
    """Return the event that a job gets into a state."""
    container = {"image": "repository/image:1", "resourceRequirements": VCPUS, "logStreamName": "embed/default/1"}
    tags = {"team": "search", "resourceArn": f"arn:aws:batch:{HERE}:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8"}
    container |= detail.pop("container", {})
    return with_detail(JOB_FAILED, status=status, container=container, tags=tags, **detail)


def ended(status: str = "FAILED", reason: str = "Essential container in task exited", **detail: Any) -> dict[str, Any]:
    """Return the event that a job which ran has ended."""
    return job(status, startedAt=STARTED, stoppedAt=STOPPED, statusReason=reason, **detail)


def blocked(reason: str) -> dict[str, Any]:
    """Return the event that a job blocks its queue."""
    return job("RUNNABLE", statusReason=reason) | {"detail-type": "Batch Job Queue Blocked"}


def service_event(detail_type: str, name: str, **detail: Any) -> dict[str, Any]:
    """Return an event of a service or its deployment."""
    return {
        "version": "0",
        "id": "ddca6449-b258-46c0-8653-e0e3a6d0468b",
        "detail-type": detail_type,
        "source": "aws.ecs",
        "account": "111122223333",
        "time": "2020-05-23T12:31:14Z",
        "region": "us-east-1",
        "resources": [SERVICE],
        "detail": {"eventName": name, "updatedAt": "2020-05-23T11:11:11Z"} | detail,
    }


def deployment(name: str, reason: str) -> dict[str, Any]:
    """Return an event of a deployment."""
    return service_event("ECS Deployment State Change", name, deploymentId="ecs-svc/123", reason=reason)


RUNNING = job("RUNNING", startedAt=STARTED)
CHILD = job("SUCCEEDED", startedAt=STARTED, stoppedAt=STOPPED, arrayProperties={"index": 3})
ARRAY = job("SUCCEEDED", arrayProperties={"size": 200, "statusSummary": {}})
OUT_OF_CAPACITY = blocked("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested")
TOO_LARGE = blocked("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement is too large")
SPOT_TASK = with_detail(TASK_STOPPED, stopCode="SpotInterruption", group="service:servicetest")
FAILED_DEPLOYMENT = deployment("SERVICE_DEPLOYMENT_FAILED", "ECS deployment circuit breaker: task failed to start.")
ROLLING_BACK = deployment(
    "SERVICE_DEPLOYMENT_IN_PROGRESS", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/122."
)
NEW_DEPLOYMENT = deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", "ECS deployment ecs-svc/123 in progress.")
NO_PLACE = service_event(
    "ECS Service Action",
    "SERVICE_TASK_PLACEMENT_FAILURE",
    eventType="ERROR",
    clusterArn=f"arn:aws:ecs:{HERE}:cluster/FargateCluster",
    reason="RESOURCE:FARGATE",
)
STEADY = service_event("ECS Service Action", "SERVICE_STEADY_STATE", eventType="INFO")
