"""Flow logs of a VPC: which address talked to which, accepted or refused, in a log group that forgets."""

from cdktf_cdktf_provider_aws.flow_log import FlowLog
from constructs import Construct

from modules import arns
from modules.cloudwatch.log_group import define_log_group
from modules.cloudwatch.log_retention import RetentionDays
from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.naming import AwsLocation

# Not CreateLogGroup: a group that the service made would have no retention.
WRITE = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def define_flow_logs(
    vpc: Construct, name: str, vpc_id: str, retention_days: RetentionDays, location: AwsLocation
) -> None:
    """Define the flow log, its log group and the role that writes there and nowhere else."""
    scope = Construct(vpc, "flow-logs")
    group = define_log_group(scope, "log-group", name=name, retention_days=retention_days)
    role = WorkloadRole(
        scope,
        "role",
        name=name,
        services=["vpc-flow-logs.amazonaws.com"],
        account_id=location.account_id,
        description="Writes the flow logs of a VPC",
    )
    role.add_policy("write", [allow("WriteFlowLogs", WRITE, f"{arns.log_group(location, name)}:*")])
    flow_log = FlowLog(
        scope,
        "Resource",
        vpc_id=vpc_id,
        traffic_type="ALL",
        log_destination=group.arn,
        iam_role_arn=role.role_arn,
        tags={"Name": name},
    )
    start_after_permissions(flow_log, role)
