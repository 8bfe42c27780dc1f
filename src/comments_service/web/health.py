"""For whoever watches the service: is it alive, and may it be given requests?"""

from flask import Blueprint, Response, jsonify

from comments_service import readiness
from comments_service.database import db, now

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return _fresh(jsonify(status="ok"))


@health.get("/readyz")
def readyz() -> Response:
    """503 with what failed, while requests would fail."""
    checks = readiness.checks(db.session(), at=now())
    ready = all(checks.values())
    shown = {name: "ok" if well else "failed" for name, well in checks.items()}
    answer = _fresh(jsonify(status="ready" if ready else "not ready", checks=shown))
    answer.status_code = 200 if ready else 503
    return answer


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
