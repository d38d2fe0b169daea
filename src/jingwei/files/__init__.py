"""Photographs that people hand in: kept once, made small, rid of where and when they were taken."""
