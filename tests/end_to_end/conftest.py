"""Sessions over the simulated radio run unmeasured: a room's coverage comes from its own tests.

Measuring makes such a session four times slower on CPython 3.11, and a line that only a whole
session reaches is one that its room does not test.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.unmeasured)
