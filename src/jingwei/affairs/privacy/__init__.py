"""Personal data: the county's list of what it keeps, its expiry, and everybody's right to her own."""
