"""Every write of casework: one act, one function, one transaction, with its line in the trail."""
