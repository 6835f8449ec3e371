"""docs/messages.md shows how every problem reads; ``make messages`` writes it anew."""

from collections import Counter

import pytest

from tests.messages import COMMON, PAGE, Place, is_whole, page, places, shown


def test_the_page_shows_what_the_tests_come_across(request: pytest.FixtureRequest, examples: dict[Place, str]) -> None:
    if not is_whole(request.session):  # then there is too little to make a page of
        assert {place for place in examples if place[0] != COMMON} <= set(places())
        return
    if request.config.getoption("update_snapshots"):
        PAGE.write_text(page(examples), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page(examples)


@pytest.mark.usefixtures("examples")  # goes after the page
def test_every_place_that_makes_a_problem_has_an_example_on_the_page() -> None:
    assert shown() == Counter(file for file, _ in places())
