"""Modules that are loaded only when a command needs them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


def load(module: str) -> ModuleType:
    """Import a module without looking for garbage meanwhile, which takes a tenth of the time.

    What is loaded stays, so later collections leave it out too.

    Args:
        module: its dotted name.
    """
    with uncollected():
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
