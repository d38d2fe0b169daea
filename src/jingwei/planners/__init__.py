"""Proposals for people to compare, edit and adopt: plain data in, a proposal with its reasons out."""
