from typing import Any

import pytest

from modules.vpc.endpoint_services import endpoint_service_name, interface_services
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from modules.vpc.traffic_settings import Egress, PortRange
from tests.problems import problems_of, refused

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
EXISTING: dict[str, Any] = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0"]}


def subnets(count: int) -> list[str]:
    return [f"subnet-{number:08x}" for number in range(count)]


def groups(count: int) -> list[str]:
    return [f"sg-{number:08x}" for number in range(count)]


@pytest.mark.parametrize(("zones", "nat_gateways"), [(1, 0), (1, 1), (2, 0), (2, 2), (3, 0), (3, 1), (3, 3)])
def test_nat_is_for_none_shared_or_for_each_zone(zones: int, nat_gateways: int) -> None:
    network = PrivateNetwork(availability_zones=tuple(ZONES[:zones]), nat_gateways=nat_gateways)
    assert network.nat_gateways == nat_gateways


@pytest.mark.parametrize(
    ("zones", "nat_gateways", "message"),
    [
        (1, 2, "nat_gateways: 0, 1, got 2"),
        (3, 2, "nat_gateways: 0, 1, 3, got 2"),
        (3, 4, "nat_gateways: 0, 1, 3, got 4"),
    ],
)
def test_any_other_number_of_nat_gateways_is_refused(zones: int, nat_gateways: int, message: str) -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES[:zones], nat_gateways=nat_gateways) == [message]


def test_a_negative_number_of_nat_gateways_is_reported_once() -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES, nat_gateways=-1) == ["nat_gateways: 0, got -1"]


def test_a_network_has_a_zone() -> None:
    assert refused(PublicNetwork, availability_zones=[]) == ["availability_zones: 1, got 0"]


@pytest.mark.parametrize("zone", ["us-east-1", "us-east-1h", "use1-az8", "us-east-1-bos-1a", "US-EAST-1A"])
def test_a_zone_is_a_region_and_a_letter_from_a_to_g_or_an_id(zone: str) -> None:
    assert refused(PublicNetwork, availability_zones=[zone]) == [f"availability_zones[0]: got {zone!r}"]


def test_a_zone_letter_occurs_once() -> None:
    assert refused(PublicNetwork, availability_zones=["us-east-1a", "us-east-1a"]) == [
        "availability_zones: got ['us-east-1a', 'us-east-1a']"
    ]


def test_the_range_is_checked() -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES, cidr_block="10.0.0.1/16") == [
        "cidr_block: got '10.0.0.1/16'"
    ]


def test_zones_are_names_or_ids_alone() -> None:
    assert PublicNetwork(availability_zones=["use1-az1", "use1-az2"]).availability_zones == ("use1-az1", "use1-az2")
    assert refused(PublicNetwork, availability_zones=["us-east-1a", "use1-az2"]) == [
        "availability_zones: got ['us-east-1a', 'use1-az2']"
    ]


def test_an_endpoint_is_of_a_service_that_has_one() -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES, interface_endpoints=["sqs", "sqss"]) == [
        "interface_endpoints[1]: got 'sqss'"
    ]


@pytest.mark.parametrize(
    ("name", "near"), [("sagemaker-runtime", "sagemaker.runtime"), ("bedrock_runtime", "bedrock-runtime")]
)
def test_a_misspelt_endpoint_is_refused_with_the_nearest(name: str, near: str) -> None:
    (problem,) = problems_of(PrivateNetwork, availability_zones=ZONES, interface_endpoints=[name])
    assert problem.reason == f"did you mean {near}?"


def test_endpoints_of_many_services_are_known() -> None:
    services = ["bedrock-runtime", "kinesis-streams", "kinesis-firehose", "athena", "glue", "rds-data", "xray"]
    network = PrivateNetwork(
        availability_zones=ZONES,
        interface_endpoints=services,
        endpoint_zones={"xray": ZONES[:1]},
        full_access_endpoints=["xray"],
    )
    assert list(network.interface_endpoints) == services
    assert {name.strip() for name in interface_services()} == interface_services().keys()
    assert len(interface_services()) > 350


def test_an_endpoint_occurs_once() -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES, interface_endpoints=["sqs", "logs", "sqs"]) == [
        "interface_endpoints: got ('sqs', 'logs', 'sqs')"
    ]


def test_flow_logs_are_kept_for_a_time_that_exists_or_not_recorded() -> None:
    assert (
        PublicNetwork(availability_zones=("us-east-1a",), flow_log_retention_days=None).flow_log_retention_days is None
    )
    (message,) = refused(PublicNetwork, availability_zones=ZONES, flow_log_retention_days=31)
    assert message.startswith("flow_log_retention_days: 1, 3, 5, ")
    assert message.endswith(", got 31")


@pytest.mark.parametrize(("subnet_count", "group_count"), [(1, 0), (16, 5)])
def test_an_existing_network_has_as_many_ids_as_aws_takes(subnet_count: int, group_count: int) -> None:
    network = ExistingNetwork(
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids=tuple(subnets(subnet_count)),
        security_group_ids=tuple(groups(group_count)),
    )
    assert (len(network.subnet_ids), len(network.security_group_ids)) == (subnet_count, group_count)


@pytest.mark.parametrize(
    ("values", "start"),
    [
        ({"subnet_ids": []}, "subnet_ids: 1, got 0"),
        ({"subnet_ids": subnets(17)}, "subnet_ids: 16, got 17"),
        ({"subnet_ids": [*subnets(1), "vpc-01234567"]}, "subnet_ids[1]: got 'vpc-01234567'"),
        ({"security_group_ids": groups(6)}, "security_group_ids: 5, got 6"),
        ({"security_group_ids": ["default"]}, "security_group_ids[0]: got 'default'"),
        ({"vpc_id": "vpc-1"}, "vpc_id: got 'vpc-1'"),
        ({"subnet_ids": subnets(1) * 2}, "subnet_ids: got ("),
        ({"security_group_ids": groups(1) * 2}, "security_group_ids: got ("),
    ],
)
def test_ids_that_aws_would_not_take_are_refused(values: dict[str, Any], start: str) -> None:
    (message,) = refused(ExistingNetwork, **(EXISTING | values))
    assert message.startswith(start)


@pytest.mark.parametrize(
    ("region", "service", "name"),
    [
        ("us-east-1", "ecr.dkr", "com.amazonaws.us-east-1.ecr.dkr"),
        ("us-gov-west-1", "sqs", "com.amazonaws.us-gov-west-1.sqs"),
        ("cn-north-1", "ecr.dkr", "cn.com.amazonaws.cn-north-1.ecr.dkr"),
        ("cn-north-1", "logs", "com.amazonaws.cn-north-1.logs"),
        ("cn-northwest-1", "s3", "com.amazonaws.cn-northwest-1.s3"),
        ("cn-north-1", "kinesis-streams", "cn.com.amazonaws.cn-north-1.kinesis-streams"),
        ("us-east-1", "qbusiness", "aws.api.us-east-1.qbusiness"),
        ("us-east-1", "studio", "aws.sagemaker.us-east-1.studio"),
        ("us-east-1", "dynamodb", "com.amazonaws.us-east-1.dynamodb"),
    ],
)
def test_an_endpoint_service_is_named_as_its_region_names_it(region: str, service: str, name: str) -> None:
    assert endpoint_service_name(region, service) == name


A, B, PUBLIC_A, PUBLIC_B = (f"subnet-0000000{letter}" for letter in "abcd")
ZONES_OF = {A: "us-east-1a", B: "us-east-1b", PUBLIC_A: "us-east-1a", PUBLIC_B: "us-east-1b"}


def test_of_subnets_in_one_zone_the_first_counts() -> None:
    same = {A: "us-east-1a", B: "us-east-1a", PUBLIC_B: "us-east-1b"}
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=[PUBLIC_B, B, A], availability_zones=same)
    assert network.zonal_subnet_ids == (PUBLIC_B, B)
    assert ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=[B, A]).zonal_subnet_ids == (B, A)


@pytest.mark.parametrize("zone", ["us-west-2-lax-1a", "usw2-lax1-az1"])
def test_what_belongs_to_the_region_is_in_no_local_zone(zone: str) -> None:
    zones = {A: zone, B: "us-west-2b"}
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=[A, B], availability_zones=zones)
    assert network.zonal_subnet_ids == (B,)
    assert refused(PublicNetwork, availability_zones=[zone]) == [f"availability_zones[0]: got {zone!r}"]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"availability_zones": ZONES_OF}, []),
        ({}, []),
        (
            {"availability_zones": {subnet: zone for subnet, zone in ZONES_OF.items() if subnet != PUBLIC_B}},
            ["availability_zones: got ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c']"],
        ),
        (
            {"availability_zones": ZONES_OF | {"subnet-0000000e": "us-east-1c"}},
            ["availability_zones.subnet-0000000e: got 'subnet-0000000e'"],
        ),
        (
            {"availability_zones": ZONES_OF | {PUBLIC_B: "us-east-1a"}},
            ["load_balancer_subnet_ids[1]: got 'us-east-1a'"],
        ),
    ],
)
def test_zones_are_told_of_all_subnets_and_load_balancers_have_one_each(
    values: dict[str, Any], problems: list[str]
) -> None:
    values = {"vpc_id": "vpc-01234567", "subnet_ids": [A, B], "load_balancer_subnet_ids": [PUBLIC_A, PUBLIC_B]} | values
    if problems:
        assert refused(ExistingNetwork, **values) == problems
    else:
        assert ExistingNetwork(**values).subnet_ids == (A, B)


@pytest.mark.parametrize(
    ("endpoint_zones", "problems"),
    [
        ({}, []),
        ({"sqs": ["us-east-1a"]}, []),
        ({"sqs": ["us-east-1a", "us-east-1c"]}, ["endpoint_zones.sqs[1]: got 'us-east-1c'"]),
        ({"sqs": []}, ["endpoint_zones.sqs: 1, got 0"]),
        ({"batch": ["us-east-1a"]}, ["endpoint_zones.batch: got 'batch'"]),
    ],
)
def test_an_endpoint_has_zones_of_the_network(endpoint_zones: dict[str, Any], problems: list[str]) -> None:
    values: dict[str, Any] = {
        "availability_zones": ["us-east-1a", "us-east-1b"],
        "interface_endpoints": ["sqs"],
        "endpoint_zones": endpoint_zones,
    }
    if problems:
        assert refused(PrivateNetwork, **values) == problems
    else:
        assert set(PrivateNetwork(**values).endpoint_zones) == set(endpoint_zones)


def test_a_range_of_ports_ends_where_it_begins_or_later() -> None:
    assert PortRange(from_port=80).last_port == PortRange(from_port=80, to_port=80).last_port == 80
    assert refused(PortRange, from_port=80, to_port=79) == ["to_port: 80, got 79"]


def test_a_destination_is_written_with_its_first_address() -> None:
    assert Egress(from_port=22).cidr_blocks == ("0.0.0.0/0",)
    assert refused(Egress, from_port=22, cidr_blocks=["10.1.0.1/16"]) == ["cidr_blocks[0]: got '10.1.0.1/16'"]


@pytest.mark.parametrize(
    ("name", "rule"), [("egress", Egress(from_port=22)), ("ports_between_workloads", PortRange(from_port=22))]
)
def test_rules_are_for_groups_that_are_made(name: str, rule: PortRange) -> None:
    given: dict[str, Any] = {name: {"git": rule}}
    assert getattr(ExistingNetwork(**EXISTING, **given), name) == {"git": rule}
    assert refused(ExistingNetwork, **EXISTING, security_group_ids=groups(1), **given) == [f"{name}: got ['git']"]


def test_an_endpoint_that_lets_everything_pass_is_one_of_the_networks() -> None:
    known: dict[str, Any] = {"interface_endpoints": ["sqs"]}
    assert PrivateNetwork(availability_zones=ZONES, full_access_endpoints=["sqs"], **known).full_access_endpoints
    assert refused(PrivateNetwork, availability_zones=ZONES, full_access_endpoints=["sqs", "sns"], **known) == [
        "full_access_endpoints[1]: got 'sns'"
    ]


def test_public_buckets_are_named_where_nothing_else_leads_to_them() -> None:
    buckets = ["commoncrawl"]
    assert PrivateNetwork(availability_zones=ZONES, public_buckets=buckets).public_buckets == ("commoncrawl",)
    assert refused(PrivateNetwork, availability_zones=ZONES, public_buckets=buckets, nat_gateways=1) == [
        "public_buckets: got ['commoncrawl']"
    ]


@pytest.mark.parametrize("bucket", ["Data", "a", "s3://data", "data/*", "*"])
def test_a_public_bucket_is_a_name(bucket: str) -> None:
    (message,) = refused(PrivateNetwork, availability_zones=ZONES, public_buckets=[bucket])
    assert message.startswith("public_buckets[0]: ")


@pytest.mark.parametrize("account", ["1", "arn:aws:iam::222222222222:root", "22222222222a"])
def test_a_trusted_account_is_a_number(account: str) -> None:
    assert PublicNetwork(availability_zones=ZONES, trusted_account_ids=["2" * 12]).trusted_account_ids == ("2" * 12,)
    (message,) = refused(PublicNetwork, availability_zones=ZONES, trusted_account_ids=[account])
    assert message.startswith("trusted_account_ids[0]: ")
