"""The runbook of a bundle: the chapters that concern it, each with its alarms."""

from handover.platforms import Platform
from handover.runbook import runbook
from tests.handover.platforms import root_module, shipped_platforms
from tests.processes import PROJECT

CHAPTERS = "# Runbook\n\n## late\n\nToo late.\n\n## lost\n\nGone.\n"


def test_only_what_can_go_off_has_a_chapter() -> None:
    alarm = {"alarm_name": "acme-late", "alarm_description": "More: docs/runbook.md#late"}
    watched = root_module(resource={"aws_cloudwatch_metric_alarm": {"a": alarm}})
    text = runbook(Platform("dev", (watched,)), CHAPTERS)
    assert text.startswith("# Runbook of dev\n")
    assert text.endswith("\n## late\n\n**Alarms.** `acme-late`.\n\nToo late.\n")
    assert runbook(Platform("dev", (root_module(),)), CHAPTERS) == ""


def test_every_alarm_that_is_shipped_has_its_chapter() -> None:
    chapters = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    named = set()
    for platform in shipped_platforms():
        text = runbook(platform, chapters)
        for module in platform.modules:
            for alarm in module.document.get("resource", {}).get("aws_cloudwatch_metric_alarm", {}).values():
                if "runbook.md#" in alarm["alarm_description"]:
                    named.add(alarm["alarm_name"])
                    assert f"`{alarm['alarm_name']}`" in text
    assert named
