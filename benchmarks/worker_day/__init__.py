"""A day in the life of a queue worker: its scaling driven through bursts, as CloudWatch and ECS would see them."""
