"""Published code lists as they are laid out and saved, with known truth."""
