"""The subjects people bring: one folder each, none knows another."""
