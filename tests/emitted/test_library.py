"""The parts that hold emitted Terraform against AWS's models, each by itself."""

import json
from typing import Any

import pytest

from stacks.emitted_references import References
from tests.emitted.documents import DOCUMENTS, dropped_keys, key_tree, provider_trees
from tests.emitted.requests import Request, Row, leaves, member_named, unknown_keys
from tests.emitted.shapes import SchemaShape, request_shape, schema_shape
from tests.emitted.sizes import environment_findings, size_of
from tests.emitted.table import ROWS
from tests.emitted.validation import findings, matches


@pytest.mark.parametrize(
    ("operation", "key", "member"),
    [
        ("batch.CreateComputeEnvironment", "eks_configuration", "eksConfiguration"),
        ("ecs.CreateService", "service_registries", "serviceRegistries"),
        ("ecs.CreateService", "load_balancer", "loadBalancers"),
        ("autoscaling.CreateAutoScalingGroup", "vpc_zone_identifier", "VPCZoneIdentifier"),
        ("ecs.CreateService", "wait_for_steady_state", None),
    ],
)
def test_names_are_matched_by_their_letters_in_singular_and_plural(
    operation: str, key: str, member: str | None
) -> None:
    assert member_named(key, request_shape(operation)) == member


def test_a_resource_becomes_the_request_that_creates_it() -> None:
    row = Row(names={"name": "QueueName", "size": "Attributes.MaximumMessageSize"}, inside=("Attributes",))
    request = Request(row, request_shape("sqs.CreateQueue"), "sqs.CreateQueue").add(
        {"name": "a", "size": 1, "delay_seconds": 2, "lifecycle": {}, "nosuch": {"b": 1}}
    )
    assert request.parameters == {"QueueName": "a", "Attributes": {"MaximumMessageSize": 1, "DelaySeconds": 2}}
    assert request.placed == {"name", "size", "delay_seconds"}


def test_what_lies_in_lists_of_the_request_is_put_there() -> None:
    row = Row(names={"cidr": "IpPermissions.IpRanges.CidrIp"})
    request = Request(row, request_shape("ec2.AuthorizeSecurityGroupIngress"), "ec2.Authorize").add(
        {"cidr": "10.0.0.0/8"}
    )
    assert request.parameters == {"IpPermissions": [{"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}


def test_documents_keep_their_own_keys_and_unknown_ones_are_told() -> None:
    shape = request_shape("ecs.RegisterTaskDefinition")
    text = json.dumps([{"name": "a", "image": "b", "portMapping": [], "linuxParameters": {"tmpf": 1}}])
    request = Request(Row(), shape, "ecs.RegisterTaskDefinition").add({"container_definitions": text})
    assert request.unknown_keys == {
        "container_definitions.portMapping",
        "container_definitions.linuxParameters.tmpf",
    }
    assert list(unknown_keys({"awslogs-group": "a"}, SchemaShape({"kind": "map"}), "options")) == []


def test_what_the_provider_of_its_date_does_not_know_is_told() -> None:
    container = {"image": "a", "stopTimeout": 30, "logConfiguration": {"logDriver": "awslogs", "options": {"any": "b"}}}
    request = {"ecsProperties": {"taskProperties": [{"containers": [container]}]}}
    assert list(dropped_keys("batch.RegisterJobDefinition", request)) == [
        "ecsProperties.taskProperties.containers.stopTimeout"
    ]


@pytest.mark.parametrize("operation", DOCUMENTS)
def test_today_s_api_knows_all_that_the_provider_knows(operation: str) -> None:
    def inside(old: Any, new: Any) -> bool:
        return all(key in new and inside(old[key], new[key]) for key in old)

    for name in DOCUMENTS[operation]:
        assert inside(provider_trees()[operation][name], key_tree(request_shape(operation).members[name])), name


def test_references_are_put_in_place_across_stacks() -> None:
    read = '${try(data.terraform_remote_state.queues.outputs.queues.jobs.arns[0], "deploy queues first")}'
    stacks = {
        "dev-queues": {
            "resource": {"aws_sqs_queue": {"q": {"name": "jobs"}}},
            "output": {"queues": {"value": {"jobs": {"arns": ["${aws_sqs_queue.q.arn}"]}}}},
        },
        "dev-batch": {"resource": {}, "locals": {"jobs": read}},
    }
    assert References(stacks).resolved("dev-batch", {"a": ["${local.jobs}", "${aws_vpc.v.id}"], "//": 1}) == {
        "a": ["arn:aws:sqs:us-east-1:111122223333:jobs", "${aws_vpc.v.id}"]
    }


@pytest.mark.parametrize(
    ("pattern", "text", "well"),
    [
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Größe 1", True),
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "a;b", False),
        (r"\p{Print}+", "a b", True),
        (r"\p{Print}+", "a\n", False),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*", "a\n😀", True),
        (r"[\w+=,.@-]+", "é", False),
    ],
)
def test_patterns_of_aws_are_read_as_aws_reads_them(pattern: str, text: str, well: bool) -> None:
    assert matches(pattern, text) is well


@pytest.mark.parametrize(
    ("schema", "value", "rule"),
    [
        ({"kind": "number", "least": 1}, 0, "is at least 1"),
        ({"kind": "number", "most": 1}, "2", "is at most 1"),
        ({"kind": "number", "words": [1, 3]}, 2, "is one of 1, 3"),
        ({"kind": "string", "words": ["A"]}, "B", "is one of A"),
        ({"kind": "string", "most": 1}, "ab", "has at most 1 characters"),
        ({"kind": "string", "most": 1}, "ab${c}", "has at most 1 characters"),
        ({"kind": "list", "least": 1}, [], "has at least 1 entries"),
        ({"kind": "structure", "required": ["a"]}, {}, "is required"),
        ({"kind": "boolean"}, "yes", "is a boolean"),
    ],
)
def test_a_value_is_held_against_its_shape(schema: dict[str, Any], value: Any, rule: str) -> None:
    assert [found.rule for found in findings(value, SchemaShape(schema))] == [rule]


def test_a_reference_that_nobody_can_resolve_may_be_anything() -> None:
    assert list(findings("${aws_vpc.v.id}", SchemaShape({"kind": "number", "most": 1}))) == []


def test_sizes_are_counted_as_aws_counts_them() -> None:
    assert size_of("a b\n", "characters") == 2
    assert size_of("é", "bytes") == 2
    assert size_of('${base64encode(replace(base64decode("YWJj"), "a", "b"))}', "user data") == 3


def test_inline_policies_of_a_role_count_together() -> None:
    def policies(*sizes: int) -> list[Any]:
        resources = {
            ("s", "aws_iam_role_policy", str(number)): {"role": "r", "policy": "x" * size}
            for number, size in enumerate(sizes)
        }
        return list(environment_findings(resources, {}))

    assert policies(5_000, 5_240) == []
    assert [found.value for found in policies(5_000, 5_241)] == [10_241]


def test_every_row_names_requests_and_schemas_that_there_are() -> None:
    for type_, row in ROWS.items():
        for operation in row.requests:
            assert request_shape(operation).kind == "structure", type_
        assert row.schema is None or schema_shape(row.schema).kind == "structure", type_


def test_every_exception_has_a_reason_and_none_stands_in_the_way_of_a_match() -> None:
    for type_, row in ROWS.items():
        for path, reason in {**row.elsewhere, **row.filled, **row.wrong}.items():
            assert len(reason) > 5, (type_, path)
        assert not {*row.elsewhere} & {*row.names}, type_
        for path in row.elsewhere:
            shapes = [request_shape(operation) for operation in row.requests]
            assert "." in path or not any(member_named(path, shape) for shape in shapes), (type_, path)


def test_leaves_are_every_single_value() -> None:
    assert sorted(leaves({"a": [{"b": 1}, {"c": []}], "d": "e"}, "x")) == ["x.a.b", "x.a.c", "x.d"]
