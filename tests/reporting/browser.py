"""A browser without a window, driven through a pair of pipes as Chrome's DevTools protocol has it."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")


def find_browser() -> str:
    """Return where there is a browser that knows the protocol; empty where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class Page:
    """One page of a browser."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = requests, answers
        self._count, self._rest, self._session = 0, b"", ""
        self.events: list[Mapping[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._count += 1
        request = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            request["sessionId"] = self._session
        os.write(self._requests, json.dumps(request).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def open(self, address: str) -> None:
        """Go to an address and wait until all of it is there."""
        loader = self.call("Page.navigate", url=address)["loaderId"]
        loaded = {"loaderId": loader, "name": "load"}
        while not any(loaded.items() <= event.get("params", {}).items() for event in self.events):
            self.events.append(self._next())

    def run(self, script: str) -> Any:
        """Return what a script in the page results in, once that is there."""
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def press(self, key: str, text: str = "") -> None:
        """Press a key."""
        kinds = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}
        for kind in ("keyDown", "keyUp"):
            pressed = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=kinds.get(key, 0), **pressed)

    def show(self, *, width: int = 1_280, height: int = 900, scheme: str = "light", media: str = "screen") -> None:
        """Show the page in a window of this size, to somebody who likes it light or dark, or on paper."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def photograph(self, file: Path) -> None:
        """Write what is seen as PNG."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def print(self, file: Path) -> None:
        """Write what a printer would print as PDF."""
        self.call("Emulation.setEmulatedMedia", media="print")
        file.write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._answers, 1_048_576)
            assert part, "the browser has ended"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browser_page(browser: str) -> Iterator[Page]:
    """Give a page of a browser that is ended afterwards."""
    theirs, requests = os.pipe()
    answers, ours = os.pipe()

    with TemporaryDirectory(prefix="terrabatch-browser-") as profile:
        command = (browser, *OPTIONS, "--remote-debugging-pipe", f"--user-data-dir={profile}")
        # It reads what it is told from its file 3, and answers into its file 4.
        shell = ("bash", "-c", f'exec "$@" 3<&{theirs} 4>&{ours}', "bash")
        process = subprocess.Popen((*shell, *command), stderr=subprocess.DEVNULL, pass_fds=(theirs, ours))
        os.close(theirs)
        os.close(ours)
        try:
            yield Page(requests, answers)
        finally:
            os.close(requests)
            os.close(answers)
            process.terminate()
            process.wait(20)
