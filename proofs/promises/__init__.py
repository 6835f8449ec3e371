"""What the settings of an environment promise about who may do what, without a look at any policy."""
