"""Incidents: what people report, from the first word to the last."""
