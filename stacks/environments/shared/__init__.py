"""What production and staging have in common: what runs there. How much of it runs at once, each says itself."""
