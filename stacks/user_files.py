"""Import what a user wrote with its ``assert`` statements, which ``python -O`` (twice as fast a synth) leaves out."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


def keep_asserts(package: str) -> None:
    """Let the files of ``package``, and of the packages in it, be imported with their asserts from now on."""
    if FINDER not in sys.meta_path:
        sys.meta_path.insert(0, FINDER)
    FINDER.packages.add(package)


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        # Neither from a .pyc nor into one: those of -O have no asserts, and the same name.
        path = self.get_filename(fullname)
        code: CodeType = compile(self.get_data(path), path, "exec", dont_inherit=True, optimize=0)
        return code


class _Finder(MetaPathFinder):
    packages: set[str]

    def __init__(self) -> None:
        self.packages = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not any(f"{fullname}.".startswith(f"{package}.") for package in self.packages):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


FINDER = _Finder()
