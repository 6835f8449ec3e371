"""Metrics as AWS's documentation lists them: names, and the dimensions that each is published with.

Source: "Available CloudWatch metrics for Amazon SQS", "Amazon ECS Container Insights metrics", "Step Functions
metrics", "Monitoring Amazon EventBridge", "EventBridge Pipes CloudWatch metrics", "CloudWatch metrics for Amazon EFS",
"NAT gateway metrics and dimensions", "CloudWatch usage metrics".
"""

from collections.abc import Mapping

QUEUE, SERVICE = {"QueueName"}, {"ClusterName", "ServiceName"}
MACHINE, RULE, PIPE = {"StateMachineArn"}, {"RuleName"}, {"PipeName"}
DOCUMENTED: Mapping[str, Mapping[str, set[str]]] = {
    "AWS/SQS": {
        "ApproximateAgeOfOldestMessage": QUEUE,
        "ApproximateNumberOfMessagesDelayed": QUEUE,
        "ApproximateNumberOfMessagesNotVisible": QUEUE,
        "ApproximateNumberOfMessagesVisible": QUEUE,
        "NumberOfMessagesDeleted": QUEUE,
        "NumberOfMessagesReceived": QUEUE,
        "NumberOfMessagesSent": QUEUE,
    },
    "ECS/ContainerInsights": {
        "CpuReserved": SERVICE,
        "CpuUtilized": SERVICE,
        "DeploymentCount": SERVICE,
        "DesiredTaskCount": SERVICE,
        "MemoryUtilized": SERVICE,
        "PendingTaskCount": SERVICE,
        "RunningTaskCount": SERVICE,
        "ContainerInstanceCount": {"ClusterName"},
        "TaskCount": {"ClusterName"},
    },
    "AWS/States": {
        "ExecutionTime": MACHINE,
        "ExecutionsAborted": MACHINE,
        "ExecutionsFailed": MACHINE,
        "ExecutionsStarted": MACHINE,
        "ExecutionsSucceeded": MACHINE,
        "ExecutionsTimedOut": MACHINE,
    },
    "AWS/Events": {"FailedInvocations": RULE, "Invocations": RULE, "TriggeredRules": RULE},
    "AWS/EventBridge/Pipes": {"ExecutionFailed": PIPE, "ExecutionTimeout": PIPE, "Invocations": PIPE},
    "AWS/ECS": {"CPUReservation": {"ClusterName"}, "GPUReservation": {"ClusterName"}},
    "AWS/Usage": {"ResourceCount": {"Class", "Resource", "Service", "Type"}},
    "AWS/EFS": {"BurstCreditBalance": {"FileSystemId"}, "PercentIOLimit": {"FileSystemId"}},
    "AWS/NATGateway": {"ErrorPortAllocation": {"NatGatewayId"}, "PacketsDropCount": {"NatGatewayId"}},
}
