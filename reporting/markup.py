"""Texts as HTML: what stands between backticks as code, and what names a setting as a link to it."""

import re
from collections.abc import Collection
from urllib.parse import quote

from markupsafe import Markup

CODE = re.compile(r"`([^`]*)`")
# A path, and what of the thing follows it: `buckets/data/incoming/*`, `queues/documents:*`.
PATH = re.compile(r"[\w-]+(?:[/.][\w-]+)*")


def anchor(path: str) -> str:
    """Return the id of the setting at a path, which is also what stands after # in a link to it."""
    return quote(path, safe="[]:")


def breakable(path: str) -> Markup:
    """Return a path whose last step stands out, and which a line may break after each of its words."""
    above, dot, last = path.rpartition(".")
    led, own = (re.sub(r"([._])", r"\1<wbr>", str(Markup.escape(text))) for text in (above + dot, last))
    return Markup(f'<span class="above">{led}</span>{own}' if above else own)


class Linker:
    """Makes links to the settings that a page has."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)

    def link(self, path: str, text: str = "") -> Markup:
        """Return a link to the setting at a path, or to the nearest above it; the text alone where there is none."""
        known = self._known(path)
        shown = Markup.escape(text or path)
        return Markup('<a href="#{}">{}</a>').format(quote(anchor(known), safe="%[]:"), shown) if known else shown

    def prose(self, text: str) -> Markup:
        """Return a text with its code as code, and links where that begins with the path of a setting."""
        pieces = CODE.split(text)
        return Markup("").join(
            Markup("<code>{}</code>").format(self._code(piece)) if index % 2 else Markup.escape(piece)
            for index, piece in enumerate(pieces)
        )

    def _code(self, text: str) -> Markup:
        found = PATH.match(text)
        path = found[0].replace("/", ".") if found else ""
        if "." not in path or not self._known(path):
            return Markup.escape(text)
        return self.link(path, text)

    def _known(self, path: str) -> str:
        while path and path not in self._paths:
            path = re.sub(r"(?:^|[.\[])[^.\[]*$", "", path)
        return path
