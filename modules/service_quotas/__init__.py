"""Service Quotas: what an account may have of a thing in one region."""
