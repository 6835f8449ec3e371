"""Batch's jobs and queues, SQS, logs and alarms."""

from tests.emitted.requests import Limit, Row
from tests.emitted.table.limits import (
    KUBERNETES_NAME,
    KUBERNETES_SUBDOMAIN,
    NOT_EMPTY,
    PATH,
    job_container,
    pod_container,
)

DOCUMENT = "an attribute of the queue, whose name differs by the type of resource"

ROWS = {
    "aws_batch_job_definition": Row(
        requests=("batch.RegisterJobDefinition",),
        schema="AWS::Batch::JobDefinition",
        names={
            "name": "jobDefinitionName",
            "eks_properties.pod_properties.image_pull_secret": "imagePullSecrets",
        },
        elsewhere={"deregister_on_new_revision": "whether Terraform deregisters what it replaces"},
        limits={
            **job_container("container_properties"),
            **job_container("ecs_properties.taskProperties.containers"),
            **job_container("node_properties.nodeRangeProperties.container"),
            **pod_container("eks_properties.pod_properties.containers"),
            **pod_container("eks_properties.pod_properties.init_containers"),
            "ecs_properties.taskProperties.containers.name": NOT_EMPTY,
            "ecs_properties.taskProperties.ephemeralStorage.sizeInGiB": Limit(
                "EphemeralStorage", 21, 200, kind="number"
            ),
            "ecs_properties.taskProperties.platformVersion": Limit(
                "AWS Fargate platform versions", words=("LATEST", "1.4.0"), kind="word"
            ),
            "eks_properties.pod_properties.image_pull_secret.name": KUBERNETES_SUBDOMAIN,
            "eks_properties.pod_properties.service_account_name": KUBERNETES_SUBDOMAIN,
            "eks_properties.pod_properties.volumes.name": KUBERNETES_NAME,
            "eks_properties.pod_properties.volumes.secret.secret_name": KUBERNETES_SUBDOMAIN,
            "eks_properties.pod_properties.volumes.host_path.path": PATH,
            "eks_properties.pod_properties.metadata.labels": Limit("Kubernetes: labels and selectors", kind="labels"),
            "node_properties.numNodes": Limit("AWS Batch service quotas", 2, 1_000, kind="number"),
            "node_properties.mainNode": Limit("NodeProperties", 0, 999, kind="number"),
            "parameters": Limit("names", 1, kind="keys"),
            "name": Limit("RegisterJobDefinition", pattern=r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}"),
            "retry_strategy.attempts": Limit("RetryStrategy", 1, 10, kind="number"),
            "retry_strategy.evaluate_on_exit": Limit("RetryStrategy: 5 rules", 0, 5, kind="entries"),
            "retry_strategy.evaluate_on_exit.on_exit_code": Limit(
                "EvaluateOnExit", pattern=r"(?s)(?=.{1,512}$)[0-9]*\*?"
            ),
            "retry_strategy.evaluate_on_exit.on_reason": Limit(
                "EvaluateOnExit", pattern=r"(?s)(?=.{1,512}$)[0-9A-Za-z.:\s]*\*?"
            ),
            "retry_strategy.evaluate_on_exit.on_status_reason": Limit(
                "EvaluateOnExit", pattern=r"(?s)(?=.{1,512}$)[0-9A-Za-z.:\s]*\*?"
            ),
            "scheduling_priority": Limit("RegisterJobDefinition", 0, 9_999, kind="number"),
            "timeout.attempt_duration_seconds": Limit("JobTimeout", 60, 2**31 - 1, kind="number"),
        },
    ),
    "aws_batch_job_queue": Row(
        requests=("batch.CreateJobQueue",),
        schema="AWS::Batch::JobQueue",
        names={"name": "jobQueueName"},
        limits={
            "name": Limit("CreateJobQueue", pattern=r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}"),
            "compute_environment_order": Limit("CreateJobQueue: 3 environments", 1, 3, kind="entries"),
            "job_state_time_limit_action.max_time_seconds": Limit(
                "JobStateTimeLimitAction", 600, 86_400, kind="number"
            ),
            "job_state_time_limit_action.reason": Limit("JobStateTimeLimitAction", 1, kind="characters"),
            "priority": Limit("CreateJobQueue: an integer", 0, 2**31 - 1, kind="number"),
        },
    ),
    "aws_batch_scheduling_policy": Row(
        requests=("batch.CreateSchedulingPolicy",),
        schema="AWS::Batch::SchedulingPolicy",
        limits={
            "name": Limit("CreateSchedulingPolicy", pattern=r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}"),
            "fair_share_policy.compute_reservation": Limit("FairsharePolicy", 0, 99, kind="number"),
            "fair_share_policy.share_decay_seconds": Limit("FairsharePolicy", 0, 604_800, kind="number"),
            "fair_share_policy.share_distribution": Limit("FairsharePolicy: 500 shares", 0, 500, kind="entries"),
            "fair_share_policy.share_distribution.share_identifier": Limit(
                "ShareAttributes", pattern=r"[0-9A-Za-z]{0,254}[0-9A-Za-z*]"
            ),
            "fair_share_policy.share_distribution.weight_factor": Limit(
                "ShareAttributes", 0.0001, 999.9999, kind="number"
            ),
        },
    ),
    "aws_cloudwatch_log_group": Row(
        requests=("logs.CreateLogGroup", "logs.PutRetentionPolicy"),
        schema="AWS::Logs::LogGroup",
        names={"name": "logGroupName"},
    ),
    "aws_cloudwatch_log_metric_filter": Row(
        requests=("logs.PutMetricFilter",),
        schema="AWS::Logs::MetricFilter",
        names={
            "name": "filterName|FilterName",
            "pattern": "filterPattern|FilterPattern",
            "metric_transformation": "metricTransformations|MetricTransformations",
            "metric_transformation.name": "metricName|MetricName",
            "metric_transformation.namespace": "metricNamespace|MetricNamespace",
            "metric_transformation.value": "metricValue|MetricValue",
        },
    ),
    "aws_cloudwatch_log_resource_policy": Row(requests=("logs.PutResourcePolicy",)),
    "aws_cloudwatch_query_definition": Row(requests=("logs.PutQueryDefinition",)),
    "aws_cloudwatch_composite_alarm": Row(
        requests=("cloudwatch.PutCompositeAlarm",), schema="AWS::CloudWatch::CompositeAlarm"
    ),
    "aws_cloudwatch_dashboard": Row(requests=("cloudwatch.PutDashboard",), schema="AWS::CloudWatch::Dashboard"),
    "aws_sns_topic": Row(
        requests=("sns.CreateTopic",),
        schema="AWS::SNS::Topic",
        names={"name": "Name|TopicName"},
        elsewhere={"kms_master_key_id": "one of Attributes, which the model does not name"},
        limits={"name": Limit("CreateTopic: letters, digits, _ and -", pattern=r"[A-Za-z0-9_-]{1,256}")},
    ),
    "aws_sns_topic_policy": Row(
        requests=("sns.SetTopicAttributes",),
        names={"arn": "TopicArn", "policy": "AttributeValue"},
        filled={"AttributeName": "Policy, of which the type is"},
    ),
    "aws_sns_topic_subscription": Row(requests=("sns.Subscribe",), schema="AWS::SNS::Subscription"),
    "aws_cloudwatch_metric_alarm": Row(
        requests=("cloudwatch.PutMetricAlarm",),
        schema="AWS::CloudWatch::Alarm",
        names={
            "metric_query": "Metrics",
            "metric_query.metric": "MetricStat",
            "metric_query.metric.metric_name": "Metric.MetricName",
            "metric_query.metric.namespace": "Metric.Namespace",
            "metric_query.metric.dimensions": "Metric.Dimensions",
        },
    ),
    "aws_lambda_event_source_mapping": Row(requests=("lambda.CreateEventSourceMapping",)),
    "aws_sfn_alias": Row(requests=("stepfunctions.CreateStateMachineAlias",)),
    "aws_sfn_state_machine": Row(
        requests=("stepfunctions.CreateStateMachine",),
        elsewhere={"logging_configuration.log_destination": "one of destinations, which the provider makes a list of"},
    ),
    "aws_sqs_queue": Row(
        requests=("sqs.CreateQueue",),
        schema="AWS::SQS::Queue",
        inside=("Attributes",),
        names={
            "name": "QueueName",
            "max_message_size": "Attributes.MaximumMessageSize|MaximumMessageSize",
            "message_retention_seconds": "Attributes.MessageRetentionPeriod|MessageRetentionPeriod",
            "receive_wait_time_seconds": "Attributes.ReceiveMessageWaitTimeSeconds|ReceiveMessageWaitTimeSeconds",
            "visibility_timeout_seconds": "Attributes.VisibilityTimeout|VisibilityTimeout",
        },
        limits={
            "name": Limit("CreateQueue: 80 characters, .fifo included", pattern=r"(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?"),
            "deduplication_scope": Limit("SetQueueAttributes", words=("messageGroup", "queue"), kind="word"),
            "fifo_throughput_limit": Limit("SetQueueAttributes", words=("perQueue", "perMessageGroupId"), kind="word"),
        },
    ),
    "aws_sqs_queue_policy": Row(requests=("sqs.SetQueueAttributes",), inside=("Attributes",)),
    "aws_sqs_queue_redrive_allow_policy": Row(requests=("sqs.SetQueueAttributes",), inside=("Attributes",)),
    "aws_sqs_queue_redrive_policy": Row(
        requests=("sqs.SetQueueAttributes",),
        inside=("Attributes",),
        limits={"redrive_policy.maxReceiveCount": Limit("SetQueueAttributes", 1, 1_000, kind="number")},
    ),
    "terraform_data": Row(
        elsewhere={
            "provisioner": "Terraform's own",
            "triggers_replace": "Terraform's own",
        }
    ),
}
