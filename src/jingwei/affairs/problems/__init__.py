"""Rectification: problems found, the measures that put them right, and whether they come back."""
