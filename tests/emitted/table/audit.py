"""Who did what, and what it costs: CloudTrail, Athena with Glue's catalog, Budgets, Cost Explorer."""

from tests.emitted.requests import Limit, Row

ROWS = {
    "aws_athena_named_query": Row(requests=("athena.CreateNamedQuery",), names={"query": "QueryString"}),
    "aws_athena_workgroup": Row(
        requests=("athena.CreateWorkGroup",),
        elsewhere={"force_destroy": "read when the workgroup is deleted: RecursiveDeleteOption"},
    ),
    "aws_budgets_budget": Row(
        requests=("budgets.CreateBudget",),
        inside=("Budget",),
        names={
            "name": "Budget.BudgetName",
            "limit_amount": "Budget.BudgetLimit.Amount",
            "limit_unit": "Budget.BudgetLimit.Unit",
            "cost_filter": ".",
            "notification": "NotificationsWithSubscribers",
            **{
                f"notification.{argument}": f"Notification.{member}"
                for argument, member in {
                    "comparison_operator": "ComparisonOperator",
                    "notification_type": "NotificationType",
                    "threshold": "Threshold",
                    "threshold_type": "ThresholdType",
                }.items()
            },
        },
        elsewhere={
            "cost_filter.name": "a key of CostFilters",
            "cost_filter.values": "what stands under it",
            "notification.subscriber_email_addresses": "one of Subscribers, each with its type",
            "notification.subscriber_sns_topic_arns": "one of Subscribers, each with its type",
        },
        filled={
            "AccountId": "the account of the provider",
            "NotificationsWithSubscribers[].Subscribers": "the addresses and topics",
        },
        limits={
            "notification.subscriber_email_addresses": Limit("Subscriber: ten addresses", 0, 10, kind="entries"),
            "notification.subscriber_sns_topic_arns": Limit("Subscriber: one topic", 0, 1, kind="entries"),
        },
    ),
    "aws_ce_anomaly_monitor": Row(
        requests=("ce.CreateAnomalyMonitor",),
        inside=("AnomalyMonitor",),
        names={"name": "AnomalyMonitor.MonitorName"},
        wrong={
            f"AnomalyMonitor.MonitorSpecification.{member}": "no null reaches Cost Explorer: the provider drops it"
            for member in ("And", "CostCategories", "Dimensions", "Not", "Or", "Tags.MatchOptions")
        },
    ),
    "aws_ce_anomaly_subscription": Row(
        requests=("ce.CreateAnomalySubscription",),
        inside=("AnomalySubscription",),
        names={
            "name": "AnomalySubscription.SubscriptionName",
            "subscriber": "AnomalySubscription.Subscribers",
            "threshold_expression.dimension": "Dimensions",
        },
    ),
    "aws_cloudtrail": Row(
        requests=("cloudtrail.CreateTrail", "cloudtrail.PutEventSelectors"),
        names={
            "advanced_event_selector": "AdvancedEventSelectors",
            "advanced_event_selector.field_selector": "FieldSelectors",
        },
        filled={"TrailName": "the trail that was just made"},
        limits={"name": Limit("Naming requirements for CloudTrail", pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{2,127}")},
    ),
    "aws_glue_catalog_database": Row(requests=("glue.CreateDatabase",), inside=("DatabaseInput",)),
    "aws_glue_catalog_table": Row(
        requests=("glue.CreateTable",),
        inside=("TableInput",),
        names={"name": "TableInput.Name", "storage_descriptor.ser_de_info": "SerdeInfo"},
    ),
    "aws_resourcegroups_group": Row(
        requests=("resource-groups.CreateGroup",), filled={"ResourceQuery.Type": "TAG_FILTERS_1_0, the default"}
    ),
    "aws_s3_bucket_object_lock_configuration": Row(
        requests=("s3.PutObjectLockConfiguration",),
        inside=("ObjectLockConfiguration",),
    ),
}
