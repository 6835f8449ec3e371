"""What may be wrong with a report in a browser: each check yields problems in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reporting.browser import Page

WAYS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "phone": {"width": 390, "height": 844},
}
MOST_TIMES = 8  # as long as a page of as many bytes takes in which there is only text
PARAGRAPH = f"<p>{'plain text ' * 8}</p>\n"
# Of things that are folded one of each kind is opened: axe takes half a minute for all of them.
AXE = """
(async () => {
  const kinds = new Set();
  document.querySelectorAll("details").forEach((fold) => {
    fold.open ||= !kinds.has(fold.className);
    kinds.add(fold.className);
  });
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((item) =>
    `${item.id}: ${item.help}: ${item.nodes.length} times, e.g. ${item.nodes[0].html.slice(0, 200)}`);
})()
"""
CUT_OFF = """
[...document.querySelectorAll(".table")].filter((table) => table.scrollWidth > table.clientWidth)
  .map((table) => table.getAttribute("aria-label"))
"""
FOCUSED = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
SHOWN = "[...document.querySelectorAll('main :is(.row, .found)')].filter((line) => !line.hidden).length"


def problems(window: Page, file: Path, axe: str) -> Iterator[str]:
    """Yield all that is wrong with a page."""
    for name, way in WAYS.items():
        window.show(**way)
        window.events.clear()
        window.open(f"{file.as_uri()}?{name}")
        yield from (f"{name}: {problem}" for problem in _width(window))
        yield from (f"{name}: {problem}" for problem in _asked(window, file))
        window.run(axe)
        yield from (f"{name}: {problem}" for problem in window.run(AXE))
        if name == "phone":  # now with tables that were folded
            yield from (f"{name}: the table {label!r} is cut off" for label in window.run(CUT_OFF))
    window.show()
    window.events.clear()
    yield from _time(window, file)
    for check in (_keyboard, _search, _link, _paper, _without_script):
        window.events.clear()
        yield from check(window, file.as_uri())


def _width(window: Page) -> Iterator[str]:
    wide, seen = window.run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > seen:
        yield f"it is {wide} pixels wide, of which {seen} are seen"


def _asked(window: Page, file: Path) -> Iterator[str]:
    """Yield what went out, and what the browser complains about."""
    for event in window.events:
        match event:
            case {"method": "Network.requestWillBeSent", "params": {"request": {"url": address}}}:
                if not address.startswith((file.as_uri(), "data:")):
                    yield f"{address} was asked for"
            case {"method": "Log.entryAdded", "params": {"entry": {"text": text}}}:
                yield f"the browser says: {text}"
            case {"method": "Runtime.exceptionThrown", "params": params}:
                yield f"the script fails: {params}"


def _time(window: Page, file: Path) -> Iterator[str]:
    """Yield whether it opens slowly; of several times the shortest, since something else may run there."""
    plain = file.with_name("plain.html")
    plain.write_text("<!doctype html><title>Plain</title>" + PARAGRAPH * (file.stat().st_size // len(PARAGRAPH)))
    took: dict[Path, list[float]] = {file: [], plain: []}
    for attempt in range(5):
        for page, times in took.items():
            window.open(f"{page.as_uri()}?{attempt}")
            times.append(window.run("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
    own, least = min(took[file]), min(took[plain])
    print(f"{file.stem} opens in {own:,.0f} ms, a plain page of its size in {least:,.0f} ms")
    if own > MOST_TIMES * least:
        yield f"it takes {own:,.0f} ms to open, {own / least:.1f} times as long as a plain page of its size"


def _keyboard(window: Page, address: str) -> Iterator[str]:
    window.open(f"{address}?keyboard")
    window.press("Tab")
    if (focused := window.run(FOCUSED)) != "skip":
        yield f"the first that Tab leads to is {focused}, not what skips to the content"
    window.press("Enter", "\r")
    if (focused := window.run(FOCUSED)) != "content":
        yield f"that leads to {focused}"


def _search(window: Page, address: str) -> Iterator[str]:
    window.open(f"{address}?search")
    all_ = window.run(SHOWN)
    window.press("/", "/")
    if (focused := window.run(FOCUSED)) != "query":
        yield f"/ leads to {focused}"
    for letter in "delay_sec":
        window.press(letter, letter)
    window.run("new Promise((done) => setTimeout(done, 500))")
    shown, told = window.run(f"[{SHOWN}, document.getElementById('count').textContent]")
    if not 0 < shown < all_ / 5 or told != f"{shown} matches":
        yield f"{shown} of {all_} lines are shown, and it says {told!r}"
    if not window.run("document.getElementById('queues.documents.delay_seconds').checkVisibility()"):
        yield "what is found is not opened"
    window.press("Escape")
    if (left := window.run(SHOWN)) != all_:
        yield f"Escape leaves {left} of {all_} lines"


def _link(window: Page, address: str) -> Iterator[str]:
    for path in ("queues.documents.dead_letter_queue.delay_seconds", "section-permissions"):
        window.open(f"{address}?{path}#{path}")
        top = window.run(f"document.getElementById('{path}').getBoundingClientRect().top")
        if not 0 <= top < 100:
            yield f"a link to {path} leads {top:,.0f} pixels past it"


def _paper(window: Page, address: str) -> Iterator[str]:
    window.open(f"{address}?paper")
    window.show(media="print", scheme="dark")
    if window.run("getComputedStyle(document.querySelector('nav')).display") != "none":
        yield "its contents are printed"
    if (colour := window.run("getComputedStyle(document.body).backgroundColor")) != "rgb(255, 255, 255)":
        yield f"it is printed on {colour}"
    window.show()


def _without_script(window: Page, address: str) -> Iterator[str]:
    window.call("Emulation.setScriptExecutionDisabled", value=True)
    window.open(f"{address}?plain")
    window.call("Emulation.setScriptExecutionDisabled", value=False)
    if window.run("document.getElementById('search').checkVisibility()"):
        yield "without a script it offers a search that does nothing"
