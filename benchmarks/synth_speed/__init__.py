"""How fast a synth is, measured against the same programs with cdktf as it comes. ``make bench`` runs it.

Plain: the whole provider package is imported before anything of ours, so that the engine leaves everything as it is; no
``python -O``; the same Node. Both have been run before, so that compiled files and jsii's package cache are there.
"""
