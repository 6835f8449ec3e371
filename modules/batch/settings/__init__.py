"""Settings of everything in Batch, a file each kind; environment files import them from here."""
