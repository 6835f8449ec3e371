"""A report of an environment for people: one HTML page that holds all it shows and asks nobody for anything.

It is made from the settings and from the Terraform that came of them, so it may import both sides.
"""
