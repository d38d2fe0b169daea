"""`python -m jingwei`: the command line, as the script ./jingwei calls it."""

import sys

from jingwei.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
