import json

from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.perimeter import Perimeter
from modules.vpc.s3_endpoint import S3Endpoint
from tests.conftest import Synthesized


def test_it_is_a_route_of_every_table_with_a_policy(stack: TerraformStack, location: AwsLocation) -> None:
    perimeter = Perimeter(location)
    S3Endpoint(
        stack, "s3", name="tb-test-s3", vpc_id="vpc-01234567", route_table_ids=["rtb-1", "rtb-2"], perimeter=perimeter
    )
    endpoint = Synthesized(stack).one("aws_vpc_endpoint")
    assert endpoint["vpc_endpoint_type"] == "Gateway"
    assert endpoint["service_name"] == "com.amazonaws.us-east-1.s3"
    assert endpoint["route_table_ids"] == ["rtb-1", "rtb-2"]
    assert [statement["Sid"] for statement in json.loads(endpoint["policy"])["Statement"]] == [
        statement["Sid"] for statement in perimeter.s3_statements()
    ]
