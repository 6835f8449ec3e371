"""Terraform's errors, each on one line."""

from rehearsal.terraform import errors_in

PRINTED = """aws_vpc.a: Creating...

Warning: Something is old

  on cdk.tf.json line 1

Error: creating S3 Bucket (a) Logging: InvalidTargetBucketForLogging

  with aws_s3_bucket_logging.a,
  on cdk.tf.json line 5

Error: second
"""
BOXED = """╷
│ Error: first
│
│   with aws_vpc.a
╵
"""


def test_each_error_is_one_line_with_its_place() -> None:
    assert errors_in(PRINTED) == [
        "creating S3 Bucket (a) Logging: InvalidTargetBucketForLogging with aws_s3_bucket_logging.a, "
        "on cdk.tf.json line 5",
        "second",
    ]


def test_the_frame_that_terraform_draws_is_no_part_of_it() -> None:
    assert errors_in(BOXED) == ["first with aws_vpc.a"]


def test_where_nothing_went_wrong_there_is_none() -> None:
    assert errors_in("Apply complete!") == []
