"""Modules that are loaded only when a command needs them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from types import ModuleType

_TURN = RLock()


def load(module: str) -> ModuleType:
    """Import a module without looking for garbage meanwhile, which takes a tenth of the time.

    What is loaded stays, so later collections leave it out too. Several threads load one after
    the other: side by side each would only take longer.

    Args:
        module: its dotted name.
    """
    with _TURN, uncollected():
        try:
            return import_module(module)
        finally:
            gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
