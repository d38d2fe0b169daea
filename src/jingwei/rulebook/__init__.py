"""The county's rule book: how she works, read from what is declared in code and said in her pack, nothing else."""
