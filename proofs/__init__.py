"""What the emitted policies allow is proved to be what the settings promise; nothing is sampled."""
