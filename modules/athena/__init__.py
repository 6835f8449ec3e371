"""Athena: questions in SQL about what is in buckets."""
