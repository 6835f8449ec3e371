"""Apply synthesized stacks with the real AWS provider to a local AWS, from their Terraform JSON alone.

moto is the local AWS, Terraform and the provider are the user's; what is ours prepares a stack and reads the plans.
"""
