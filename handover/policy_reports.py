"""What scanners and proofs said, as files of a bundle: as they are, byte for byte."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from handover.options import RefusedError

FOLDER = "policy"
SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


def policy_reports(places: Sequence[Path]) -> dict[str, bytes]:
    """Return the files at these places. Raises RefusedError where there is none, or two have one name."""
    found: dict[str, bytes] = {}
    for place in places:
        files = sorted(file for file in place.iterdir() if file.is_file()) if place.is_dir() else [place]
        if not files or not files[0].is_file():
            raise RefusedError(f"--findings {place}: there is no file")
        for file in files:
            if f"{FOLDER}/{file.name}" in found:
                raise RefusedError(f"--findings {file}: another file is called {file.name}, too")
            found[f"{FOLDER}/{file.name}"] = file.read_bytes()
    return found


def section(files: Mapping[str, bytes], environment: str) -> Iterator[str]:
    """Yield what the README says of them, or that there are none."""
    yield "## Policy reports\n"
    reports = {name: content for name, content in sorted(files.items()) if name.startswith(f"{FOLDER}/")}
    if not reports:
        yield "None: no scanner was asked for this bundle. `--findings` takes in what they say.\n"
    else:
        yield "What scanners and proofs said when this was written:\n"
        yield "".join(f"- [{name}]({name}){_counted(content, environment)}\n" for name, content in reports.items())


def _counted(content: bytes, environment: str) -> str:
    """Return how much passed and failed, of a report of checkov or of proofs; nothing of any other."""
    try:
        report = json.loads(content)
    except ValueError:
        return ""
    match report:
        case {"summary": {"passed": int(passed), "failed": int(failed)}}:
            results = report.get("results", {})
            named = [_named(results.get(f"{kind}_checks", ()), kind, environment) for kind in ("failed", "skipped")]
            return "; ".join([f": {passed:,} checks passed, {failed:,} failed", *filter(None, named)])
        case {"environments": {**environments}} if isinstance(proofs := environments.get(environment), Mapping):
            return f": {_size(proofs, 'proved'):,} theorems proved, {_size(proofs, 'refuted'):,} refuted"
    return ""


def _named(checks: Iterable[Mapping[str, Any]], kind: str, environment: str) -> str:
    """Return what a scanner that tells severities found of an environment, the worst first."""
    found = Counter(
        (item["severity"], item["check_id"])
        for item in checks
        if item.get("severity") and Path(item.get("file_path", "")).parent.name.rpartition("-")[0] == environment
    )
    order = sorted(found, key=lambda key: (SEVERITIES.index(key[0]) if key[0] in SEVERITIES else -1, key))
    listed = ", ".join(f"{found[key]} {key[0].lower()} {key[1]}" for key in order)
    return f"{kind} here: {listed}" if listed else ""


def _size(proofs: Mapping[str, Any], name: str) -> int:
    return len(proofs.get(name, ()))
