"""Words drawn large, for eyes that are a step or two away from the screen."""

from functools import lru_cache

_FONT = {
    "A": (".##.", "#..#", "####", "#..#", "#..#"),
    "B": ("###.", "#..#", "###.", "#..#", "###."),
    "C": (".###", "#...", "#...", "#...", ".###"),
    "D": ("###.", "#..#", "#..#", "#..#", "###."),
    "E": ("####", "#...", "###.", "#...", "####"),
    "F": ("####", "#...", "###.", "#...", "#..."),
    "G": (".###", "#...", "#.##", "#..#", ".###"),
    "H": ("#..#", "#..#", "####", "#..#", "#..#"),
    "I": ("#", "#", "#", "#", "#"),
    "J": ("..#", "..#", "..#", "#.#", ".#."),
    "K": ("#..#", "#.#.", "##..", "#.#.", "#..#"),
    "L": ("#...", "#...", "#...", "#...", "####"),
    "M": ("#...#", "##.##", "#.#.#", "#...#", "#...#"),
    "N": ("#..#", "##.#", "#.##", "#..#", "#..#"),
    "O": (".##.", "#..#", "#..#", "#..#", ".##."),
    "P": ("###.", "#..#", "###.", "#...", "#..."),
    "Q": (".##.", "#..#", "#..#", "#.#.", ".#.#"),
    "R": ("###.", "#..#", "###.", "#.#.", "#..#"),
    "S": (".###", "#...", ".##.", "...#", "###."),
    "T": ("###", ".#.", ".#.", ".#.", ".#."),
    "U": ("#..#", "#..#", "#..#", "#..#", ".##."),
    "V": ("#...#", "#...#", "#...#", ".#.#.", "..#.."),
    "W": ("#...#", "#...#", "#.#.#", "##.##", "#...#"),
    "X": ("#..#", "#..#", ".##.", "#..#", "#..#"),
    "Y": ("#.#", "#.#", ".#.", ".#.", ".#."),
    "Z": ("####", "..#.", ".#..", "#...", "####"),
    "0": (".##.", "#..#", "#..#", "#..#", ".##."),
    "1": (".#.", "##.", ".#.", ".#.", "###"),
    "2": ("###.", "...#", ".##.", "#...", "####"),
    "3": ("###.", "...#", ".##.", "...#", "###."),
    "4": ("#..#", "#..#", "####", "...#", "...#"),
    "5": ("####", "#...", "###.", "...#", "###."),
    "6": (".##.", "#...", "###.", "#..#", ".##."),
    "7": ("####", "...#", "..#.", ".#..", ".#.."),
    "8": (".##.", "#..#", ".##.", "#..#", ".##."),
    "9": (".##.", "#..#", ".###", "...#", ".##."),
    ".": (".", ".", ".", ".", "#"),
    ":": (".", "#", ".", "#", "."),
    " ": ("..", "..", "..", "..", ".."),
    "?": ("###.", "...#", ".##.", "....", ".#.."),
    ",": (".", ".", ".", "#", "#"),
    "-": ("..", "..", "##", "..", ".."),
    "↑": ("..#..", ".###.", "#.#.#", "..#..", "..#.."),
    "→": ("..#..", "...#.", "#####", "...#.", "..#.."),
    "↓": ("..#..", "..#..", "#.#.#", ".###.", "..#.."),
}
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

_PIXEL_ROWS = 5


@lru_cache(maxsize=64)
def is_drawn(words: str, width: int) -> bool:
    """Say whether words fit into so many cells in letters of three rows."""
    return big(words, width) is not None


def big(words: str, width: int) -> list[str] | None:
    """Return three rows that draw the words, or None where they do not fit or cannot be drawn.

    Args:
        words: what to draw; letters are drawn as capitals.
        width: cells there are.
    """
    return huge(words, width, 3)


def huge(words: str, width: int, rows: int, *, unicode: bool = True) -> list[str] | None:
    """Return rows that draw the words as large as there is room for; None where there is none.

    Args:
        words: what to draw; letters are drawn as capitals.
        width: cells there are.
        rows: rows there are.
        unicode: draw with half blocks, of which two are one row; else with number signs.
    """
    pixels = _pixels(words)
    if not pixels or not pixels[0]:
        return None
    across, down = (1, 2) if unicode else (2, 1)
    scale = min(width // (across * len(pixels[0])), down * rows // _PIXEL_ROWS)
    if scale < 1:
        return None
    wide = ["".join(sign * (across * scale) for sign in row) for row in pixels]
    tall = [row for row in wide for _ in range(scale)]
    if not unicode:
        return tall
    if len(tall) % 2:
        tall.append(" " * len(tall[0]))
    return [_half_blocks(*pair) for pair in zip(tall[::2], tall[1::2], strict=True)]


def _pixels(words: str) -> list[str]:
    """Return the words as rows of number signs and spaces; none where a sign is not known."""
    letters = [_FONT.get(letter) for letter in words.upper()]
    drawn = [letter for letter in letters if letter]
    if len(drawn) != len(letters):
        return []
    rows = (" ".join(letter[row] for letter in drawn) for row in range(_PIXEL_ROWS))
    return [row.replace(".", " ") for row in rows]


def _half_blocks(upper: str, lower: str) -> str:
    pairs = zip(upper, lower, strict=True)
    return "".join(_BLOCKS[above == "#", below == "#"] for above, below in pairs)
