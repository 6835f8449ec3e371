"""A picture as SVG: light and dark, readable to programs and to people who do not see it, the same bytes each time."""

import re
from itertools import product
from xml.etree.ElementTree import fromstring

import pytest

from handover.pictures.boxes import EXISTING, RANKS
from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.machine import CALLS, PLAIN
from handover.pictures.scene import LEGEND
from handover.pictures.svg import DARK, LIGHT, LINES, LOOKS, described, svg

SPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "<b>&\"' ]]> 模型"
GRAPH = Graph(
    f"Pipeline {HOSTILE}",
    [Box("a", "job", f"first {HOSTILE}", "Batch job", [HOSTILE]), Box("b", "queue", "second", "SQS queue")],
    [Edge("a", "b", "sends", HOSTILE), Edge("a", "b")],
)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("base", "which"), [(LIGHT, 0), (DARK, 1)])
def test_whatever_is_drawn_stands_out_from_what_is_behind_it(base: dict[str, str], which: int) -> None:
    drawn = {base["text"], base["less"], *(of[which] for of in LINES.values()), *(of[which] for of in LOOKS.values())}
    behind = (base["page"], base["box"])
    assert {pair: round(contrast(*pair), 2) for pair in product(drawn, behind) if contrast(*pair) < 4.5} == {}


def test_every_kind_of_box_and_line_has_its_colours() -> None:
    looks = {*RANKS, *(look for look, _ in (*EXISTING.values(), *CALLS.values(), *PLAIN.values())), "ends", "branches"}
    assert looks == set(LOOKS)
    assert set(LEGEND) == set(LINES)


def test_names_are_text_whatever_they_are() -> None:
    root = fromstring(svg(GRAPH))
    words = " ".join("".join(found.itertext()) for found in root.iter(f"{SPACE}text"))
    assert words.count("<b>&\"'") == 4
    assert root.findtext(f"{SPACE}title") == GRAPH.title
    assert {found.tag.removeprefix(SPACE) for found in root.iter()} == {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text")
    }


def test_those_who_do_not_see_it_are_told_what_it_shows() -> None:
    root = fromstring(svg(GRAPH))
    assert root.get("role") == "img"
    told = {found.get("id"): found.text for found in root if found.get("id")}
    assert root.get("aria-labelledby", "").split() == list(told)
    assert told["description"] == described(GRAPH)
    nested = Graph(
        "", [Box("m", "branches", "each", inside=[Graph("", [Box("i", "job", "one", "Batch job")], [])])], []
    )
    assert described(nested) == "each. In each: Batch job one."
    assert f"first {HOSTILE} sends messages to second ({HOSTILE})" in described(GRAPH)


def test_it_is_dark_where_the_viewer_is() -> None:
    style = fromstring(svg(GRAPH)).findtext(f"{SPACE}style") or ""
    light, dark = style.split("@media(prefers-color-scheme:dark)")
    assert LIGHT["page"] in light
    assert DARK["page"] in dark
    assert set(re.findall(r"#[0-9a-f]{6}", light)) & set(re.findall(r"#[0-9a-f]{6}", dark)) == set()


def test_arrows_and_colours_are_there_for_just_what_is_drawn() -> None:
    root = fromstring(svg(GRAPH))
    assert {found.get("id") for found in root.iter(f"{SPACE}marker")} == {"flow", "sends"}
    heads = {found.get("marker-end") for found in root.iter(f"{SPACE}path")} - {None}
    assert heads == {"url(#flow)", "url(#sends)"}
