"""Environments to copy from, one a story; together they show every kind of thing there is."""
