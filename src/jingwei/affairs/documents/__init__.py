"""What a county's own document says of it, number by number, and what stands in the county for each."""
