"""Elastic File System: files that many jobs read at once, such as model weights."""
