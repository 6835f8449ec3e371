"""Only operations that services have are added."""

from botocore import xform_name
from moto.core.utils import get_service_model

from rehearsal import local_aws


def test_nothing_is_added_that_is_no_operation_of_its_service() -> None:
    services = {
        "EC2Response": "ec2",
        "EFSResponse": "efs",
        "AutoScalingResponse": "autoscaling",
        "EC2ContainerServiceResponse": "ecs",
        "ApplicationAutoScalingResponse": "application-autoscaling",
        "BatchResponse": "batch",
        "StepFunctionResponse": "stepfunctions",
        "AthenaResponse": "athena",
        "BudgetsResponse": "budgets",
        "CostExplorerResponse": "ce",
        "LogsResponse": "logs",
        "CloudWatchResponse": "cloudwatch",
    }
    for owner, name, _ in local_aws.ADDITIONS:
        if owner.__name__ in services:
            operations = get_service_model(services[owner.__name__]).operation_names
            assert name in {form for operation in operations for form in (xform_name(operation), operation.lower())}
