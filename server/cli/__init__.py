"""The command line, jalon."""
