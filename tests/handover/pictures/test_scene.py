"""Pictures are legible: nothing lies over another, no line leads through a box, no name is cut."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from handover.pictures.drawing import graphs
from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.scene import WIDTH, picture
from tests.handover.pictures.looking import faults
from tests.handover.platforms import shipped_platforms

STYLES = ("flow", "sends", "waits", "dead")
WORDS = ("embed-documents", "documents", "a" * 60, "gpu", "WWW-WWW WWW", "cron(0 22 * * ? *) UTC", "größer 模型")


def test_pictures_of_what_is_shipped_are_legible() -> None:
    found = {
        f"{platform.name}/{name}": faults(graph)
        for platform in shipped_platforms()
        for name, graph in graphs(platform).items()
    }
    assert {"prod/platform", "transcription/pipelines/import"} < found.keys()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def columns(chosen: random.Random, boxes: int, edges: int) -> Graph:
    ranks = {f"b{number}": number % 6 for number in range(boxes)}
    made = [
        Box(key, "queue", chosen.choice(WORDS), "SQS queue", chosen.sample(WORDS, chosen.randrange(3))) for key in ranks
    ]
    joined = []
    for one, other in (chosen.choices(list(ranks), k=2) for _ in range(edges)):
        label = chosen.choice(["", "", "1", "22"]) if ranks[one] != ranks[other] else ""
        joined.append(Edge(one, other, chosen.choice(STYLES), label))
    return Graph("Platform", made, list(dict.fromkeys(joined)), ranks, ["Sources"] * 6)


def states(chosen: random.Random, boxes: int, edges: int, depth: int = 2) -> Graph:
    keys = [f"{chosen.random()}{number}" for number in range(boxes)]
    made = [
        Box(
            key,
            "job",
            chosen.choice(WORDS),
            "Batch job",
            chosen.sample(WORDS, chosen.randrange(3)),
            [states(chosen, 3, 3, depth - 1)] if depth and chosen.random() < 0.2 else [],
        )
        for key in keys
    ]
    joined = [
        Edge(one, other, chosen.choice(["flow", "fails"]), chosen.choice(["", "", *WORDS]))
        for one, other in (chosen.sample(keys, 2) for _ in range(edges))
    ]
    return Graph("Pipeline", made, list(dict.fromkeys(joined)))


@given(st.integers(0, 999_999), st.integers(6, 40), st.integers(0, 40))
@settings(max_examples=8, deadline=None)
def test_any_platform_is_legible_in_the_width_of_a_page(seed: int, boxes: int, edges: int) -> None:
    graph = columns(random.Random(seed), boxes, edges)
    assert faults(graph) == []
    assert picture(graph).width <= WIDTH


@given(st.integers(0, 999_999), st.integers(2, 14), st.integers(0, 20))
@settings(max_examples=8, deadline=None)
def test_any_pipeline_is_legible(seed: int, boxes: int, edges: int) -> None:
    assert faults(states(random.Random(seed), boxes, edges)) == []


def test_sixty_things_and_eighty_lines_are_legible_in_the_width_of_a_page() -> None:
    graph = columns(random.Random(60), 60, 80)
    assert faults(graph) == []
    assert picture(graph).width <= WIDTH


def test_a_picture_of_nothing_has_its_title() -> None:
    graph = Graph("Platform dev", [], [])
    assert faults(graph) == []
    assert [text.text for text in picture(graph).texts] == ["Platform dev"]
