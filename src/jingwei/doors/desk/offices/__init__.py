"""Pages of organisations, posts, alliances and grid teams: one page for each sort of thing, drawn by one template."""
