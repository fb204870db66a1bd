"""The arguments of every command, by subject; nothing here loads what a command does."""
