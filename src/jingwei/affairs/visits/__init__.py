"""Visits of whoever answers for a place: what was asked there, and what was promised, owed by a post as a case."""
