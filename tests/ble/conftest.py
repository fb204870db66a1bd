"""What of this folder is for Linux only: dbus-fast comes with bleak there and nowhere else."""

import sys

collect_ignore = (
    [] if sys.platform == "linux" else ["test_bluez.py", "test_bluez_look.py", "fake_bus.py"]
)
