"""The command line: parses arguments, decides exit statuses, wires nothing it does not name."""
