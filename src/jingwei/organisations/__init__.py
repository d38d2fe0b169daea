"""Who answers for what: organisations, the posts within them, and who holds which."""
