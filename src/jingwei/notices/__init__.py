"""Who is told, when, and by which channel."""
