"""Elastic Compute Cloud: instance types, launch templates and what instances need to run containers."""
