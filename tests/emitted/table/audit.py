"""Who did what: CloudTrail, and Athena with Glue's catalog."""

from tests.emitted.requests import Limit, Row

ROWS = {
    "aws_athena_named_query": Row(requests=("athena.CreateNamedQuery",), names={"query": "QueryString"}),
    "aws_athena_workgroup": Row(
        requests=("athena.CreateWorkGroup",),
        elsewhere={"force_destroy": "read when the workgroup is deleted: RecursiveDeleteOption"},
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
    "aws_s3_bucket_object_lock_configuration": Row(
        requests=("s3.PutObjectLockConfiguration",),
        inside=("ObjectLockConfiguration",),
    ),
}
