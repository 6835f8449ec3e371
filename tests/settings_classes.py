"""Every settings class there is, so that a test covers those which are added without being told."""

from reference.classes import can_be_made, concrete_settings, settings_classes

__all__ = ["can_be_made", "concrete_settings", "settings_classes"]
