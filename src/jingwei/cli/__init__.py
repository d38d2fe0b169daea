"""The command line: one module a command, each with `arguments` and `run`."""
