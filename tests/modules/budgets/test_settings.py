import pytest

from modules.budgets.settings import Budget
from tests.problems import refused


@pytest.mark.parametrize(
    ("actual", "forecast", "count"), [((), (), 0), ((80,), (), 1), (range(1, 10), (1,), 10), (range(1, 11), (1,), 11)]
)
def test_a_budget_tells_something_and_not_more_than_it_can(
    actual: range | tuple[int, ...], forecast: tuple[int, ...], count: int
) -> None:
    def budget() -> Budget:
        return Budget(monthly_usd=1, actual_percent=[*actual], forecast_percent=[*forecast])

    if 1 <= count <= 10:
        assert budget().monthly_usd == 1
    else:
        assert refused(budget) == [f"actual_percent: 1, 10, got {count}"]
