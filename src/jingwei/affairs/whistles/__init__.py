"""Whistle: the subdistrict calls the departments, which report in, handle it together and rate one another."""
