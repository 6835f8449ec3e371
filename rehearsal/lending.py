"""Give the local AWS what stacks use and do not make, with the ids that they know it by."""

import json
from collections.abc import Iterable
from unittest.mock import patch

from moto.acm.models import CertBundle, acm_backends
from moto.awslambda.models import lambda_backends
from moto.batch.models import batch_backends
from moto.ec2.models import ec2_backends
from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends

from rehearsal.adopting import adopt


def lend(things: Iterable[tuple[str, str, str]]) -> None:
    """Make each thing of account, region and id. All of a region lies in one VPC, the first that is named."""
    for account, region, id_ in things:
        if " " in id_:
            adopt(account, region, *id_.split(" "))
        elif id_.startswith("vpc-"):
            with patch("moto.ec2.models.vpcs.random_vpc_id", return_value=id_):
                ec2_backends[account][region].create_vpc("10.0.0.0/16")
        elif id_.startswith("subnet-"):
            _subnet(account, region, id_)
        elif id_.startswith("sg-"):
            with patch("moto.ec2.models.security_groups.random_security_group_id", return_value=id_):
                ec2_backends[account][region].create_security_group(id_, "existing", vpc_id=_vpc(account, region))
        elif id_.startswith("lt-"):
            with patch("moto.ec2.models.launch_templates.random_launch_template_id", return_value=id_):
                ec2_backends[account][region].create_launch_template(id_, "existing", {}, {})
        elif ":compute-environment/" in id_:
            name = id_.rpartition("/")[2]
            role = iam_backends[account]["aws"].create_role(f"{name}-of-others", "{}", "/", None, "", [], "3600")
            batch_backends[account][region].create_compute_environment(
                compute_environment_name=name,
                _type="UNMANAGED",
                state="ENABLED",
                compute_resources=None,
                service_role=role.arn,
            )
        elif ":acm:" in id_:
            _certificate(account, region, id_)
        elif ":listener/" in id_:
            _listener(account, region, id_)
        elif ":lambda:" in id_:
            _function(account, region, id_)
        elif ":event-bus/" in id_:
            events_backends[account][region].create_event_bus(id_.rpartition("/")[2])
        elif ":cluster/" in id_:
            ecs_backends[account][region].create_cluster(id_.rpartition("/")[2])
        elif ":policy/" not in id_:
            _role(account, id_)
        else:
            path, name = _path_and_name(id_)
            statement = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam_backends[account]["aws"].create_policy("", path, document, name, [])


def _path_and_name(arn: str) -> tuple[str, str]:
    """Return what the ARN of a policy, role or instance profile says: /teams/ and claims."""
    path, _, name = arn.split(":", 5)[5].partition("/")[2].rpartition("/")
    return (f"/{path}/" if path else "/"), name


def _role(account: str, arn: str) -> None:
    """Make a role, or an instance profile with a role of its own."""
    backend, (path, name) = iam_backends[account]["aws"], _path_and_name(arn)
    is_profile = ":instance-profile/" in arn
    role = backend.create_role(f"{name}-profile" if is_profile else name, "{}", path, None, "", [], "3600")
    if is_profile:
        backend.create_instance_profile(name, path, [role.name])


def _vpc(account: str, region: str) -> str:
    """Return the VPC that things are lent in."""
    backend = ec2_backends[account][region]
    lent = [vpc for vpc in backend.vpcs.values() if not vpc.is_default]
    return str((lent[0] if lent else backend.create_vpc("10.0.0.0/16")).id)


def _subnet(account: str, region: str, id_: str) -> None:
    backend, vpc = ec2_backends[account][region], _vpc(account, region)
    number = sum(subnet.vpc_id == vpc for subnet in backend.describe_subnets())
    zones = [zone.name for zone in backend.describe_availability_zones()]
    with patch("moto.ec2.models.subnets.random_subnet_id", return_value=id_):
        backend.create_subnet(vpc, f"10.0.{number}.0/24", availability_zone=zones[number % len(zones)])


def _certificate(account: str, region: str, arn: str) -> None:
    certificate = CertBundle.generate_cert("example.com", account, region, [])
    certificate.arn = arn
    acm_backends[account][region]._certificates[arn] = certificate


def _listener(account: str, region: str, arn: str) -> None:
    backend, ec2 = elbv2_backends[account][region], ec2_backends[account][region]
    name = arn.split("/")[2]
    vpc = _vpc(account, region)
    subnets = [subnet.id for subnet in ec2.describe_subnets() if subnet.vpc_id == vpc]
    if not subnets:
        subnets = [ec2.create_subnet(vpc, "10.0.255.0/24").id]
    balancer = backend.create_load_balancer(name, [], subnets, scheme="internal", loadbalancer_type="application")
    actions = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    listener = backend.create_listener(balancer.arn, "HTTP", "80", "", None, actions)
    del balancer.listeners[listener.arn]
    listener.arn = arn
    balancer.listeners[arn] = listener


def _function(account: str, region: str, arn: str) -> None:
    name, _, qualifier = arn.partition(":function:")[2].partition(":")
    backend = lambda_backends[account][region]
    if not any(function.function_name == name for function in backend.list_functions()):
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam_backends[account]["aws"].create_role(f"{name}-of-others", document, "/", None, "", [], "3600")
        backend.create_function(
            {
                "FunctionName": name,
                "Role": role.arn,
                "PackageType": "Image",
                "Code": {"ImageUri": f"{account}.dkr.ecr.{region}.amazonaws.com/{name}:1"},
                "Publish": True,
            }
        )
    if qualifier and not qualifier.isdigit():
        backend.create_alias(qualifier, name, "1", "", "")
