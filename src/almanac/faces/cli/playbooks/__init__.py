"""`almanac playbook`, `retro`, `handover` and `drill`."""
