"""From facts to frames; re-execution and verification of chains."""
