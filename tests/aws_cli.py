"""The AWS CLI for shell scripts, against a local AWS; in this process, since starting it takes most of a second."""

import contextlib
import io
import json
import os
import shlex
import socketserver
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer

# What scripts find as `aws`: it hands its arguments on to the test's process.
STUB = """import json, socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect({address!r})
    connection.sendall(json.dumps(sys.argv[1:]).encode() + b"\\n")
    answer = json.loads(connection.makefile().readline())
sys.stdout.write(answer["stdout"])
sys.stderr.write(answer["stderr"])
sys.exit(answer["status"])
"""


_driver = cache(create_clidriver)


class _Request(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            try:
                status = _driver().main(json.loads(self.rfile.readline()))
            except SystemExit as exit_:
                status = exit_.code
        answer = {"stdout": stdout.getvalue(), "stderr": stderr.getvalue(), "status": status}
        self.wfile.write(json.dumps(answer).encode() + b"\n")


@contextlib.contextmanager
def serve_aws() -> Iterator[str]:
    """Serve a local AWS that runs no jobs on this machine, and yield its address."""
    before = default_user_config["batch"]
    default_user_config["batch"] = {"use_docker": False}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
        default_user_config["batch"] = before


@contextlib.contextmanager
def aws_cli(folder: Path) -> Iterator[dict[str, str]]:
    """Put an ``aws`` into ``folder`` and yield the environment in which scripts find it, and sh, and nothing else.

    At the end what it made is forgotten. What the CLI reads from the environment is that of this process, where neither
    region nor endpoint may be missing from what is tested: only the caller says what there is.
    """
    address = str(folder / "socket")
    stub = folder / "aws"
    (folder / "aws.py").write_text(STUB.format(address=address))
    # Not the first line of the program itself: that knows no spaces in a path.
    stub.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -ISE {shlex.quote(str(folder / "aws.py"))} "$@"\n')
    stub.chmod(0o755)
    with socketserver.UnixStreamServer(address, _Request) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()  # so soon it ends
        try:
            yield {"PATH": os.pathsep.join([str(folder), "/usr/bin", "/bin"])}
        finally:
            server.shutdown()
            BackendDict.reset()  # what a server has made stays in its process
