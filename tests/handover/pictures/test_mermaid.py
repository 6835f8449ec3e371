"""A picture as Mermaid text: each line is one that its grammar has, whatever the names are."""

import re

from handover.pictures.drawing import graphs
from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.mermaid import mermaid
from tests.handover.platforms import shipped_platforms

WORDS = r'"[^"`;<>{}|\[\]\\&]*"'
LABEL = r'"(?:[^"`;<>{}|\[\]\\&]|#\d+;|<br/>)+"'
LINES = {
    "head": re.compile(r"flowchart (LR|TB)"),
    "title": re.compile(r"accTitle: [\w .:-]+"),
    "opens": re.compile(rf"subgraph (?P<id>[cn]\d+) \[{LABEL}\]"),
    "closes": re.compile("end"),
    "box": re.compile(rf"(?P<id>n\d+)(\[{LABEL}\]|\[\({LABEL}\)\]|\[\[{LABEL}\]\]|\(\[{LABEL}\]\)|\{{{LABEL}\}})"),
    "edge": re.compile(rf"(?P<from>n\d+) (-->|-\.->)(\|{LABEL}\|)? (?P<to>n\d+)"),
}


def kinds(text: str) -> list[str]:
    """Return what each line is; raise for a line that is nothing, an edge of nothing, or what is left open."""
    found, known, depth = [], set[str](), 0
    for line in text.splitlines():
        (kind, match), *_ = [(kind, match) for kind, form in LINES.items() if (match := form.fullmatch(line.strip()))]
        found.append(kind)
        depth += (kind == "opens") - (kind == "closes")
        assert depth >= 0
        parts = match.groupdict()
        if "id" in parts:
            assert parts["id"] not in known
            known.add(parts["id"])
        assert {parts[end] for end in ("from", "to") if end in parts} <= known
    assert depth == 0
    assert found[:2] == ["head", "title"]
    return found


def test_all_that_is_shipped_is_in_its_grammar_with_every_box_and_edge() -> None:
    for platform in shipped_platforms():
        for graph in graphs(platform).values():
            found = kinds(mermaid(graph))
            if graph.headings:
                assert found.count("box") == len(graph.boxes)
                assert found.count("opens") == len(graph.headings)
                assert found.count("edge") == len(graph.edges)


def test_names_are_text_whatever_they_are() -> None:
    hostile = 'a"b`c;d#e<f>{g}|[h]\\&end --> %%{init}%% 模型'
    graph = Graph(
        hostile, [Box("a", "choice", hostile), Box("b", "end", "end", "end")], [Edge("a", "b", "flow", hostile)]
    )
    text = mermaid(graph)
    assert kinds(text) == ["head", "title", "box", "box", "edge"]
    assert "a#34;b#96;c#59;d#35;e#60;f#62;#123;g#125;#124;#91;h#93;#92;#38;end --#62; %%#123;init#125;%% 模型" in text


def test_what_is_inside_of_a_box_is_a_graph_in_it() -> None:
    inner = Graph("", [Box("i", "job", "item"), Box("j", "job", "then")], [Edge("i", "j")])
    outer = Graph("Pipeline", [Box("m", "branches", "files", "for each", ["5 at a time"], [inner])], [])
    assert mermaid(outer).splitlines()[2:] == [
        '  subgraph n0 ["files, for each, 5 at a time"]',
        '    n1["item"]',
        '    n2["then"]',
        "    n1 --> n2",
        "  end",
    ]
