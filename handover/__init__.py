"""Hand synthesized Terraform over to people who run it without Python: bundles, made from the JSON alone.

Nothing here knows how the JSON came about: it works on any folder with a ``manifest.json`` and the stacks it names.
"""
