"""Ports for servers that a test starts."""

import secrets
import socket

# Below those that the kernel gives to outgoing connections, one of which could take a port before its server does.
FIRST, COUNT = 20_000, 12_000


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, by a chance that parallel processes do not share."""
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", FIRST + secrets.randbelow(COUNT)))
            except OSError:
                continue
            return int(probe.getsockname()[1])
