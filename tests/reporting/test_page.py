"""The page of an environment: whole, by itself, the same each time, and nothing but text where settings have text."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from handover.permissions import roles
from handover.platforms import construct_path, resources
from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.settings import settings_in
from modules.sqs.settings import MessageQueueSettings
from modules.variables import TerraformVariable
from reporting.changes import changes
from reporting.entries import groups
from reporting.findings import Finding, Findings
from reporting.markup import anchor
from reporting.page import page
from stacks.environment_settings import EnvironmentSettings
from stacks.loading import load_environments
from tests.handover.platforms import platform_of
from tests.processes import run_python
from tests.reporting.pages import Parsed, parsed, report_of, shipped_page, shipped_report
from tests.shipped import EXAMPLES, PACKAGES
from tests.stacks.environments import fargate_job

HOSTILE = '</script><img src=x onerror="alert(1)"> {{ 7 * 7 }} `code` &amp; \u202e'


def test_every_setting_has_a_row_that_can_be_linked_to() -> None:
    paths = _paths(shipped_report("prod").environment)
    assert len(paths) > 1_500
    assert {path for path in paths if anchor(path) not in parsed("prod").ids} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_setting_of_any_environment_is_left_out(package: str) -> None:
    for environment in load_environments(package=package):
        shown = {row.path for group in groups(environment) for entry in group.entries for row in entry.rows}
        entries = {entry.path for group in groups(environment) for entry in group.entries}
        maps = {group.name for group in groups(environment)}
        assert _paths(environment) - shown - entries - maps == set()


def _paths(environment: EnvironmentSettings) -> set[str]:
    return {
        f"{path}.{field}" if path else field
        for path, settings in settings_in(environment)
        if not isinstance(settings, TerraformVariable)
        for field in type(settings).model_fields
    }


@pytest.mark.parametrize("name", ["sandbox", "shared-account"])
def test_one_stack_and_variables_have_pages_too(name: str) -> None:
    document = Parsed(page(shipped_report(name, EXAMPLES)))
    assert document.wrong == []
    assert {element.attributes["href"][1:] for element in document.all("a")} - document.ids.keys() == set()
    assert "section-others" not in document.ids, "a resource is of no setting"


def test_every_link_leads_to_something_on_the_page() -> None:
    document = parsed("prod")
    links = [element.attributes["href"] for element in document.all("a")]
    assert len(links) > 1_500
    assert {link for link in links if link[:1] != "#" or link[1:] not in document.ids} == set()
    assert [id_ for id_, count in document.ids.items() if count > 1] == []


def test_every_resource_stands_with_its_setting_and_every_right_with_its_role() -> None:
    document = parsed("prod")
    for module in shipped_report("prod").platform.modules:
        for type_, resource, block in resources(module.document):
            kind, *name = construct_path(block).split("/")
            entry = f"{kind}.{name[0]}" if name and f"{kind}.{name[0]}" in document.ids else kind
            shown = document.by_id(entry if document.by_id(entry).tag == "article" else kind).text
            assert f"{type_}.{resource}" in shown
        for role in roles(module.document):
            shown = document.by_id(anchor(f"role-{module.name}-{role.path}")).text
            assert all(permission.replace("`", "") in shown for permission in role.permissions)


def test_it_is_well_formed_and_has_what_a_screen_reader_goes_by() -> None:
    document = parsed("prod")
    assert document.wrong == []
    once = ("header", "nav", "main", "h1", "title", "script")
    assert {tag: len(document.all(tag)) for tag in once} == dict.fromkeys(once, 1)
    levels = [int(element.tag[1]) for element in document.all("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert document.all("html")[0].attributes["lang"] == "en"
    assert all(element.attributes["alt"] for element in document.all("img"))
    assert all(element.attributes["scope"] for element in document.all("th"))
    regions = [element for element in document.elements if element.attributes.get("role") == "region"]
    assert len({element.attributes["aria-label"] for element in regions}) == len(regions)
    assert all(element.is_in("dl") for element in document.all("dt", "dd"))


def test_nothing_is_asked_of_anybody_else_and_no_script_but_its_own_may_run() -> None:
    text, document = shipped_page("prod"), parsed("prod")
    loaded = [
        value
        for element in document.elements
        for name, value in element.attributes.items()
        if name in ("src", "srcset", "data", "poster", "action")
    ]
    assert loaded
    assert all(value.startswith("data:image/svg+xml;base64,") for value in loaded)
    assert document.all("link", "iframe", "object", "embed", "base", "use") == []
    (script,), (style,) = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("script", "style"))
    assert "url(" not in style + script
    assert "@import" not in style
    assert not re.search(r"\b(fetch|XMLHttpRequest|import|sendBeacon|WebSocket)\b", script)
    (policy,) = (
        element.attributes["content"] for element in document.all("meta") if "http-equiv" in element.attributes
    )
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert [f"'sha256-{value}'" in policy for value in hashes] == [True, True]
    assert "unsafe" not in policy


def test_production_is_less_than_two_megabytes() -> None:
    assert 500_000 < len(shipped_page("prod").encode()) < 2_000_000


def test_the_same_settings_give_the_same_bytes() -> None:
    code = """
import hashlib
from reporting.page import page
from tests.reporting.pages import report_of
print(hashlib.sha256(page(report_of()).encode()).hexdigest())
"""
    assert run_python(code, PYTHONHASHSEED="1") == hashlib.sha256(small().encode()).hexdigest()


def small(**values: Any) -> str:
    """Return the page of a small environment."""
    return page(report_of(**values))


def test_text_of_settings_stays_text() -> None:
    made = small(
        job_definitions={"embed": fargate_job(command=[HOSTILE], environment={"TEXT": HOSTILE})},
    )
    document = Parsed(made)
    assert document.wrong == []
    assert len(document.all("script")) == len(Parsed(small()).all("script")) == 1
    assert [element for element in document.elements if any(name.startswith("on") for name in element.attributes)] == []
    assert [element.attributes["src"] for element in document.all("img")][:1] != ["x"]
    shown = HOSTILE.replace("\u202e", "\\u202e")
    assert document.by_id("job_definitions.embed.command").text.startswith(f"command {shown}")
    assert {
        link for element in document.all("a") for link in [element.attributes["href"]] if link[1:] not in document.ids
    } == set()


def test_what_refers_to_an_entry_is_named_there_and_leads_back() -> None:
    document = parsed("prod")
    queue = document.by_id("queues.documents")
    assert "Used by buckets.data.notifications.documents.queue, services.document-worker.queue" in queue.text
    row = document.by_id("services.document-worker.queue")
    links = [element.attributes["href"] for element in document.all("a") if element.is_in(row)]
    assert links == ["#services.document-worker.queue", "#queues.documents"]


def test_settings_that_the_file_says_stand_before_those_at_their_defaults() -> None:
    document = parsed("prod")
    rows = {
        name: document.by_id(f"queues.documents.{name}") for name in ("visibility_timeout_seconds", "delay_seconds")
    }
    assert {name: row.is_in("details") for name, row in rows.items()} == {
        "visibility_timeout_seconds": False,
        "delay_seconds": True,
    }
    assert rows["visibility_timeout_seconds"].text.startswith("visibility_timeout_seconds 900 15 minutes shorter than")


def test_that_no_scanner_was_asked_is_said() -> None:
    text = parsed("prod").by_id("section-findings").text
    assert "No report of a scanner was given" in text
    assert "No proofs were given" in text


def test_findings_and_waivers_stand_with_their_reasons() -> None:
    failed = Finding("CKV_1", "Ensure <this>", "test-queues", "aws_sqs_queue.q")
    found = Findings(
        12, (failed,), (replace(failed, check="CKV_2", reason="not here"),), ("<b> holds",), (("c", ("d",)),)
    )
    text = Parsed(page(replace(report_of(), findings=found))).by_id("section-findings").text
    assert "1 check failed, 12 passed, 1 passed over." in text
    assert "1 of 2 theorems proved. does not hold: c d 1 proved <b> holds" in text
    assert "CKV_1 Ensure <this> test-queues: aws_sqs_queue.q" in text
    assert "CKV_2 Ensure <this> test-queues: aws_sqs_queue.q not here" in text
    assert "None. This is not production" in text


def test_waivers_lead_to_the_settings_that_they_are_about() -> None:
    path, reason = "queues.requests.kms_key", "nobody but us reads it, ticket ML-12"
    document = Parsed(page(report_of(_waiving(path, reason))))
    assert f"{path} {reason}" in document.by_id("section-findings").text


def _waiving(path: str, reason: str) -> Any:
    made = report_of().environment.model_copy()
    made.__dict__["production_waivers"] = {path: reason}  # whether production would refuse it is not the page's concern
    return made


def test_what_is_different_since_is_there_only_where_that_was_asked_for() -> None:
    report = shipped_report("dev")
    before = platform_of("dev", {module.name: _renamed(module.document) for module in report.platform.modules})
    text = Parsed(page(replace(report, changes=changes("v1", [before], report.platform)))).by_id("section-changes").text
    assert "Since v1" in text
    assert "queues.documents of queues aws_sqs_queue losing all messages in it" in text
    assert "name: terrabatch-dev-papers → terrabatch-dev-documents (replaces it)" in text
    assert "section-changes" not in parsed("dev").ids
    same = Parsed(page(replace(report, changes=changes("v1", [report.platform], report.platform))))
    assert "Nothing is different." in same.by_id("section-changes").text


def _renamed(document: Any) -> Any:
    queues = document.get("resource", {}).get("aws_sqs_queue", {})
    changed = {
        key: {**block, "name": "terrabatch-dev-papers"} if block["name"] == "terrabatch-dev-documents" else block
        for key, block in queues.items()
    }
    return {**document, "resource": {**document.get("resource", {}), "aws_sqs_queue": changed}} if queues else document


def test_quotas_that_an_account_has_to_ask_for_are_told() -> None:
    large = FargateComputeEnvironment(max_vcpus=600)
    text = Parsed(small(compute_environments={"light": large})).by_id("section-limits").text
    assert "Fargate On-Demand vCPU resource count: compute_environments.light can use 600" in text


def test_an_environment_by_itself_is_compared_with_none() -> None:
    document = Parsed(small(queues={"requests": MessageQueueSettings(visibility_timeout_seconds=700)}))
    assert "There is only this one." in document.by_id("section-environments").text


def test_each_cell_says_what_its_column_is_for_where_cells_are_stacked() -> None:
    found = parsed("prod")
    heads = {cell.text for cell in found.all("th") if cell.is_in("thead")}
    cells = found.all("td")
    assert len(cells) > 50
    assert {cell.attributes.get("data-label") for cell in cells} <= heads
