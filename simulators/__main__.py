"""Run the simulators without the companion: ``python -m simulators``."""

import sys

from simulators.command_line import main

if __name__ == "__main__":
    sys.exit(main())
