"""The table of alarms: metrics that there are, commands that there are, texts that CloudWatch takes."""

import re
import shlex

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import ServiceModel

from modules.budgets.alerts import COST_ALERTS
from modules.cloudwatch.alarm_kinds import ALARM_KINDS, EVENTS, alarm_text
from modules.cloudwatch.event_metrics import EVENT_METRICS
from modules.cloudwatch.metrics import MAX_QUERIES
from tests.modules.cloudwatch.documented_metrics import DOCUMENTED

SESSION = botocore.session.get_session()
COMMANDS = sorted({command for kind in (*ALARM_KINDS.values(), *COST_ALERTS.values()) for command in kind.look})
OWN_COMMANDS = {"logs tail": {"since", "follow"}}


def model(service: str) -> ServiceModel:
    return ServiceModel(SESSION.get_component("data_loader").load_service_model(service, "service-2"))


@pytest.mark.parametrize("kind", ALARM_KINDS)
def test_a_kind_watches_metrics_that_there_are_by_their_own_dimensions(kind: str) -> None:
    for metric in ALARM_KINDS[kind].metrics.values():
        if metric.namespace == EVENTS:
            assert set(metric.dimensions) == set(EVENT_METRICS[metric.name].dimensions)
        else:
            assert set(metric.dimensions) == DOCUMENTED[metric.namespace][metric.name]
        assert metric.stat in {"Average", "Maximum", "Minimum", "Sum"}
        assert metric.period_seconds % 60 == 0


@pytest.mark.parametrize("kind", ALARM_KINDS)
def test_expressions_compute_from_what_stands_before_them(kind: str) -> None:
    known = [*ALARM_KINDS[kind].metrics]
    for id_, expression in ALARM_KINDS[kind].expressions:
        names = set(re.findall(r"\b[a-z_]+\b", expression))
        assert names
        assert names <= set(known)
        assert re.fullmatch(r"[a-z][a-zA-Z0-9_]*", id_)
        known.append(id_)
    assert len(known) <= MAX_QUERIES


@pytest.mark.parametrize("kind", ALARM_KINDS)
def test_what_an_alarm_says_is_no_longer_than_cloudwatch_takes(kind: str) -> None:
    assert len(alarm_text(kind, f"services.{'a' * 63}")) <= 1_024


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_runbook_is_one_of_the_cli_with_its_options(command: str) -> None:
    aws, service, operation, *rest = shlex.split(command)
    assert aws == "aws"
    options = {word.removeprefix("--") for word in rest if word.startswith("--")}
    if own := OWN_COMMANDS.get(f"{service} {operation}"):
        assert options <= own
        return
    found = {xform_name(name, "-"): name for name in model(service).operation_names}
    shape = model(service).operation_model(found[operation]).input_shape
    assert shape is not None
    members = {xform_name(name, "-") for name in shape.members}
    assert options - {"max-items"} <= members
    assert {xform_name(name, "-") for name in shape.required_members} <= options
