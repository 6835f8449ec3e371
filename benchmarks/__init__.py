"""What is measured or simulated, and the pictures of it. Each part is a package to run with ``python -m``."""
