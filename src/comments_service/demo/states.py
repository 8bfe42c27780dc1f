"""The states that a conversation can be in, as the gallery shows them; docs/states.md tells of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from comments_service.demo.faulty import Fault
from comments_service.demo.gallery import GALLERY, LISTS, PAUSED

ALWAYS = None


@dataclass(frozen=True, kw_only=True)
class State:
    """One state; `name` is also the key of its thread. One with faults stands behind the faulty proxy."""

    name: str
    title: str
    when: str
    site: str = GALLERY
    faults: Sequence[Fault] = ()
    # Of all states this one alone cannot come over the network: a browser knows by itself that it is offline.
    offline: bool = False
    # The part of the conversation that the page chooses, as a reader would.
    only: str = ""


def _reads(name: str) -> str:
    return rf"/thread\?(.*&)?key={name}(&|$)"


STATES = (
    State(
        name="loading", title="Loading",
        when="The answer takes longer than half a second. After fifteen the widget gives up, and says so.",
        faults=[Fault(kind="answer", where=_reads("loading"), seconds=60, times=ALWAYS)],
    ),
    State(name="empty", title="Empty", when="Nobody has said anything yet."),
    State(
        name="no-staff", title="Nothing by the staff", when="A reader wants to see the staff and the author alone.",
        site=LISTS, only="byStaff",
    ),
    State(
        name="no-own", title="Nothing of your own", when="A reader wants to see their own comments alone.",
        site=LISTS, only="mine",
    ),
    State(
        name="no-featured", title="Nothing featured", when="A reader wants to see what is featured alone.",
        site=LISTS, only="featured",
    ),
    State(
        name="no-unanswered", title="Nothing unanswered", when="A reader wants to see what nobody has answered alone.",
        site=LISTS, only="unanswered",
    ),
    State(name="first", title="First comment", when="One comment stands there alone."),
    State(name="soon", title="Closing soon", when="Its age will end the conversation within a day."),
    State(name="closed", title="Closed", when="The paper, or a moderator, has closed it."),
    State(name="archived", title="Archived", when="It has ended with the age of its article."),
    State(name="paused", title="Read-only", when="The owner has paused all writing on the site.", site=PAUSED),
    State(
        name="offline", title="Offline", when="The reader's device has no network.",
        faults=[Fault(kind="drop", where=_reads("offline"), times=ALWAYS)], offline=True,
    ),
    State(
        name="failed", title="Failed", when="The service could not answer.",
        faults=[Fault(kind="answer", where=_reads("failed"), status=503, times=ALWAYS)],
    ),
    State(
        name="limited", title="Rate-limited", when="Too many requests came at once.",
        faults=[
            Fault(
                kind="answer", where=_reads("limited"), status=429, headers={"Retry-After": "20"}, times=ALWAYS,
            )
        ],
    ),
    State(
        name="not-sent", title="Not sent", when="Write something here: it cannot be sent, and it stays.",
        faults=[Fault(kind="drop", where="/comments$", method="POST", times=ALWAYS)],
    ),
    State(name="held", title="Held", when="The reader's own comment waits for a moderator."),
    State(name="rejected", title="Rejected", when="The reader's own comment was not published."),
    State(name="deleted", title="Deleted by its author", when="Its author has withdrawn it, and replies hang on it."),
    State(name="removed", title="Removed by the desk", when="A moderator has taken it down, and replies hang on it."),
    State(name="erased", title="Erased person", when="Its author has had everything erased, and replies hang on it."),
    State(name="muted", title="Muted person", when="The reader does not want to read this person, in this browser."),
)  # fmt: skip
