"""What functions check of a text is checked by Terraform as well, as far as a pattern can say it."""

import json
import re
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from modules.ecr.image import Image
from modules.ecs.settings.exposure import StatusCodes
from modules.ecs.settings.query_language import QueryExpression
from modules.limits import TerraformRule, limits_of
from modules.scheduler.expressions import ScheduleExpression
from modules.time_zones import TimeZone, time_zones
from modules.vpc.traffic_settings import CidrBlock
from reference.classes import settings_classes

SAMPLES: dict[Any, dict[bool, list[str]]] = {
    ScheduleExpression: {
        True: [
            "cron(0 8 ? * MON-FRI *)",
            "cron(0/5,30 23 L 1,JAN-12 ? 2026-2199)",
            "cron(59 0 15W */2 ? 2030/2)",
            "cron(0 0 ? * 6#3,SUNL *)",
            "rate(1 hour)",
            "rate(20 days)",
            "at(2027-01-31T08:00:00)",
        ],
        False: [
            "bogus",
            "cron(99 99 * * ? *)",
            "cron(60 0 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 0 32 * ? *)",
            "cron(0 0 0 * ? *)",
            "cron(0 0 * 13 ? *)",
            "cron(0 0 * JANUARY ? *)",
            "cron(0 0 ? * 8 *)",
            "cron(0 0 ? * 2#6 *)",
            "cron(0 0 ? * ? *)",
            "cron(0 0 * * * *)",
            "cron(*/0 0 * * ? *)",
            "cron(0 0 * * ? 1969)",
            "cron(0 0 * * ?)",
            "cron(0 0 * * ? *) ",
            "rate(0 days)",
            "rate(1 days)",
            "rate(2 day)",
            "at(2027-13-31T08:00:00)",
            "at(2027-01-31T24:00:00)",
        ],
    },
    TimeZone: {True: sorted(time_zones()), False: ["Europe/Berlim", "europe/berlin", "UTC+1", "Berlin", "Africa/"]},
    StatusCodes: {True: ["200", "200,202", "200-299,404"], False: ["199", "500", "200;201", "20", "200-", "200, 202"]},
    QueryExpression: {
        True: ["attribute:ecs.instance-type =~ g5.*", "runningTasksCount < 3 and agentConnected == true"],
        False: ["instance-type = g5", "runningTasksCount"],
    },
    Image: {
        True: ["public.ecr.aws/docker/library/python:3.13", "localhost:5000/a/b@sha256:" + "0" * 64, "busybox"],
        False: ["a b", "embed:", "Embed:1", "embed@sha256:12", "/embed:1"],
    },
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_terraform_takes_what_the_function_takes(kind: Any) -> None:
    (rule,) = (item for item in get_args(kind) if isinstance(item, TerraformRule))
    pattern = json.loads(rule.condition.removeprefix("can(regex(").removesuffix(", VALUE))"))
    for is_taken, texts in SAMPLES[kind].items():
        for text in texts:
            assert (_is_taken(kind, text), bool(re.search(pattern, text))) == (is_taken, is_taken), text


def _is_taken(kind: Any, text: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return False
    return True


def test_ranges_of_addresses_are_left_to_terraform_s_own_functions() -> None:
    (rule,) = (item for item in get_args(CidrBlock) if isinstance(item, TerraformRule))
    assert rule.condition == "can(cidrnetmask(VALUE)) && try(cidrsubnet(VALUE, 0, 0), null) == VALUE"


def test_no_pattern_looks_around_which_terraform_cannot() -> None:
    rules = {
        rule for kind in settings_classes() for name in kind.model_fields for rule in limits_of(kind, (name,)).rules
    }
    assert len(rules) > 50
    assert [rule for rule in rules if re.search(r"\(\?(?:[=!]|<[=!]|P=)", rule.condition)] == []
