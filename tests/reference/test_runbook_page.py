from modules.budgets.alerts import COST_ALERTS
from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from reference.runbook_page import runbook_page


def test_every_kind_of_alarm_has_its_lines() -> None:
    page = runbook_page()
    for name, kind in {**ALARM_KINDS, **COST_ALERTS}.items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert all(text in section for text in (kind.when, kind.means, kind.do, *kind.look))
        assert all(f"`{metric.name}`" in section for metric in kind.metrics.values())
