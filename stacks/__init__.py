"""Terraform root modules: what one environment's platform consists of, one state each."""
