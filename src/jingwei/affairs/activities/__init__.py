"""Activities: fairs, talks, volunteer days, courses; planned, announced to residents, held, and counted."""
