"""The doors of the house: chrome and routes, and nothing that decides."""
