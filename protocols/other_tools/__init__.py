"""Tools that do not speak the Massage Tool Profile: their codecs, and how a file describes them."""
