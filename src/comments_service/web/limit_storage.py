"""Where limits are counted: in Redis, and while it is away in this process, where every request counts double."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
import structlog
from limits.storage import MemoryStorage, RedisStorage, Storage
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger()
T = TypeVar("T")
SCHEME = "steady"

# A Redis that is well answers in a millisecond. What has not come by now is not waited for.
TIMEOUT_SECONDS = 0.1
PROBE_EVERY_SECONDS = 1.0
# Each process counts for itself meanwhile, so each allows half of what all of them allowed together.
WEIGHT = 2


class SteadyStorage(Storage):
    """Redis behind a circuit breaker: the first failure opens it, and no request waits for Redis until it is back.

    Recovery is noticed by a thread of its own, which a request starts at most once a second.
    """

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, redis_url: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        # The library hands its options on to the Redis client, though its annotation is narrower than that.
        options: dict[str, Any] = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        self.redis = RedisStorage(redis_url, key_prefix="comments-limits", **options)
        self.local = MemoryStorage()
        self.away = False
        self._probing = threading.Lock()
        self._next_probe = 0.0

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What Redis raises; none of it leaves this class."""
        return redis.RedisError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and say how many there are in the window of so many seconds."""
        return self._ask(
            lambda: self.redis.incr(key, expiry, amount), lambda: self.local.incr(key, expiry, amount * WEIGHT)
        )

    def get(self, key: str) -> int:
        """How many there are."""
        return self._ask(lambda: self.redis.get(key), lambda: self.local.get(key))

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since the epoch."""
        return self._ask(lambda: self.redis.get_expiry(key), lambda: self.local.get_expiry(key))

    def check(self) -> bool:
        """Limits always hold."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        self.local.reset()
        return self._ask(self.redis.reset, lambda: None)

    def clear(self, key: str) -> None:
        """Forget one key."""
        self.local.clear(key)
        self._ask(lambda: self.redis.clear(key), lambda: None)

    def _ask(self, far: Callable[[], T], near: Callable[[], T]) -> T:
        if self.away:
            self._probe_if_due()
            return near()
        try:
            return far()
        except (redis.RedisError, OSError) as error:
            if not self.away:
                log.warning("redis is away, limits are counted here", error=type(error).__name__)
            self.away = True
            return near()

    def _probe_if_due(self) -> None:
        if time.monotonic() >= self._next_probe and self._probing.acquire(blocking=False):
            threading.Thread(target=self._probe, name="redis probe", daemon=True).start()

    def _probe(self) -> None:
        try:
            if self.redis.check():
                self.away = False
                log.warning("redis is back")
        finally:
            self._next_probe = time.monotonic() + PROBE_EVERY_SECONDS
            self._probing.release()
