"""A fact in, the picture of its page or the table it stands in out, with its cell outlined."""
