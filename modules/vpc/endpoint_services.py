"""The AWS services that have an interface or gateway endpoint, and what an endpoint's service is called in a region.

``endpoint_services.txt`` has the services behind interface endpoints that are spoken to over HTTPS, but for those that
manage their endpoints themselves.

Source: "AWS services that integrate with AWS PrivateLink"; EC2's DescribeVpcEndpointServices in the regions of China.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.problems import nearest

TABLE = Path(__file__).with_name("endpoint_services.txt")
COMMENT = "#"
CHINAS_OWN = "cn"
# S3 has one in any case.
GatewayService = Literal["dynamodb", "s3express"]


@cache
def interface_services() -> dict[str, list[str]]:
    """Return each service with what its line in the table says of its name."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {name: facts for name, *facts in (line.split() for line in lines if not line.startswith(COMMENT))}


def _interface_service(name: str) -> str:
    if name in interface_services():
        return name
    near = nearest(name, interface_services())
    example = f"did you mean {near}?" if near else "e.g. sqs, as in com.amazonaws.us-east-1.sqs"
    raise ValueError("be an AWS service that has an interface endpoint, by its own name", example)


EndpointService = Annotated[
    str,
    AfterValidator(_interface_service),
    Field(description="an AWS service by what its endpoint is called, e.g. kinesis-streams"),
]


def endpoint_service_name(region: str, service: str) -> str:
    """Return the name that CreateVpcEndpoint knows ``service`` by, e.g. ``com.amazonaws.us-east-1.sqs``."""
    facts = interface_services().get(service, [])
    if region.startswith("cn-") and CHINAS_OWN in facts:
        return f"cn.com.amazonaws.{region}.{service}"
    start = next((fact for fact in facts if fact != CHINAS_OWN), "com.amazonaws")
    return f"{start}.{region}.{service}"
