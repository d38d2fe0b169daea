"""Persons, behind the privacy wall: what is known of them, why, and until when."""
