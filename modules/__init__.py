"""Reusable constructs, one folder an AWS service. Importing any of them starts the bindings the fast way."""

from engine import activate

activate()
