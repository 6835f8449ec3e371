"""What is added to moto is what AWS's API says: asked and answered through botocore, which knows its shapes."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.utils import get_service_model

from rehearsal import local_aws
from rehearsal.lending import lend

REGION = "us-east-1"
ACCOUNT = "123456789012"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    local_aws.install(lambda owner, name, value: monkeypatch.setattr(owner, name, value, raising=False))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def subnet() -> tuple[str, str]:
    """Return a subnet and a security group."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="a", Description="a", VpcId=vpc)["GroupId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"], group


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
        "LogsResponse": "logs",
        "CloudWatchResponse": "cloudwatch",
    }
    for owner, name, _ in local_aws.ADDITIONS:
        if owner.__name__ in services:
            operations = get_service_model(services[owner.__name__]).operation_names
            assert name in {form for operation in operations for form in (xform_name(operation), operation.lower())}


def test_a_queue_keeps_its_policy_when_other_attributes_change() -> None:
    sqs = client("sqs")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}]}
    url = sqs.create_queue(QueueName="a", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (json.loads(shown["Policy"]), shown["DelaySeconds"]) == (policy, "5")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


@pytest.mark.parametrize("qualifier", ["", ":live"])
def test_an_event_source_mapping_is_of_the_version_that_it_was_given(qualifier: str) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:process{qualifier}"
    lend([(ACCOUNT, REGION, arn)])
    client("sqs").create_queue(QueueName="a")
    functions = client("lambda")
    source = f"arn:aws:sqs:{REGION}:{ACCOUNT}:a"
    made = functions.create_event_source_mapping(EventSourceArn=source, FunctionName=arn)
    assert functions.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"] == made["FunctionArn"] == arn


@pytest.mark.parametrize("names", [["All"], ["RedriveAllowPolicy"], ["RedriveAllowPolicy", "DelaySeconds"]])
def test_a_queue_says_who_may_use_it_for_dead_letters(names: list[str]) -> None:
    sqs = client("sqs")
    policy = '{"redrivePermission":"denyAll"}'
    url = sqs.create_queue(QueueName="a")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": policy})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert shown["RedriveAllowPolicy"] == policy


def test_a_redrive_policy_is_shown_without_spaces() -> None:
    sqs = client("sqs")
    sqs.create_queue(QueueName="dead")
    policy = f'{{"deadLetterTargetArn":"arn:aws:sqs:{REGION}:{ACCOUNT}:dead","maxReceiveCount":5}}'
    url = sqs.create_queue(QueueName="a", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    assert (
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
        == policy
    )


def compute_environment(**more: Any) -> dict[str, Any]:
    subnet_id, group = subnet()
    batch = client("batch")
    resources = {"type": "FARGATE", "maxvCpus": 4, "subnets": [subnet_id], "securityGroupIds": [group]}
    batch.create_compute_environment(
        computeEnvironmentName="fargate", type="MANAGED", computeResources=resources, **more
    )
    return described_environment()


def described_environment() -> dict[str, Any]:
    (shown,) = client("batch").describe_compute_environments(computeEnvironments=["fargate"])["computeEnvironments"]
    return dict(shown)


def test_batch_uses_its_own_role_where_none_is_given() -> None:
    role = "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
    assert compute_environment()["serviceRole"] == role


def test_a_compute_environment_takes_the_update_policy_that_it_is_given_last() -> None:
    assert "updatePolicy" not in compute_environment()
    for minutes in (60, 90):
        policy = {"terminateJobsOnUpdate": True, "jobExecutionTimeoutMinutes": minutes}
        client("batch").update_compute_environment(computeEnvironment="fargate", updatePolicy=policy)
        assert described_environment()["updatePolicy"] == policy


def test_a_compute_environment_may_have_its_security_groups_from_a_launch_template() -> None:
    subnet_id, _ = subnet()
    role = client("iam").create_instance_profile(InstanceProfileName="a")["InstanceProfile"]["Arn"]
    resources = {
        "type": "EC2",
        "minvCpus": 0,
        "maxvCpus": 4,
        "subnets": [subnet_id],
        "instanceTypes": ["m5"],
        "instanceRole": role,
        "launchTemplate": {"launchTemplateName": "template"},
    }
    name = {"computeEnvironmentName": "fargate", "type": "MANAGED"}
    client("batch").create_compute_environment(**name, computeResources=resources)
    assert described_environment()["computeResources"] == resources


def test_an_update_changes_the_resources_that_it_names() -> None:
    before = compute_environment()["computeResources"]
    client("batch").update_compute_environment(computeEnvironment="fargate", computeResources={"maxvCpus": 8})
    assert described_environment()["computeResources"] == {**before, "maxvCpus": 8}


def test_a_job_queue_keeps_the_time_limits_of_its_jobs_and_takes_new_ones() -> None:
    compute_environment()
    limits = [
        {
            "reason": "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
            "state": "RUNNABLE",
            "maxTimeSeconds": 600,
            "action": "CANCEL",
        }
    ]
    batch = client("batch")
    batch.create_job_queue(
        jobQueueName="a",
        priority=1,
        state="ENABLED",
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "fargate"}],
        jobStateTimeLimitActions=limits,
    )
    (shown,) = batch.describe_job_queues(jobQueues=["a"])["jobQueues"]
    assert shown["jobStateTimeLimitActions"] == limits
    batch.update_job_queue(jobQueue="a", jobStateTimeLimitActions=[])
    (shown,) = batch.describe_job_queues(jobQueues=["a"])["jobQueues"]
    assert shown["jobStateTimeLimitActions"] == []


NODES = {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:1"}]}
TASKS = {"taskProperties": [{"containers": [{"image": "a"}]}]}


@pytest.mark.parametrize(
    ("type_", "given"), [("multinode", {"nodeProperties": NODES}), ("container", {"ecsProperties": TASKS})]
)
def test_a_job_definition_shows_all_that_was_registered(type_: str, given: dict[str, Any]) -> None:
    batch = client("batch")
    first = {**given, "schedulingPriority": 100, "platformCapabilities": ["EC2"]}
    second = {**given, "timeout": {"attemptDurationSeconds": 60}, "platformCapabilities": ["FARGATE"]}
    for definition in (first, second):
        arn = batch.register_job_definition(jobDefinitionName="a", type=type_, **definition)["jobDefinitionArn"]
        (shown,) = batch.describe_job_definitions(jobDefinitions=[arn])["jobDefinitions"]
        assert definition.items() <= shown.items()
        assert ("timeout" in shown) == ("timeout" in definition)


def service(**given: Any) -> dict[str, Any]:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="a")
    ecs.register_task_definition(family="a", containerDefinitions=[{"name": "a", "image": "a", "memory": 64}])
    ecs.create_service(cluster="a", serviceName="a", taskDefinition="a", desiredCount=0, **given)
    return described_service()


def described_service() -> dict[str, Any]:
    (shown,) = client("ecs").describe_services(cluster="a", services=["a"])["services"]
    return dict(shown)


def test_a_service_keeps_what_it_is_made_with_and_takes_what_it_is_changed_to() -> None:
    given = {
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}],
        "enableECSManagedTags": True,
        "enableExecuteCommand": True,
        "healthCheckGracePeriodSeconds": 30,
        "placementStrategy": [{"type": "binpack", "field": "memory"}],
        "availabilityZoneRebalancing": "ENABLED",
    }
    assert given.items() <= service(**given).items()
    changed = {**given, "enableExecuteCommand": False, "availabilityZoneRebalancing": "DISABLED"}
    client("ecs").update_service(
        cluster="a", service="a", enableExecuteCommand=False, availabilityZoneRebalancing="DISABLED"
    )
    assert changed.items() <= described_service().items()


@pytest.mark.parametrize(("strategy", "percents"), [("DAEMON", (100, 0)), ("REPLICA", (200, 100))])
def test_a_deployment_has_the_percentages_of_its_scheduling_strategy(strategy: str, percents: tuple[int, int]) -> None:
    shown = service(launchType="EC2", schedulingStrategy=strategy)["deploymentConfiguration"]
    assert (shown["maximumPercent"], shown["minimumHealthyPercent"]) == percents
    given = {"minimumHealthyPercent": 50}
    client("ecs").update_service(cluster="a", service="a", deploymentConfiguration=given)
    assert described_service()["deploymentConfiguration"] == {"maximumPercent": percents[0], **given}


def test_all_tasks_of_a_service_run_and_its_deployment_is_over() -> None:
    service(launchType="EC2")
    client("ecs").update_service(cluster="a", service="a", desiredCount=3)
    shown = described_service()
    (deployment,) = shown["deployments"]
    assert (shown["runningCount"], shown["pendingCount"]) == (3, 0)
    assert (deployment["runningCount"], deployment["rolloutState"]) == (3, "COMPLETED")


@pytest.mark.parametrize("given", [{"EventBridgeConfiguration": {}}, {}])
def test_a_bucket_says_whether_its_events_go_to_eventbridge(given: dict[str, Any]) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_bucket_notification_configuration(Bucket="bucket", NotificationConfiguration=given)
    shown = s3.get_bucket_notification_configuration(Bucket="bucket")
    assert {name: value for name, value in shown.items() if name != "ResponseMetadata"} == given


def test_a_bucket_keeps_its_intelligent_tiering_by_id() -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    tiers = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]
    given = {"Id": "a", "Filter": {"Prefix": "raw/"}, "Status": "Enabled", "Tierings": tiers}
    s3.put_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a", IntelligentTieringConfiguration=given)
    shown = s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    assert shown["IntelligentTieringConfiguration"] == given
    s3.delete_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket="bucket", Id="a")


def test_a_capacity_provider_strategy_stands_instead_of_a_launch_type() -> None:
    assert "launchType" not in service(capacityProviderStrategy=[{"capacityProvider": "FARGATE"}])


def test_a_service_without_network_has_no_network_configuration() -> None:
    assert "networkConfiguration" not in service(launchType="EC2")


def test_a_group_keeps_what_it_is_made_with_and_takes_what_it_is_changed_to() -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="a",
        MinSize=0,
        MaxSize=1,
        LaunchTemplate={"LaunchTemplateName": "template"},
        AvailabilityZones=[f"{REGION}a"],
        DefaultInstanceWarmup=300,
        MaxInstanceLifetime=86_400,
    )
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["a"])["AutoScalingGroups"]
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"], group["MaxSize"]) == (300, 86_400, 1)
    scaling.update_auto_scaling_group(AutoScalingGroupName="a", DefaultInstanceWarmup=60, MaxSize=2)
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["a"])["AutoScalingGroups"]
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"], group["MaxSize"]) == (60, 86_400, 2)


def test_a_group_has_what_nobody_gave_it_until_somebody_does() -> None:
    client("ec2").create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling, name = client("autoscaling"), {"AutoScalingGroupName": "a"}
    template, zones = {"LaunchTemplateName": "template"}, [f"{REGION}a"]
    scaling.create_auto_scaling_group(**name, MinSize=0, MaxSize=1, LaunchTemplate=template, AvailabilityZones=zones)
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["CapacityReservationSpecification"] == {"CapacityReservationPreference": "default"}
    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}
    first = {"CapacityReservationPreference": "capacity-reservations-first"}
    for given in ({"CapacityReservationSpecification": first}, {"MaxSize": 2}):
        scaling.update_auto_scaling_group(**name, **given)
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["CapacityReservationSpecification"] == first


def test_the_instances_of_a_group_are_refreshed_at_once() -> None:
    client("ec2").create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling, name = client("autoscaling"), {"AutoScalingGroupName": "a"}
    template, zones = {"LaunchTemplateName": "template"}, [f"{REGION}a"]
    scaling.create_auto_scaling_group(**name, MinSize=0, MaxSize=1, LaunchTemplate=template, AvailabilityZones=zones)
    assert scaling.describe_instance_refreshes(**name)["InstanceRefreshes"] == []
    first, second = [scaling.start_instance_refresh(**name)["InstanceRefreshId"] for _ in range(2)]
    shown = scaling.describe_instance_refreshes(**name)["InstanceRefreshes"]
    assert [refresh["InstanceRefreshId"] for refresh in shown] == [second, first]
    (shown,) = scaling.describe_instance_refreshes(**name, InstanceRefreshIds=[first])["InstanceRefreshes"]
    assert shown == {"InstanceRefreshId": first, "AutoScalingGroupName": "a", "Status": "Successful"}


def test_a_scalable_target_has_its_tags() -> None:
    service(launchType="EC2")
    scaling = client("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/a/a",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=2,
        Tags={"project": "a"},
    )["ScalableTargetARN"]
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"project": "a"}


@pytest.mark.parametrize(
    ("delete", "named"),
    [("deregister_scalable_target", {}), ("delete_scaling_policy", {"PolicyName": "a"})],
)
def test_what_scales_a_service_and_is_gone_is_not_found(delete: str, named: dict[str, str]) -> None:
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/a/a", "ScalableDimension": "ecs:service:DesiredCount"}
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        getattr(client("application-autoscaling"), delete)(**target, **named)


def test_the_versions_of_a_state_machine_are_listed_newest_first() -> None:
    states = client("stepfunctions")
    role = client("iam").create_role(RoleName="a", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    definition = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Succeed"}}})
    machine = states.create_state_machine(name="a", definition=definition, roleArn=role, publish=True)
    arn = machine["stateMachineArn"]
    states.update_state_machine(stateMachineArn=arn, definition=definition.replace('"a"', '"b"'), publish=True)
    versions = states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in versions] == [f"{arn}:2", f"{arn}:1"]


def test_a_definition_is_found_valid() -> None:
    said = client("stepfunctions").validate_state_machine_definition(definition="{}")
    assert (said["result"], said["diagnostics"]) == ("OK", [])


@pytest.mark.parametrize("status", ["ENABLED", "DISABLED"])
def test_a_file_system_has_the_backup_policy_that_was_put(status: str) -> None:
    efs = client("efs")
    id_ = efs.create_file_system(CreationToken="a")["FileSystemId"]
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_backup_policy(FileSystemId=id_)
    put = efs.put_backup_policy(FileSystemId=id_, BackupPolicy={"Status": status})["BackupPolicy"]
    assert put == efs.describe_backup_policy(FileSystemId=id_)["BackupPolicy"] == {"Status": status}


def test_a_file_systems_policy_can_be_deleted() -> None:
    efs = client("efs")
    id_ = efs.create_file_system(CreationToken="a")["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=id_, Policy='{"Version":"2012-10-17","Statement":[]}')
    assert efs.describe_file_system_policy(FileSystemId=id_)["FileSystemId"] == id_
    efs.delete_file_system_policy(FileSystemId=id_)
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=id_)


@pytest.mark.parametrize("way", ["ingress", "egress"])
def test_a_rule_keeps_its_description_whatever_it_is_for(way: str) -> None:
    _, group = subnet()
    ec2 = client("ec2")
    sources = {
        "UserIdGroupPairs": [{"GroupId": group, "Description": "members"}],
        "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "S3"}],
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "us"}],
    }
    for number, (kind, source) in enumerate(sources.items()):
        port = 443 + number
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, kind: source}
        getattr(ec2, f"authorize_security_group_{way}")(GroupId=group, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert {rule.get("Description", "") for rule in rules} - {""} == {"members", "S3", "us"}


def test_the_tags_of_a_launch_template_are_not_those_of_what_is_launched() -> None:
    ec2 = client("ec2")
    given = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "instance"}]}]
    made = ec2.create_launch_template(
        LaunchTemplateName="template",
        LaunchTemplateData={"InstanceType": "m5.large", "TagSpecifications": given},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "template"}]}],
    )["LaunchTemplate"]
    assert made["Tags"] == [{"Key": "a", "Value": "template"}]
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateName="template")["LaunchTemplateVersions"]
    assert version["LaunchTemplateData"]["TagSpecifications"] == given


def test_a_placement_group_is_made_shown_tagged_and_deleted() -> None:
    ec2 = client("ec2")
    tags = [{"Key": "project", "Value": "a"}]
    made = ec2.create_placement_group(
        GroupName="a", Strategy="cluster", TagSpecifications=[{"ResourceType": "placement-group", "Tags": tags}]
    )["PlacementGroup"]
    (shown,) = ec2.describe_placement_groups(GroupNames=["a"])["PlacementGroups"]
    assert shown == made
    assert shown == {
        "GroupName": "a",
        "State": "available",
        "Strategy": "cluster",
        "GroupId": made["GroupId"],
        "GroupArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:placement-group/a",
        "Tags": tags,
    }
    (shown,) = ec2.describe_placement_groups(GroupIds=[made["GroupId"]])["PlacementGroups"]
    assert shown == made
    ec2.create_tags(Resources=[made["GroupId"]], Tags=[{"Key": "project", "Value": "b"}])
    (shown,) = ec2.describe_placement_groups()["PlacementGroups"]
    assert shown["Tags"] == [{"Key": "project", "Value": "b"}]
    ec2.delete_placement_group(GroupName="a")
    assert ec2.describe_placement_groups()["PlacementGroups"] == []


def test_a_placement_group_that_is_there_is_not_made_and_one_that_is_not_is_not_shown_or_deleted() -> None:
    ec2 = client("ec2")
    ec2.create_placement_group(GroupName="a", Strategy="spread")
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Duplicate"):
        ec2.create_placement_group(GroupName="a", Strategy="spread")
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Unknown"):
        ec2.describe_placement_groups(GroupNames=["b"])
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Unknown"):
        ec2.delete_placement_group(GroupName="b")


def test_queries_are_kept_changed_and_forgotten() -> None:
    logs = client("logs")
    query = {"name": "a/slow", "queryString": "limit 1", "logGroupNames": ["a"]}
    id_ = logs.put_query_definition(**query)["queryDefinitionId"]
    logs.put_query_definition(**query | {"queryString": "limit 2"}, queryDefinitionId=id_)
    logs.put_query_definition(**query | {"name": "b"})
    (shown,) = logs.describe_query_definitions(queryDefinitionNamePrefix="a/")["queryDefinitions"]
    assert shown == query | {"queryString": "limit 2", "queryDefinitionId": id_}
    assert logs.delete_query_definition(queryDefinitionId=id_)["success"]
    assert not logs.delete_query_definition(queryDefinitionId=id_)["success"]


def test_an_alarm_of_other_alarms_is_shown_as_it_was_made() -> None:
    cloudwatch = client("cloudwatch")
    given = {"AlarmName": "any", "AlarmRule": 'ALARM("a") OR ALARM("b")', "AlarmDescription": "one of them"}
    cloudwatch.put_composite_alarm(**given)
    (shown,) = cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert given.items() <= shown.items()
    assert shown["ActionsEnabled"] is True


def test_a_query_of_athena_is_kept_and_forgotten() -> None:
    athena = client("athena")
    query = {"Name": "ended-jobs", "Database": "audit", "QueryString": "SELECT 1", "WorkGroup": "primary"}
    id_ = athena.create_named_query(**query)["NamedQueryId"]
    assert query.items() <= athena.get_named_query(NamedQueryId=id_)["NamedQuery"].items()
    athena.delete_named_query(NamedQueryId=id_)
    with pytest.raises(ClientError, match="NamedQuery was not found"):
        athena.get_named_query(NamedQueryId=id_)
