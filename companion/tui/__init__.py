"""The dashboard: one more subscriber to the service."""
