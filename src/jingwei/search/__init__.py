"""Finding what was written: Chinese by pairs of characters, everything else by words."""
