"""Fixtures with named people."""
