"""What moto forgets of networks."""

from typing import Any

from moto.ec2.models.subnets import Subnet

from rehearsal.local_aws import adds


@adds(Subnet, "get_filter_value")
def find_by_ipv6_range(original: Any) -> Any:
    """Find a subnet by its range of IPv6, whose state the provider waits for."""

    def get_filter_value(subnet: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "ipv6-cidr-block-association.association-id":
            return list(subnet.ipv6_cidr_block_associations)
        return original(subnet, filter_name, method_name)

    return get_filter_value


@adds(Subnet, "ipv6_cidr_block_association_set")
def show_state_of_ipv6_range(original: Any) -> Any:
    """Show the state by its word."""

    def ipv6_cidr_block_association_set(subnet: Any) -> list[dict[str, Any]]:
        return [
            shown | {"ipv6CidrBlockState": {"state": shown["ipv6CidrBlockState"]["state"]["State"]}}
            for shown in original.fget(subnet)
        ]

    return property(ipv6_cidr_block_association_set)
