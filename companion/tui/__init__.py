"""The dashboard: one more subscriber to the service."""

import os

# Textual paints so many times a second at most, when there is something to paint, and reads this
# once, when it is loaded. What the person does or feels would wait for up to 17 ms at its own 60.
os.environ.setdefault("TEXTUAL_FPS", "120")
