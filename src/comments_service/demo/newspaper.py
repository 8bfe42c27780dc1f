"""The Pellwick Lantern: a news site as an owner would have one, with the script tag and the three elements."""

import os
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, render_template

from comments_service.demo import SITE, accounts, exhibitions, including, letterbox
from comments_service.demo.faulty import Faulty
from comments_service.demo.policy import content_policy
from comments_service.demo.stories import more, read_stories


def create_newspaper(service: str, paper: str, begun: datetime, *, read: including.Read, faulty: str = "") -> Flask:
    """The newspaper at the origin `paper`, with comments from `service`, and from `faulty` where they are to fail."""
    app = Flask(__name__)
    # A page that answers to any name could be read through a rebound DNS name.
    app.config["TRUSTED_HOSTS"] = [urlsplit(paper).hostname]
    stories = read_stories(begun)
    sections = list(dict.fromkeys(story.section for story in sorted(stories, key=lambda story: not story.lead)))
    app.jinja_env.filters |= {"day": _day, "quoted": lambda address: quote(address, safe="")}
    app.context_processor(lambda: {"service": service, "paper": paper, "site": SITE, "sections": sections})

    app.add_url_rule("/privacy", "privacy", lambda: render_template("privacy.html"))

    @app.get("/")
    def front() -> str:
        lead = next(story for story in stories if story.lead)
        return render_template(
            "front.html", lead=lead, others=[story for story in stories if story is not lead], today=datetime.now(UTC)
        )

    @app.get("/<section>", strict_slashes=False)
    def section(section: str) -> str:
        found = [story for story in stories if story.section.lower() == section]
        if not found:
            abort(404)
        return render_template("section.html", section=found[0].section, stories=found)

    @app.get("/<section>/<slug>")
    def article(section: str, slug: str) -> str:
        story = next((story for story in stories if story.path == f"/{section}/{slug}"), None)
        if story is None:
            abort(404)
        return including.put_in(render_template("article.html", story=story, more=more(stories, story)), read)

    @app.errorhandler(404)
    def missing(_error: Exception) -> tuple[str, int]:
        return render_template("missing.html", stories=stories[:3]), 404

    exhibitions.register(app, service, faulty)
    _add_headers(app, content_policy(service))
    return app


def from_environment() -> Flask:
    """The newspaper as the demo command starts it."""
    begun = datetime.fromisoformat(os.environ["DEMO_BEGUN"])
    service, faulty = os.environ["DEMO_SERVICE"], os.environ["DEMO_FAULTY"]
    # It ends with this process, whose daemon thread it is.
    Faulty(service, *exhibitions.faults(), port=urlsplit(faulty).port or 0).__enter__()
    app = create_newspaper(
        service, os.environ["DEMO_PAPER"], begun, read=including.Included().read, faulty=faulty
    )
    key = accounts.file_from_environment()
    if key:
        accounts.register(app, service, key)
    mails = letterbox.folder_from_environment()
    if mails:
        letterbox.register(app, service, mails)
    return app


def _add_headers(app: Flask, policy: str) -> None:
    @app.after_request
    def headers(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return answer


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
