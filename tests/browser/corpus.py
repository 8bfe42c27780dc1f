"""Every hostile text through every verb, and the means to see in a browser that none of it acts."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Frame, Page
from sqlalchemy.orm import Session

from comments_service import articles, editing, moderating, posting, reading, reporting
from comments_service.accounts import MAX_NAME, Visitor, secret_digest
from comments_service.database import now
from comments_service.judging import Actor
from comments_service.tables import Article, Comment, Site
from tests.browser.places import World

T = TypeVar("T")
HERE = Path(__file__).parent
WALK = (HERE / "walk.js").read_text(encoding="utf-8")
MIA = Actor(kind="moderator", name="Mia")
# As many as the first page of a conversation has, so that all of an article's are on one page of everything.
OF_AN_ARTICLE = 20
BETTER = "\n\nSaid better."
# Frames that are open at once.
AT_ONCE = 40
PATIENCE_MS = 10_000
# A document in a frame of its own, without any policy; what is wrong with it once it has run.
FRAMED = f"""
async ({{ documents, allowed, patience }}) => {{
  const walk = {WALK};
  const wrong = [];
  const look = async (text) => {{
    const frame = document.createElement("iframe");
    frame.srcdoc = text;
    const late = new Promise((done) => setTimeout(done, patience, "a document that does not load"));
    const loaded = new Promise((done) => frame.addEventListener("load", () => done(""), {{ once: true }}));
    document.documentElement.append(frame);
    const trouble = (await Promise.race([loaded, late])) || (frame.contentDocument ? "" : "a document that has left");
    if (trouble) wrong.push(trouble);
    else wrong.push(...walk(frame.contentDocument, allowed));
    return frame;
  }};
  for (const frame of await Promise.all(documents.map(look))) frame.remove();
  return wrong;
}}
"""


def trap(world: World) -> str:
    """The script that says aloud when something acts, for `add_init_script`."""
    own = json.dumps(sorted(world.origins))
    return f"const OWN = {own};\n{(HERE / 'trap.js').read_text(encoding='utf-8')}"


def allowed(world: World, elements: Iterable[str], attributes: Iterable[str]) -> Mapping[str, Any]:
    """What a page may hold; its scripts come from our own places, and so does where it leads by itself."""
    return {"elements": sorted(elements), "attributes": sorted(attributes), "hosts": sorted(world.origins)}


def wrong_on(page: Page | Frame, what: Mapping[str, Any]) -> list[str]:
    """Every element and attribute of a page, and of its shadow roots, that may not be there."""
    found: list[str] = page.evaluate(f"(what) => ({WALK})(document, what)", what)
    return found


def wrong_in(
    page: Page, documents: Sequence[str], what: Mapping[str, Any], *, patience_ms: int = PATIENCE_MS
) -> list[str]:
    """The same for documents that a page shows in frames, which run all that is in them."""
    found: list[str] = []
    for some in batches(documents, AT_ONCE):
        found += page.evaluate(FRAMED, {"documents": some, "allowed": what, "patience": patience_ms})
    return found


def batches(some: Sequence[T], size: int) -> Iterator[list[T]]:
    """As many of them at a time."""
    for first in range(0, len(some), size):
        yield list(some[first : first + size])


@dataclass(kw_only=True)
class Corpus:
    """What was said with the hostile texts: one comment and one answer for each, of which one was edited."""

    world: World
    key: str
    threads: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def say(self, payloads: Sequence[str]) -> None:
        """Take all texts through all verbs, some articles' worth at a time."""
        for some in batches(payloads, OF_AN_ARTICLE):
            with self.world.sessions.begin() as session:
                site = reading.site(session, self.key)
                self.threads.append(f"article-{secrets.token_hex(6)}")
                address = f"{self.world.host.origin}/{self.threads[-1]}"
                article = articles.first_sight(session, site, key=self.threads[-1], url=address, at=now())
                speaker = _Speaker(session, site, article)
                for payload in some:
                    root, reply = speaker.take_through(payload, edit_root=len(self.roots) % 2 == 0)
                    self.roots.append(root.id)
                    self.replies.append(reply.id)
                    self.names.append(root.name)


@dataclass
class _Speaker:
    session: Session
    site: Site
    article: Article

    def take_through(self, payload: str, *, edit_root: bool) -> tuple[Comment, Comment]:
        """New, under a name; reply; edit of one of the two; report."""
        ada, bob, cleo = (self._somebody() for _ in range(3))
        root = self._post(payload, ada, parent=None)
        if edit_root:
            self._edit(root, payload, ada)
        reply = self._post(payload, bob, parent=root.id)
        if not edit_root:
            self._edit(reply, payload, bob)
        note = reporting.Complaint(reason="other", note=payload[: reporting.MAX_NOTE])
        assert reporting.report(self.session, root.id, note, by=cleo, at=now())
        return root, reply

    def _somebody(self) -> Visitor:
        digest = secret_digest(secrets.token_urlsafe(32))
        return Visitor(site=self.site, origin=self.site.origins[0], digest=digest, reader=None)

    def _post(self, payload: str, by: Visitor, *, parent: str | None) -> Comment:
        draft = posting.Draft(name=payload[:MAX_NAME], body=payload, parent=parent)
        return self._seen(posting.post(self.session, draft, article=self.article, by=by, at=now()))

    def _edit(self, comment: Comment, payload: str, by: Visitor) -> None:
        change = editing.Change(body=payload + BETTER)
        self._seen(editing.edit(self.session, comment.id, change, by=by, secret="", at=now()))

    def _seen(self, comment: Comment) -> Comment:
        # What a rule holds back, a moderator lets through, so that readers see it.
        if comment.status != "published":
            version = comment.version
            moderating.decide(
                self.session, self.site, comment.id, verdict="published", version=version, by=MIA, at=now()
            )
        return comment


def made(world: World, payloads: Sequence[str]) -> Corpus:
    """A site of its own on which all of this was said."""
    corpus = Corpus(world=world, key=f"corpus-{secrets.token_hex(4)}")
    with world.sessions.begin() as session:
        session.add(Site(key=corpus.key, name="The Daily", origins=[world.host.origin], moderation="post"))
    corpus.say(payloads)
    return corpus
