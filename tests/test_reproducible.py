"""The same source gives the same bytes: on any machine, in any folder, at any time, in any order."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules.settings import Settings
from stacks.loading import load_environments
from stacks.synthesis import synthesize
from tests.processes import PROJECT, copy_project, files, run


def test_another_process_user_folder_and_time_zone_change_nothing(reference: dict[str, bytes], tmp_path: Path) -> None:
    project = copy_project(tmp_path / "another folder")
    for file in (PROJECT / "stacks" / "environments").glob("*.py"):
        (project / "stacks" / "environments" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "work").mkdir()
    (tmp_path / "temporary files").mkdir()
    cache = json.loads(run(sys.executable, "-c", WARM_CACHE).stdout)
    done = run(
        *(sys.executable, project / "main.py", "--quiet"),
        cwd=tmp_path / "work",
        PYTHONHASHSEED="271828",
        TZ="Asia/Kathmandu",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        USER="somebody",
        HOME=tmp_path,
        TMPDIR=tmp_path / "temporary files",
        AWS_REGION="eu-central-1",
        AWS_PROFILE="another",
        **cache,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "work" / "cdktf.out") == reference


# Another HOME has no packages that jsii unpacked; the cold starts of tests/engine show that it could have.
WARM_CACHE = """
import json, os, pathlib, modules
home = pathlib.Path.home() / ".cache" / "aws" / "jsii" / "package-cache"
chosen = {name: value for name, value in os.environ.items() if name.startswith("JSII_RUNTIME_PACKAGE_CACHE")}
print(json.dumps(chosen or {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(home)}))
"""


def test_the_order_of_entries_changes_nothing(reference: dict[str, bytes], tmp_path: Path) -> None:
    environments = [reversed_maps(environment) for environment in reversed(load_environments())]
    assert any(list(one.queues) != sorted(one.queues) for one in environments)
    synthesize(environments, tmp_path, complete=True)
    assert files(tmp_path) == reference


def test_nothing_of_this_machine_is_in_it(reference: dict[str, bytes]) -> None:
    machine = [str(PROJECT), str(Path.home()), sys.prefix, "jsii-kernel", "stacktrace"]
    text = b"\n".join(reference.values()).decode()
    assert [word for word in machine if word in text] == []


def reversed_maps(value: Any) -> Any:
    """Return settings equal to ``value`` whose maps have their entries in the opposite order."""
    if isinstance(value, Settings):
        given = [name for name in type(value).model_fields if name in value.model_fields_set]
        return type(value)(**{name: reversed_maps(getattr(value, name)) for name in reversed(given)})
    if isinstance(value, Mapping):
        return {key: reversed_maps(item) for key, item in reversed(list(value.items()))}
    if isinstance(value, tuple):
        return tuple(reversed_maps(item) for item in value)
    return value
