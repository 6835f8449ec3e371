"""Events as AWS's documentation shows them, and whether they have a pattern, as somebody else tells: moto's matcher."""

import json
from typing import Any

from moto.events.models import EventPattern, EventPatternParser

from modules.events.patterns import pattern_text
from modules.events.sources import EventContext
from modules.naming import AwsLocation

HERE = "us-east-1:111122223333"
CONTEXT = EventContext(
    AwsLocation("us-east-1", "111122223333"),
    {
        "buckets": {"data": "amzn-s3-demo-bucket1", "logs": "amzn-s3-demo-bucket2"},
        "job_queues": {"high": "PexjEHappyPathCanary2JobQueue", "low": "low"},
        "job_definitions": {"canary": "first-run-job-definition", "other": "first-run"},
        "clusters": {"main": "FargateCluster", "spare": "spare"},
        "task_definitions": {"index": "sample-fargate", "other": "sample"},
    },
)

JOB_FAILED = {
    "version": "0",
    "id": "c8f9c4b5-76e5-d76a-f980-7011e206042b",
    "detail-type": "Batch Job State Change",
    "source": "aws.batch",
    "account": "111122223333",
    "time": "2022-01-11T23:36:40Z",
    "region": "us-east-1",
    "resources": [f"arn:aws:batch:{HERE}:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8"],
    "detail": {
        "jobArn": f"arn:aws:batch:{HERE}:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
        "jobName": "event-test",
        "jobId": "4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
        "jobQueue": f"arn:aws:batch:{HERE}:job-queue/PexjEHappyPathCanary2JobQueue",
        "status": "FAILED",
        "attempts": [],
        "createdAt": 1641944200058,
        "retryStrategy": {"attempts": 2, "evaluateOnExit": []},
        "dependsOn": [],
        "jobDefinition": f"arn:aws:batch:{HERE}:job-definition/first-run-job-definition:1",
        "parameters": {},
        "platformCapabilities": [],
        "propagateTags": False,
    },
}
TASK_STOPPED = {
    "version": "0",
    "id": "3317b2af-7005-947d-b652-f55e762e571a",
    "detail-type": "ECS Task State Change",
    "source": "aws.ecs",
    "account": "111122223333",
    "time": "2020-01-23T17:57:58Z",
    "region": "us-east-1",
    "resources": [f"arn:aws:ecs:{HERE}:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad"],
    "detail": {
        "availabilityZone": "us-east-1c",
        "clusterArn": f"arn:aws:ecs:{HERE}:cluster/FargateCluster",
        "desiredStatus": "STOPPED",
        "group": "family:sample-fargate",
        "lastStatus": "STOPPED",
        "launchType": "FARGATE",
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "taskArn": f"arn:aws:ecs:{HERE}:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad",
        "taskDefinitionArn": f"arn:aws:ecs:{HERE}:task-definition/sample-fargate:1",
        "version": 4,
    },
}


def with_detail(event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    return event | {"detail": event["detail"] | detail}


def has(matches: dict[str, Any], event: dict[str, Any]) -> bool:
    """Return whether ``event`` has the pattern of ``matches``."""
    return text_fits(pattern_text(matches), event)


def text_fits(pattern: str, event: dict[str, Any]) -> bool:
    """Return whether ``event`` has a pattern, given as JSON."""
    return bool(EventPattern(pattern, EventPatternParser(pattern).parse()).matches_event(json.loads(json.dumps(event))))
