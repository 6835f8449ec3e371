"""Serve the local AWS: ``python -m rehearsal.server`` prints its URL, and ends when its input does.

The first line of its input is a JSON list of account, region and id of what has to be there (``existing_things``).
"""

import json
import os
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal import local_aws
from rehearsal.lending import lend


class KeepAlive(MotoRequestHandler):  # type: ignore[misc]  # moto is not type-checked
    """Requests that leave the connection open: most of a rehearsal's are one of many."""

    protocol_version = "HTTP/1.1"


def main() -> None:
    """Serve on a free port of this machine until nobody writes to the input any more."""
    local_aws.install()
    lend(json.loads(sys.stdin.readline()))
    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=KeepAlive
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()  # at its end the process that started this has ended, for whatever reason
    os._exit(0)


if __name__ == "__main__":
    main()
