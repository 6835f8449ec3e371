"""Settings of everything in Batch, a file for each kind of thing; environment files import from those files."""
