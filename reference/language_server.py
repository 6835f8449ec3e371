"""basedpyright's language server, asked as an editor asks it: over its standard streams, in a process of its own.

Source: the Language Server Protocol 3.17.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

SERVER = Path(sys.prefix, "bin", "basedpyright-langserver")


class LanguageServer:
    """A running server; made by ``language_server``."""

    def __init__(self, to_server: IO[bytes], from_server: IO[bytes]) -> None:
        self._to, self._from = to_server, from_server
        self._asked = 0

    def ask(self, method: str, **parameters: Any) -> Any:
        """Return the answer to a request, after answering what the server asks meanwhile."""
        self._asked += 1
        self._send(id=self._asked, method=method, params=parameters)
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                # Nothing is configured here: what pyproject.toml says counts, as in an editor just installed.
                items = message.get("params", {}).get("items", ())
                self._send(id=message["id"], result=[{} for _ in items] if items else None)
            elif message.get("id") == self._asked:
                return message["result"]

    def tell(self, method: str, **parameters: Any) -> None:
        """Send what is not answered."""
        self._send(method=method, params=parameters)

    def open(self, file: Path) -> None:
        """Show a file, as when it is opened in an editor."""
        text = file.read_text(encoding="utf-8")
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def hover(self, file: Path, line: int, column: int) -> str:
        """Return the Markdown that is shown over a place, both counted from 0; "" for nothing."""
        place = {"line": line, "character": column}
        shown = self.ask("textDocument/hover", textDocument={"uri": file.as_uri()}, position=place)
        return str(shown["contents"]["value"]) if shown else ""

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._to.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while header := self._from.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the language server has ended")
        message: dict[str, Any] = json.loads(self._from.read(length))
        return message


@contextmanager
def language_server(folder: Path) -> Iterator[LanguageServer]:
    """Start a server for a folder; it ends with the block."""
    with subprocess.Popen([SERVER, "--stdio"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            server = LanguageServer(cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))
            able = {"textDocument": {"hover": {"contentFormat": ["markdown"]}}, "workspace": {"configuration": True}}
            there = [{"uri": folder.as_uri(), "name": folder.name}]
            server.ask("initialize", processId=None, rootUri=None, capabilities=able, workspaceFolders=there)
            server.tell("initialized")
            yield server
        finally:
            process.kill()
