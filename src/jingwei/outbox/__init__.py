"""What is to be done soon after: messages that are kept until they are handled, and tasks that come round."""
