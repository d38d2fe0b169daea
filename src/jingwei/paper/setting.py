"""The process that sets one document: data on its input, the PDF on its output, and hard bounds on time and memory.

It is run as a file, by itself, and imports nothing of the house.
"""

import resource
import sys
from pathlib import Path

MEMORY = 1_500_000_000
"""Bytes of address space. Trap: threads reserve far more of it than they use."""
SECONDS = 20


def main() -> None:
    """Set the template named first, dated by the second, with the data of the input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # after the bounds, so that they hold for it

    template, moment = Path(sys.argv[1]), int(sys.argv[2])
    fonts = [str(template.parent.parent / "fonts")]
    compiler = typst.Compiler(
        str(template), root=str(template.parent), font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"said": sys.stdin.buffer.read().decode()},
    )  # fmt: skip
    done = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    if isinstance(done, bytes):
        sys.stdout.buffer.write(done)


if __name__ == "__main__":
    main()
