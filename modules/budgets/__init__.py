"""AWS Budgets and Cost Explorer: what an environment costs, and whom that is told."""
