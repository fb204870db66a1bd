"""A bleak backend over a bumble central: bleak programs run on the virtual radio."""

from simulators.bleak_backend.adapter import Adapter
from simulators.bleak_backend.agent import Agent
from simulators.bleak_backend.plugin import installed

__all__ = ["Adapter", "Agent", "installed"]
