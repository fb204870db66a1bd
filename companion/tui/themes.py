"""The themes (dark, light, high contrast), with the colours of the pressure levels in each."""

from textual.theme import Theme

from companion.palette import CONTRAST_LEVELS, DARK_LEVELS, LIGHT_LEVELS
from companion.sensing.types import Level

BACKGROUNDS = {
    "companion-dark": "#0f1418",
    "companion-light": "#fbfaf7",
    "companion-contrast": "#000000",
}


def level_variable(level: Level) -> str:
    """Return the name of a level's colour variable, without the dollar sign."""
    return f"level-{level.value.replace('_', '-')}"


def level_style(level: Level, *, bold: bool = False) -> str:
    """Return the style, in textual's words, of text that stands for a level."""
    colour = f"${level_variable(level)}"
    return f"bold {colour}" if bold else colour


def _variables(levels: dict[Level, str], own: dict[str, str]) -> dict[str, str]:
    return {level_variable(level): colour for level, colour in levels.items()} | own


DARK = Theme(
    name="companion-dark",
    primary="#3fa2ff",
    secondary="#a9d6f5",
    accent="#f2e34c",
    warning="#ff9a1f",
    error="#ff5a52",
    success="#3fa2ff",
    foreground="#e4e9ee",
    background=BACKGROUNDS["companion-dark"],
    surface="#171e24",
    panel="#1f2830",
    dark=True,
    variables=_variables(
        DARK_LEVELS,
        {
            "quiet": "#95a2ae",
            "rule": "#3a4652",
            "band-tint": "#17324d",
            "caution-fill": "#ff9a1f",
            "stop-fill": "#d92e27",
            "on-caution": "#1a0f00",
            "on-stop": "#ffffff",
            "light-fill": "#a9d6f5",
            "footer-background": "#171e24",
            "footer-key-foreground": "#3fa2ff",
        },
    ),
)

LIGHT = Theme(
    name="companion-light",
    primary="#0047a8",
    secondary="#2f789e",
    accent="#807000",
    warning="#b24a00",
    error="#b0002a",
    success="#0047a8",
    foreground="#1b2228",
    background=BACKGROUNDS["companion-light"],
    surface="#f1efe9",
    panel="#e7e4dc",
    dark=False,
    variables=_variables(
        LIGHT_LEVELS,
        {
            "quiet": "#5a6570",
            "rule": "#c4c2bb",
            "band-tint": "#d6e6f7",
            "caution-fill": "#ffb35c",
            "stop-fill": "#b0002a",
            "on-caution": "#2b1400",
            "on-stop": "#ffffff",
            "light-fill": "#a9d6f5",
            "footer-background": "#e7e4dc",
            "footer-key-foreground": "#0047a8",
        },
    ),
)

CONTRAST = Theme(
    name="companion-contrast",
    primary="#5cb8ff",
    secondary="#b8e6ff",
    accent="#fff200",
    warning="#ffa940",
    error="#ff8080",
    success="#5cb8ff",
    foreground="#ffffff",
    background=BACKGROUNDS["companion-contrast"],
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
    variables=_variables(
        CONTRAST_LEVELS,
        {
            "quiet": "#e0e0e0",
            "rule": "#8c8c8c",
            "band-tint": "#003a66",
            "caution-fill": "#ffa940",
            "stop-fill": "#ffffff",
            "on-caution": "#000000",
            "on-stop": "#a00000",
            "light-fill": "#b8e6ff",
            "footer-background": "#000000",
            "footer-key-foreground": "#5cb8ff",
        },
    ),
)

THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
