"""What containers have in common, whether Batch or ECS runs them."""
