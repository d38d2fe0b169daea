"""Promises of property companies 54321: minutes, hours and days by severity, and what is kept of a breach."""
