"""Terraform root modules: what one environment's platform consists of, one state each."""

import modules  # noqa: F401  makes the bindings fast before a stack imports cdktf
