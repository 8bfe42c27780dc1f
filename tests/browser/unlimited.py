"""The service as `serve` starts it, but for its limits: all browsers of a test run share one address."""

from flask import Flask

from comments_service.commands import serve
from comments_service.web.limits import limiter


def application() -> Flask:
    """The application that the browser tests run against."""
    limiter.enabled = False
    return serve.application_with_worker()
