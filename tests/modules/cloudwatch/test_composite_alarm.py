import pytest
from cdktf import TerraformStack

from modules.cloudwatch.alarm import metric_alarm
from modules.cloudwatch.composite_alarm import composite_alarm
from modules.cloudwatch.composite_alarm_names import MOST_IN_RULE, composite_names
from modules.cloudwatch.metrics import Metric
from tests.conftest import Synthesized

AGE = Metric("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "a"})


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (1, ["tb"]),
        (MOST_IN_RULE, ["tb"]),
        (MOST_IN_RULE + 1, ["tb-1", "tb-2", "tb"]),
        (2 * MOST_IN_RULE + 1, ["tb-1", "tb-2", "tb-3", "tb"]),
    ],
)
def test_an_environment_has_one_alarm_over_as_many_as_there_are(
    stack: TerraformStack, count: int, names: list[str]
) -> None:
    alarms = [
        metric_alarm(
            stack, f"a{at}", name=f"a{at}", description="a", queries=[AGE], threshold=1, periods=1, action_arns=[]
        )
        for at in range(count)
    ]
    whole = composite_alarm(stack, name="tb", description="all", alarms=alarms)
    assert composite_names("tb", count) == names
    made = {item["alarm_name"]: item["alarm_rule"] for item in Synthesized(stack).all("aws_cloudwatch_composite_alarm")}
    assert set(made) == set(names)
    rules = [made[name] for name in names[:-1]] or [made["tb"]]
    assert [alarm for rule in rules for alarm in rule.split(" OR ")] == [
        f'ALARM("${{aws_cloudwatch_metric_alarm.a{at}.alarm_name}}")' for at in range(count)
    ]
    assert len(made["tb"].split(" OR ")) == (len(names) - 1 or count)
    assert whole.alarm_name_input == "tb"


def test_a_rule_of_the_longest_names_is_one_that_cloudwatch_takes() -> None:
    # Project, environment, kind and short name.
    longest = "ALARM() OR " + '""' + "a" * (24 + 1 + 16 + 1 + 21 + 1 + 64)
    assert MOST_IN_RULE * len(longest) <= 10_240
