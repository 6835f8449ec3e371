"""What an environment has for those who operate it."""
