"""JSON lines on standard error, without comments, names, addresses or tokens."""

import logging.config
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure(level: str) -> None:
    """Write the service's own log lines as JSON from `level` on."""
    structlog.configure(
        processors=[*_shared(), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    # Flask's own logger: what it has to say, it says while everything else has failed.
    ours = logging.getLogger("comments_service")
    if not ours.handlers:
        handler = _Stderr()
        handler.setFormatter(structlog.stdlib.ProcessorFormatter(**_form()))
        ours.addHandler(handler)
    ours.propagate = False


def take_over(level: str) -> None:
    """Write what libraries log in the same form; for a process that is ours alone."""
    logging.config.dictConfig(stdlib_config(level))


def stdlib_config(level: str) -> dict[str, Any]:
    """The same form for what libraries log, for `logging.config`; warnings and worse only.

    Libraries log what they work on at lower levels: statements with their parameters, addresses over a limit.
    """
    lowest = "ERROR" if level == "error" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": structlog.stdlib.ProcessorFormatter, **_form()}},
        "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["json"], "level": lowest},
        "loggers": {"_granian": {"handlers": [], "level": lowest, "propagate": True}},
    }


def describe(error: BaseException) -> dict[str, Any]:
    """What an exception was and where, without its words: they may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told | ({"cause": describe(cause)} if cause else {})


def _form() -> dict[str, Any]:
    return {
        "foreign_pre_chain": [structlog.stdlib.add_logger_name, *_shared()],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    }


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
    ]


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


class _Stderr(logging.StreamHandler[TextIO]):
    """Looks the stream up each time, as it may be replaced after the start."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        """The base class sets what we look up."""


def _to_stderr(*_names: str) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)
