"""A bleak backend over a bumble central: bleak programs run on the virtual radio."""

from simulators.bleak_backend.adapter import Adapter

__all__ = ["Adapter"]
