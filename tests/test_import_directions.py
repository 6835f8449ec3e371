"""Who imports whom: the layers stay layers, and what needs no Node starts none."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from modules.cycles import cycle_in
from tests.processes import PROJECT, run_python
from tests.sources import nodes

FORBIDDEN = {
    "engine": {"modules", "stacks", "handover", "reporting", "rehearsal", "main", "examples"},
    "modules": {"stacks", "handover", "reporting", "rehearsal", "main", "examples"},
    "stacks": {"handover", "reporting", "rehearsal", "main", "examples"},
    "handover": {"engine", "modules", "stacks", "reporting", "rehearsal", "main", "examples"},
    "reporting": {"engine", "rehearsal", "proofs", "main", "examples"},
    "rehearsal": {"engine", "modules", "stacks", "handover", "reporting", "main", "examples"},
    "proofs": {"engine", "handover", "reporting", "rehearsal", "main", "examples"},
}
OURS = {*FORBIDDEN, "main", "examples", "benchmarks", "reference", "tests"}


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level packages that a file imports, in functions too."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0] if not node.level else "a relative import"


def sources(*packages: str) -> list[Path]:
    return sorted(file for package in packages for file in (PROJECT / package).rglob("*.py"))


@pytest.mark.parametrize("package", [name for name in FORBIDDEN if (PROJECT / name).is_dir()])
def test_no_layer_imports_one_above_it(package: str) -> None:
    files = sources(package)
    assert files
    wrong = FORBIDDEN[package] | {"tests", "benchmarks", "reference", "proofs", "a relative import"} - {package}
    assert {(file.name, name) for file in files for name in imported(file) if name in wrong} == set()


def test_no_imports_go_round_in_a_circle() -> None:
    files = {".".join(file.relative_to(PROJECT).with_suffix("").parts): file for file in sources(*OURS - {"tests"})}
    names = {name.removesuffix(".__init__"): name for name in files}
    imports = {
        name: {names[found] for found in _modules(file) if found in names} - {name} for name, file in files.items()
    }
    assert cycle_in(imports) is None


def _modules(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports, in functions too; of names in a module, that module."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if (PROJECT / f"{inner.replace('.', '/')}.py").exists() else str(node.module)


def test_no_type_is_imported_for_the_type_checker_alone() -> None:
    hidden = re.compile(rf"if TYPE_CHECKING:\n +(from|import) ({'|'.join(OURS)})\b")
    assert hidden.search("if TYPE_CHECKING:\n    from modules.settings import Settings\n")
    assert [file for file in sources(*OURS - {"tests"}) if hidden.search(file.read_text(encoding="utf-8"))] == []


def test_only_the_standard_library_and_what_synth_requires_is_imported() -> None:
    """What tests and checks need is not there where only ``make synth`` ran."""
    printed = run_python("import sys; print(*sys.stdlib_module_names)")
    allowed = {*printed.split(), *OURS, "cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii"}
    allowed |= {"pydantic", "pydantic_core", "rich"}
    files = [PROJECT / "main.py", *sources("engine", "modules", "stacks", "handover")]
    # Run by hand, to renew a table that is part of the source.
    files = [file for file in files if not file.name.startswith("refresh_")]
    wanted = {(file.name, name) for file in files for name in imported(file) if name not in allowed}
    # Only for files in HCL; what reads them tells what is missing.
    assert wanted - {("native_reading.py", "hcl2"), ("native_reading.py", "lark")} == set()


def test_reports_need_templates_beside_that_which_nothing_imports_before_it_is_known_that_they_are_there() -> None:
    printed = run_python("""
import sys, reporting.command
print(*sorted({"cdktf", "constructs", "jinja2", "jsii", "markupsafe"} & set(sys.modules)))
""")
    assert printed == ""
    assert {name for file in sources("reporting") for name in imported(file)} - {*sys.stdlib_module_names, *OURS} == {
        "jinja2",
        "markupsafe",
    }


def test_a_rehearsal_imports_the_local_aws_beside_that() -> None:
    """``make rehearse`` installs moto and its server; nothing of the bindings is needed."""
    printed = run_python("import sys; print(*sys.stdlib_module_names)")
    allowed = {*printed.split(), "rehearsal", "rich", "botocore", "moto", "werkzeug"}
    files = sources("rehearsal")
    wanted = {(file.name, name) for file in files for name in imported(file) if name not in allowed}
    # Only for files in HCL; what reads them tells what is missing.
    assert wanted - {("native_reading.py", "hcl2"), ("native_reading.py", "lark")} == set()


def test_settings_files_and_rules_start_no_bindings() -> None:
    modules = [
        ".".join(file.relative_to(PROJECT).with_suffix("").parts)
        for file in sources("modules", "stacks")
        if file.name == "settings.py" or "settings" in file.parent.name or "rules" in file.parent.name
    ]
    assert "modules.sqs.settings" in modules
    code = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name.removesuffix(".__init__"))
print(*sorted({{"cdktf", "constructs", "jsii"}} & set(sys.modules)))
"""
    assert run_python(code) == ""


def test_check_starts_no_bindings() -> None:
    code = """
import sys, main
status = main.main(["check", "--quiet"])
print(status, *sorted({"cdktf", "constructs", "jsii"} & set(sys.modules)))
"""
    assert run_python(code) == "0"


@pytest.mark.parametrize("arguments", [["--help"], ["deploy", "--help"]])
def test_what_needs_no_environment_imports_no_pydantic(arguments: list[str]) -> None:
    code = f"""
import contextlib, io, sys, main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main.main({arguments!r})
print(*sorted({{"cdktf", "constructs", "jsii", "pydantic"}} & set(sys.modules)))
"""
    assert run_python(code) == ""
