"""Rows read in one question and written in one statement, where a county's day depends on it being quick."""
