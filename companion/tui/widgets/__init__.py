"""The parts the screens are built of, one widget to a module."""
