"""All tests. The bindings are made fast before the first of them is imported: conftest.py starts with cdktf itself."""

from engine import activate

activate()
