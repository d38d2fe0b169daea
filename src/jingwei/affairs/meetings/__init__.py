"""Meetings: consultation, weekly meeting, monthly review, bulletin; what they resolve becomes cases owed by posts."""
