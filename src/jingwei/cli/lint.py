"""What is looked at without running anything: form, types, and that imports only fall."""

import subprocess
import sys
import time

from jingwei.cli import house

LOOKS = (
    ("ruff check", ("ruff", "check", "--quiet")),
    ("ruff format", ("ruff", "format", "--check", "--quiet")),
    ("mypy", ("mypy", "--no-error-summary")),
    ("import-linter", ("importlinter.cli", "lint")),
)


def run() -> int:
    """Run every look; returns 1 if any found something, after all have run."""
    worst = 0
    for name, (module, *words) in LOOKS:
        started = time.monotonic()
        print(f"… {name}", flush=True)
        command = [sys.executable, "-P", "-m", module, *words]
        if module == "importlinter.cli":
            command = [
                sys.executable,
                "-P",
                "-c",
                "from importlinter.cli import lint_imports_command as c; c()",
                "--no-logo",
            ]
        done = subprocess.run(command, cwd=house.ROOT, capture_output=True, text=True)
        if done.returncode:
            worst = 1
            print(done.stdout + done.stderr, end="", flush=True)
        print(f"{'✗' if done.returncode else '✓'} {name}  {time.monotonic() - started:.1f} s", flush=True)
    return worst
