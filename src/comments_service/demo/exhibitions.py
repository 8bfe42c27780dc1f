"""Two galleries of the newspaper: every state of a conversation, and the same widget in the colours of five papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, abort, make_response, render_template

from comments_service.demo.faulty import Fault
from comments_service.demo.gallery import GALLERY, SECRET
from comments_service.demo.policy import content_policy, with_frames
from comments_service.demo.states import STATES


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper of the gallery of themes; its style sheet sets custom properties and parts, and nothing else of ours."""

    name: str
    title: str
    about: str
    lang: str = "en"


PAPERS = (
    Paper(name="tabloid", title="The Shout", about="A tabloid: red, square, loud."),
    Paper(name="broadsheet", title="The Ode Register", about="A broadsheet: serif, hairlines, restraint."),
    Paper(name="sepia", title="The Lamplighter", about="A sepia reading room."),
    Paper(name="dark", title="Nightwatch", about="A dark page for those who are up."),
    Paper(name="rtl", title="الميناء", about="A paper from right to left, in Arabic.", lang="ar"),
)


def faults() -> Sequence[Fault]:
    """What goes wrong in the gallery of states."""
    return [fault for state in STATES for fault in state.faults]


def register(app: Flask, service: str, faulty: str) -> None:
    """Add the galleries to the newspaper. Single exhibits stand in frames, which the usual policy forbids."""

    def shown(template: str, *, sources: str, framed: bool, **values: object) -> Response:
        answer = make_response(render_template(template, **values))
        answer.headers["Content-Security-Policy"] = with_frames(content_policy(sources), inside=framed)
        return answer

    @app.get("/states")
    def states() -> Response:
        sources = f"'self' {service}"
        return shown("states.html", sources=sources, framed=False, states=STATES, secret=SECRET, gallery=GALLERY)

    @app.get("/states/<name>")
    def state(name: str) -> Response:
        found = next((state for state in STATES if state.name == name), None)
        if found is None:
            abort(404)
        origin = faulty if found.faults else service
        return shown(
            "state.html", sources=f"'self' {origin}", framed=True, state=found, origin=origin, secret=SECRET,
            gallery=GALLERY,
        )  # fmt: skip

    @app.get("/themes")
    def themes() -> Response:
        return shown("themes.html", sources=service, framed=False, papers=PAPERS)

    @app.get("/themes/<name>")
    def theme(name: str) -> Response:
        found = next((one for one in PAPERS if one.name == name), None)
        if found is None:
            abort(404)
        return shown(f"themes/{name}.html", sources=service, framed=True, look=found, gallery=GALLERY)

