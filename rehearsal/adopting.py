"""Give the local AWS what stacks take over by ``import`` blocks, as somebody may have made it by hand."""

from collections.abc import Callable, Mapping

from moto.ecr.models import ecr_backends
from moto.ecs.models import ecs_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

Make = Callable[[str, str, str], object]


def adopt(account: str, region: str, type_: str, id_: str) -> None:
    """Make what has an id, as far as this knows its type; of any other, Terraform says that it is not there."""
    if type_ in MAKERS:
        MAKERS[type_](account, region, id_)


MAKERS: Mapping[str, Make] = {
    "aws_cloudwatch_log_group": lambda account, region, id_: logs_backends[account][region].create_log_group(id_, {}),
    "aws_ecr_repository": lambda account, region, id_: ecr_backends[account][region].create_repository(
        id_, None, {"encryptionType": "AES256"}, None, "IMMUTABLE", []
    ),
    "aws_ecs_cluster": lambda account, region, id_: ecs_backends[account][region].create_cluster(id_),
    "aws_s3_bucket": lambda account, region, id_: s3_backends[account]["aws"].create_bucket(id_, region),
    "aws_sns_topic": lambda account, region, id_: sns_backends[account][region].create_topic(id_.rpartition(":")[2]),
    "aws_sqs_queue": lambda account, region, id_: sqs_backends[account][region].create_queue(id_.rpartition("/")[2]),
}
