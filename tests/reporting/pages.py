"""Pages of environments, and what a parser finds in them."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from typing import Any

from reporting.page import Report, page
from stacks.environment import Environment
from stacks.loading import PACKAGE, load_environments
from tests.handover.platforms import platform_of
from tests.shipped import shipped_stacks
from tests.stacks.environments import environment

VOID = {"meta", "input", "img", "wbr"}


@cache
def shipped_report(name: str, package: str = PACKAGE) -> Report:
    """Return what the page of an environment that is shipped is made from."""
    environments = load_environments(package=package)
    (own,) = (found for found in environments if found.name == name)
    stacks = {stack: made for stack, made in shipped_stacks(package).items() if stack.rpartition("-")[0] == name}
    return Report(own, platform_of(name, stacks), environments)


@cache
def shipped_page(name: str) -> str:
    """Return the page of an environment that is shipped."""
    return page(shipped_report(name))


def report_of(made: Environment | None = None, **values: Any) -> Report:
    """Return what the page of a small environment is made from, of which no Terraform was made."""
    own = made or environment(**values)
    return Report(own, platform_of(own.name, {}), [own])


@dataclass
class Element:
    """One element: its tag, its attributes, what it is in, and the text in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None"
    texts: list[str]  # of the whole page, of which it has those from start to end
    start: int
    end: int = 0

    @property
    def text(self) -> str:
        """Return all text inside."""
        return " ".join("".join(self.texts[self.start : self.end]).split())

    def is_in(self, other: "str | Element") -> bool:
        """Return whether it stands inside another element, or inside one of a tag."""
        return self.parent is not None and (other in (self.parent.tag, self.parent) or self.parent.is_in(other))


class Parsed(HTMLParser):
    """A page as a parser reads it: its elements, and what it finds wrong with them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.wrong: list[str] = []
        self._open: list[Element] = []
        self._texts: list[str] = []
        self.feed(text)
        self.wrong += [f"{element.tag} is never closed" for element in self._open]
        self.ids = Counter(element.attributes["id"] for element in self.elements if "id" in element.attributes)
        self._by_id = {element.attributes.get("id", ""): element for element in self.elements}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        attributes, parent = {name: value or "" for name, value in attrs}, self._open[-1] if self._open else None
        element = Element(tag, attributes, parent, self._texts, len(self._texts))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of one, which must be the last that is open."""
        if self._open and self._open[-1].tag == tag:
            self._open.pop().end = len(self._texts)
        else:
            self.wrong.append(f"{tag} is closed inside {[element.tag for element in self._open[-2:]]}")

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self._texts.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of these tags."""
        return [element for element in self.elements if element.tag in tags]

    def by_id(self, name: str) -> Element:
        """Return the element with an id."""
        return self._by_id[name]


@cache
def parsed(name: str) -> Parsed:
    """Return the page of an environment that is shipped, parsed."""
    return Parsed(shipped_page(name))
