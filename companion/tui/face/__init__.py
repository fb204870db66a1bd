"""A face in characters: outlines as data, and the arithmetic that fills cells with them."""
