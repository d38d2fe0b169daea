"""What recurs: a duty is owed each day, week, month, quarter or year, and is met by a record that exists anyway."""
