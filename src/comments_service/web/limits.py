"""How often one address may write: IPv4, or the /64 of IPv6."""

from ipaddress import IPv6Network, ip_address

from flask import request
from flask_limiter import Limiter


def address() -> str:
    """The network of the TCP peer; forwarded headers are not believed."""
    peer = ip_address(request.remote_addr or "127.0.0.1")
    return str(IPv6Network((peer, 64), strict=False)) if peer.version == 6 else str(peer)


# The library falls back to memory when Redis is gone: smaller limits, never none and never an error.
limiter = Limiter(address, in_memory_fallback_enabled=True, in_memory_fallback=["20 per minute"])
WRITES = "60 per minute"
