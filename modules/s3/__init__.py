"""Simple Storage Service: buckets for models, inputs and results."""
