"""What the hostile tests share."""
