"""The service: joins link, session and subscribers, and ends them in order."""

from companion.service.options import ServiceOptions
from companion.service.service import Service

__all__ = ["Service", "ServiceOptions"]
