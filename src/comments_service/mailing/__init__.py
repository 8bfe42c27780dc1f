"""The mail room: what leaves as mail, to whom it may go, and what comes back."""
