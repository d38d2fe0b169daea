"""A county in one file, as it stood at one moment, and the county made from such a file again."""
