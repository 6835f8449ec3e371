"""What is added of Lambda is what AWS's API says."""

import pytest

from rehearsal.lending import lend
from tests.rehearsal.local_aws.asking import ACCOUNT, REGION, client


@pytest.mark.parametrize("qualifier", ["", ":live"])
def test_an_event_source_mapping_is_of_the_version_that_it_was_given(qualifier: str) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:process{qualifier}"
    lend([(ACCOUNT, REGION, arn)])
    client("sqs").create_queue(QueueName="a")
    functions = client("lambda")
    source = f"arn:aws:sqs:{REGION}:{ACCOUNT}:a"
    made = functions.create_event_source_mapping(EventSourceArn=source, FunctionName=arn)
    assert functions.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"] == made["FunctionArn"] == arn
