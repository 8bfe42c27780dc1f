"""The service as `serve` starts it, for readers who share one address and type in no time."""

from datetime import timedelta

from flask import Flask

from comments_service import form_tokens
from comments_service.commands import serve
from comments_service.web.limits import limiter

USABLE_IN = timedelta(milliseconds=200)


def application() -> Flask:
    """The application that the browser tests run against."""
    limiter.enabled = False
    form_tokens.USABLE_IN = USABLE_IN
    return serve.application_with_worker()
