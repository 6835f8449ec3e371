"""Elastic Container Service: clusters, task definitions, queue workers and other services."""
