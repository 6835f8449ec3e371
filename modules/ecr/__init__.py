"""Elastic Container Registry: repositories for the images of jobs and workers."""
