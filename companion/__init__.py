"""The companion: guides a facial massage with a smart tool and warns of too much pressure."""

__version__ = "0.1.0"
