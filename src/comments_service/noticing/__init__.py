"""Readers hear back: what they are told, when a mail tells it, and which conversations they follow."""
