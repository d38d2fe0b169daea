"""Signing in as oneself, and acting as a post."""
