"""The signs and colours of the pressure levels, the same on every screen and page.

The colours follow the idea of Okabe and Ito (Color Universal Design, 2008): blue on target,
yellow, orange and red above it, never green against red. A test holds their contrast and their
distance under simulated colour blindness.
"""

from companion.sensing.types import Level

SIGNS = {
    Level.NO_CONTACT: "·",
    Level.LIGHT: "◁",
    Level.ON_TARGET: "●",
    Level.FIRM: "◆",
    Level.CAUTION: "▲",
    Level.STOP: "■",
    Level.UNKNOWN: "?",
}

DARK_LEVELS = {
    Level.NO_CONTACT: "#8b98a5",
    Level.LIGHT: "#a9d6f5",
    Level.ON_TARGET: "#3fa2ff",
    Level.FIRM: "#f2e34c",
    Level.CAUTION: "#ff9a1f",
    Level.STOP: "#ff5a52",
    Level.UNKNOWN: "#8b98a5",
}

LIGHT_LEVELS = {
    Level.NO_CONTACT: "#5c6873",
    Level.LIGHT: "#2f789e",
    Level.ON_TARGET: "#0047a8",
    Level.FIRM: "#807000",
    Level.CAUTION: "#b24a00",
    Level.STOP: "#b0002a",
    Level.UNKNOWN: "#5c6873",
}

CONTRAST_LEVELS = {
    Level.NO_CONTACT: "#d0d7de",
    Level.LIGHT: "#b8e6ff",
    Level.ON_TARGET: "#5cb8ff",
    Level.FIRM: "#fff200",
    Level.CAUTION: "#ffa940",
    Level.STOP: "#ff8080",
    Level.UNKNOWN: "#d0d7de",
}
"""On black; each has a contrast of at least 7 to it (WCAG 2.2, success criterion 1.4.6)."""
