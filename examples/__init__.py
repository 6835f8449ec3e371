"""Environments to copy from: reference environments, one a story, that together show all there is; and short ones."""
