"""Gateway endpoints: without charge, and the way of every subnet to S3, DynamoDB and the like, with or without NAT."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.iam.policy import policy_document
from modules.vpc.endpoint_services import endpoint_service_name
from modules.vpc.perimeter import Perimeter


class GatewayEndpoint(Construct):
    """Define an endpoint and its routes. ``prefix_list_id``, a token, stands for the service's addresses in rules.

    A job that takes on a role of another account cannot write there from here, unless that account is trusted; let its
    bucket policy name the job's role instead.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        service: str,
        vpc_id: str,
        route_table_ids: Sequence[str],
        perimeter: Perimeter,
    ) -> None:
        super().__init__(scope, id_)
        statements = perimeter.s3_statements() if service == "s3" else perimeter.endpoint_statements(service)
        endpoint = VpcEndpoint(
            self,
            "Resource",
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=endpoint_service_name(perimeter.location.region, service),
            route_table_ids=list(route_table_ids),
            policy=policy_document(statements),
            tags={"Name": name},
        )
        self.prefix_list_id: str = endpoint.prefix_list_id
