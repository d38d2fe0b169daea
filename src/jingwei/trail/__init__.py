"""Who did what, and when: the trail that is only ever added to."""
