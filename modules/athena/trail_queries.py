"""The log of a trail as a table, and questions to it in SQL. No constructs.

Source: "Create the table for CloudTrail logs in Athena using partition projection" and "Use parameterized queries" in
the Athena user guide; "CloudTrail record contents" in the CloudTrail user guide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.naming import AwsLocation

TABLE = "audit_trail"
# Where what is no region's own is logged, as the roles of IAM are.
HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_ISSUER = "struct<type:string,principalid:string,arn:string,accountid:string,username:string>"
# Glue's types; CloudTrail's reader knows members by their names in small letters.
COLUMNS = {
    "eventtime": "string",
    "eventsource": "string",
    "eventname": "string",
    "awsregion": "string",
    "sourceipaddress": "string",
    "useragent": "string",
    "errorcode": "string",
    "errormessage": "string",
    "requestparameters": "string",
    "responseelements": "string",
    "readonly": "string",
    "eventid": "string",
    "vpcendpointid": "string",
    "recipientaccountid": "string",
    "useridentity": "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,"
    f"accesskeyid:string,username:string,sessioncontext:struct<sessionissuer:{_ISSUER}>>",
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
}


@dataclass(frozen=True)
class TrailQuery:
    """A question, what it selects besides when, what and who, the events it is about, and what each ``?`` is."""

    question: str
    selected: Sequence[str]
    where: Sequence[str]
    parameters: Sequence[str] = ()


def home_region(location: AwsLocation) -> str:
    """Return the region in which calls of global services are logged."""
    return HOMES.get(location.partition, location.region)


def query_text(query: TrailQuery, days: int = 30) -> str:
    """Return a query as Athena takes it, over the last ``days``: each of them is read, and paid for."""
    since = f"day >= date_format(current_date - interval '{days}' day, '%Y/%m/%d')"
    who = "coalesce(useridentity.arn, useridentity.invokedby) AS who"
    selected = ["eventtime", "eventname", who, "sourceipaddress", *query.selected, "errorcode"]
    where = "\n  AND ".join([since, *query.where])
    return f"SELECT {', '.join(selected)}\nFROM {TABLE}\nWHERE {where}\nORDER BY eventtime DESC"


def trail_queries(location: AwsLocation, prefix: str) -> Mapping[str, TrailQuery]:
    """Return the queries by name; what the environment has made begins with ``prefix``."""
    here = f"region = '{location.region}'"
    batch = (here, "eventsource = 'batch.amazonaws.com'")
    return {
        "ended-jobs": TrailQuery(
            "Who terminated or cancelled a job, and why?",
            [_given("jobId", "job_id"), _given("reason", "reason")],
            [*batch, "eventname IN ('TerminateJob', 'CancelJob')"],
        ),
        "submitted-jobs": TrailQuery(
            "Who submitted jobs, and to which queue?",
            [_given("jobName", "job_name"), _given("jobQueue", "job_queue")],
            [*batch, "eventname = 'SubmitJob'"],
        ),
        "read-object": TrailQuery(
            "Who read this object?",
            ["useragent"],
            [
                here,
                "eventsource = 's3.amazonaws.com'",
                "eventname IN ('GetObject', 'HeadObject', 'CopyObject', 'GetObjectAttributes')",
                f"{_member('bucketName')} = ?",
                f"{_member('key')} = ?",
            ],
            ["the bucket's name", "the object's key"],
        ),
        "sent-to-queue": TrailQuery(
            "Who sent to this queue?",
            ["useragent"],
            [
                here,
                "eventsource = 'sqs.amazonaws.com'",
                "eventname IN ('SendMessage', 'SendMessageBatch')",
                f"{_member('queueUrl')} = ?",
            ],
            ["the queue's URL"],
        ),
        "changed-permissions": TrailQuery(
            "Who changed roles and policies of this environment?",
            ["requestparameters"],
            [
                f"region = '{home_region(location)}'",
                "eventsource = 'iam.amazonaws.com'",
                "readonly = 'false'",
                f"strpos(requestparameters, '{prefix}') > 0",
            ],
        ),
        "refused-calls": TrailQuery(
            "What was refused, and to whom?",
            ["eventsource", "errormessage"],
            [here, "errorcode IN ('AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation')"],
        ),
    }


def storage(root: str) -> dict[str, Any]:
    """Return how Glue reads the files below ``root``, in the keys of its API."""
    return {
        "location": f"{root}/",
        "inputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
        "outputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "serDeInfo": {"serializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"},
        "columns": [{"name": column, "type": type_} for column, type_ in COLUMNS.items()],
    }


def projection(location: AwsLocation, root: str, days: int) -> dict[str, str]:
    """Return how Athena finds the files of a day in a region below ``root`` (``s3://…/CloudTrail``) without a list."""
    return {
        "EXTERNAL": "TRUE",
        "classification": "cloudtrail",
        "projection.enabled": "true",
        "projection.region.type": "enum",
        "projection.region.values": ",".join(sorted({location.region, home_region(location)})),
        "projection.day.type": "date",
        "projection.day.format": "yyyy/MM/dd",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "projection.day.range": f"NOW-{days}DAYS,NOW",
        "storage.location.template": f"{root}/${{region}}/${{day}}",
    }


def _member(name: str) -> str:
    return f"json_extract_scalar(requestparameters, '$.{name}')"


def _given(name: str, column: str) -> str:
    return f"{_member(name)} AS {column}"
