"""What is counted: figures, each a question whose number opens to the rows that make it."""
