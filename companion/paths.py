"""Where things lie: the shipped data files, and the user's own folders."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import platformdirs


def default_file(*parts: str) -> Traversable:
    """Return a shipped data file or folder, from the wheel or from the checkout's ``config``.

    Args:
        parts: path below the folder of defaults, for example ``"routines", "five-minutes.toml"``.
    """
    shipped = files("companion") / "defaults"
    root: Traversable = shipped if shipped.is_dir() else Path(__file__).parent.parent / "config"
    return root.joinpath(*parts)


def config_folder() -> Path:
    """Return the user's configuration folder (not created here)."""
    return platformdirs.user_config_path("massage-companion", appauthor=False)


def data_folder() -> Path:
    """Return the folder for what the user wants to keep (not created here)."""
    return platformdirs.user_data_path("massage-companion", appauthor=False)


def state_folder() -> Path:
    """Return the folder for logs and keys (not created here)."""
    return platformdirs.user_state_path("massage-companion", appauthor=False)
