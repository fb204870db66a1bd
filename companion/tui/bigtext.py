"""Words three rows tall, drawn with half blocks, for eyes that are a step away from the screen."""

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
    " ": ("..", "..", "..", "..", ".."),
    "?": ("###.", "...#", ".##.", "....", ".#.."),
    ",": (".", ".", ".", "#", "#"),
    "-": ("..", "..", "##", "..", ".."),
}
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def big(words: str, width: int) -> list[str] | None:
    """Return three rows that draw the words, or None where they do not fit or cannot be drawn.

    Args:
        words: what to draw; letters are drawn as capitals.
        width: cells there are.
    """
    letters = [_FONT.get(letter) for letter in words.upper()]
    drawn = [letter for letter in letters if letter]
    if len(drawn) != len(letters):
        return None
    pixels = [" ".join(letter[row] for letter in drawn).replace(".", " ") for row in range(5)]
    pixels.append(" " * len(pixels[0]))
    if len(pixels[0]) > width:
        return None
    return [_half_blocks(pixels[row], pixels[row + 1]) for row in (0, 2, 4)]


def _half_blocks(upper: str, lower: str) -> str:
    pairs = zip(upper, lower, strict=True)
    return "".join(_BLOCKS[above == "#", below == "#"] for above, below in pairs)
