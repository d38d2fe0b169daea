"""Orders: a resident orders a small service, the community finds a team, a team takes it up, the resident rates it."""
