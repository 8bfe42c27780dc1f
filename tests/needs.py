"""What some tests need of the machine. Where it is missing they are skipped, loudly; on CI they fail."""

import os
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import pytest

MARK = "Missing: "
CHROMIUM = "a Chromium (apt-get install chromium, or name one in CHROMIUM)"
POSTGRESQL = "PostgreSQL (apt-get install postgresql, or name one in TEST_DATABASE_URL)"
NODE = "Node (apt-get install nodejs)"
PHP = "PHP (apt-get install php-cli)"
REDIS = "a redis-server to start and stop (apt-get install redis-server)"


def missing(what: str) -> NoReturn:
    """Skip this test because the machine lacks something; a failure under CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{MARK}{what}")
    pytest.skip(f"{MARK}{what}")


def summary(skipped: Iterable[pytest.TestReport]) -> list[str]:
    """One line for each thing that was missing, with the number of tests that did not run for it."""
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    counted = Counter(reason.partition(MARK)[2] for reason in reasons if MARK in reason)
    return [f"{number} tests were skipped: they need {what}" for what, number in sorted(counted.items())]
