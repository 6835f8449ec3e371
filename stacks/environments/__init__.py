"""The environments of this checkout, a file each, with values only. ``ENVIRONMENTS`` lists them.

An environment file is a Python module ``<name>.py`` that defines ``<NAME> = Environment(name="<name>", …)``.
"""

ENVIRONMENTS = ("dev", "staging", "prod")
