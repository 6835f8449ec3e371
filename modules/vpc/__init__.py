"""Virtual Private Cloud: the network that jobs and workers run in."""
