"""The queries find what they are for, executed by an engine that reads the same SQL, over records as CloudTrail's."""

import datetime
import json
from typing import Any

import duckdb
import pytest

from modules.athena.trail_queries import COLUMNS, TABLE, projection, query_text, trail_queries
from modules.naming import AwsLocation

HERE = AwsLocation("eu-central-1", "111122223333")
QUERIES = trail_queries(HERE, "tb-prod-")
TODAY = datetime.datetime.now(datetime.UTC).strftime("%Y/%m/%d")
QUEUE = "https://sqs.eu-central-1.amazonaws.com/111122223333/tb-prod-requests"


def record(service: str, name: str, parameters: dict[str, str], **other: Any) -> dict[str, Any]:
    return {
        "region": HERE.region,
        "day": TODAY,
        "eventtime": f"{TODAY.replace('/', '-')}T10:00:00Z",
        "eventsource": f"{service}.amazonaws.com",
        "eventname": name,
        "requestparameters": json.dumps(parameters),
        "readonly": "false",
        "useridentity": {"arn": "arn:aws:iam::111122223333:user/ana", "invokedby": None},
        **other,
    }


def found(query: str, records: list[dict[str, Any]], parameters: list[str]) -> list[dict[str, Any]]:
    """Execute a query over records; what Athena calls otherwise than the engine is defined."""
    engine = duckdb.connect()
    engine.execute("CREATE MACRO json_extract_scalar(document, path) AS json_extract_string(document, path)")
    engine.execute("CREATE MACRO date_format(day, form) AS strftime(day, form)")
    columns = [f"{name} VARCHAR" for name in ("region", "day", *COLUMNS) if name not in ("useridentity", "resources")]
    engine.execute(f"CREATE TABLE {TABLE} ({', '.join(columns)}, useridentity STRUCT(arn VARCHAR, invokedby VARCHAR))")
    for item in records:
        engine.execute(
            f"INSERT INTO {TABLE} BY NAME SELECT {', '.join(f'? AS {name}' for name in item)}", [*item.values()]
        )
    result = engine.execute(query_text(QUERIES[query]), parameters)
    names = [name for name, *_ in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


ENDED = record("batch", "TerminateJob", {"jobId": "job-1", "reason": "too slow"})
READ = record("s3", "GetObject", {"bucketName": "data", "key": "a.txt"}, readonly="true")
SENT = record("sqs", "SendMessage", {"queueUrl": QUEUE}, useridentity={"arn": None, "invokedby": "s3.amazonaws.com"})
CHANGED = record("iam", "PutRolePolicy", {"roleName": "tb-prod-worker"}, region="us-east-1")
REFUSED = record("sqs", "ReceiveMessage", {"queueUrl": QUEUE}, errorcode="AccessDenied", errormessage="no")


@pytest.mark.parametrize(
    ("query", "there", "not_there", "parameters", "told"),
    [
        ("ended-jobs", ENDED, {"eventname": "DescribeJobs"}, [], {"job_id": "job-1", "reason": "too slow"}),
        ("ended-jobs", ENDED, {"day": "2020/01/01"}, [], {"job_id": "job-1"}),
        (
            "submitted-jobs",
            record("batch", "SubmitJob", {"jobName": "embed", "jobQueue": "gpu"}),
            {"eventname": "TerminateJob"},
            [],
            {"job_name": "embed", "job_queue": "gpu"},
        ),
        ("read-object", READ, {"requestparameters": '{"bucketName":"data","key":"b"}'}, ["data", "a.txt"], {}),
        ("sent-to-queue", SENT, {"requestparameters": "{}"}, [QUEUE], {"who": "s3.amazonaws.com"}),
        ("changed-permissions", CHANGED, {"requestparameters": '{"roleName":"tb-dev-worker"}'}, [], {}),
        ("changed-permissions", CHANGED, {"readonly": "true"}, [], {}),
        ("refused-calls", REFUSED, {"errorcode": None}, [], {"errormessage": "no"}),
    ],
)
def test_a_query_finds_what_it_asks_after_and_nothing_else(
    query: str, there: dict[str, Any], not_there: dict[str, Any], parameters: list[str], told: dict[str, str]
) -> None:
    expected = {"who": "arn:aws:iam::111122223333:user/ana", "eventname": there["eventname"]} | told
    (row,) = found(query, [there, there | not_there], parameters)
    assert expected.items() <= row.items()
    assert query_text(QUERIES[query]).count("?") == len(QUERIES[query].parameters) == len(parameters)


def test_files_are_found_by_day_and_region_where_global_services_are_too() -> None:
    made = projection(HERE, "s3://logs/AWSLogs/111122223333/CloudTrail", 90)
    assert made["storage.location.template"] == "s3://logs/AWSLogs/111122223333/CloudTrail/${region}/${day}"
    assert made["projection.day.range"] == "NOW-90DAYS,NOW"
    assert made["projection.region.values"] == "eu-central-1,us-east-1"
    china = projection(AwsLocation("cn-northwest-1", "111122223333"), "s3://logs", 1)
    assert china["projection.region.values"] == "cn-north-1,cn-northwest-1"
