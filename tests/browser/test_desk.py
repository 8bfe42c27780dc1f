"""Moderators clear the queue in a browser: by keys, by thumb, without a script; what readers write stays text."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service import posting, reading, reporting
from comments_service.accounts import Visitor, secret_digest
from comments_service.database import now
from comments_service.tables import Article, Comment, Decision, Site
from tests.browser.conftest import Daily, OpenPage
from tests.browser.desks import sign_in
from tests.browser.places import World

OpenDesk = Callable[..., Page]
HOSTILE = (
    "<script>pwned=1</script>", "<img src=x onerror=pwned=1>", '"><svg onload=pwned=1>', "'><body onload=pwned=1>",
    "</textarea><script>pwned=1</script>", "</title><script>pwned=1</script>", "<iframe srcdoc='<script>top.pwned=1'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned=1>", "<a href='javascript:pwned=1'>x</a>",
    "[x](javascript:pwned=1)", "[x](data:text/html,<script>pwned=1</script>)", "![x](x onerror=pwned=1)",
    "<form action=//evil.example><button>x", "<link rel=stylesheet href=//evil.example>", "{{7*7}}{%x%}${7*7}",
    "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<!--<img src=x>-->",
    "`<script>pwned=1</script>`", "<details open ontoggle=pwned=1>", "<input autofocus onfocus=pwned=1>",
)  # fmt: skip


@pytest.fixture
def held(make_site: Callable[..., Daily]) -> Daily:
    return make_site(moderation="pre", held_words=["idiot"])


@pytest.fixture
def at_desk(world: World, held: Daily, open_page: OpenPage) -> OpenDesk:
    """Sign somebody in who moderates the held site; keywords are those of Playwright's `new_context`."""

    def opened(name: str, **options: Any) -> Page:
        page = sign_in(open_page(**options), held, name)
        page.goto(f"{world.service}/desk/queue")
        return page

    return opened


def write(world: World, site_key: str, *texts: str, name: str = "Ada") -> None:
    """Comments of one reader under one article, in this order."""
    with world.sessions.begin() as session:
        site = reading.site(session, site_key)
        digest = secret_digest(f"{name}{len(texts)}".ljust(43, "x"))
        by = Visitor(site=site, origin=site.origins[0], digest=digest, reader=None)
        found = session.scalars(select(Article).where(Article.site_id == site.id)).first()
        article = found or Article(
            site_id=site.id, key="trams", url=f"{site.origins[0]}/trams", title="The trams are back", section="City"
        )
        session.add(article)
        session.flush()
        began = now()
        for n, text in enumerate(texts):
            draft = posting.Draft(name=name, body=text)
            posting.post(session, draft, article=article, by=by, at=began + timedelta(milliseconds=n))


def state(world: World, site_key: str) -> tuple[list[str], dict[str, list[str]]]:
    """Every comment's status, and by its id what persons decided about it."""
    with world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == site_key)).one()
        statuses = session.scalars(select(Comment.status).where(Comment.site_id == site.id).order_by(Comment.id))
        log: dict[str, list[str]] = {}
        for row in session.scalars(select(Decision).where(Decision.site_id == site.id, Decision.by == "moderator")):
            log.setdefault(row.comment_id, []).append(row.after)
        return list(statuses), log


def answered(page: Page) -> None:
    """Wait until the server has answered every decision of a page."""
    expect(page.locator(".card[aria-busy]")).to_have_count(0)


def waiting(page: Page) -> Locator:
    return page.locator(".card:not(.done)")


@pytest.mark.expects("409")
def test_two_moderators_clear_thirty_by_keys_alone(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, *(f"text {n}" for n in range(30)))
    ann, mia = at_desk("Ann"), at_desk("Mia")
    for _ in range(29):
        mia.keyboard.press("j")
    # One comes from the top and one from the bottom; in the middle both decide the same comments.
    for _ in range(17):
        ann.keyboard.press("a")
        mia.keyboard.press("r")
        mia.keyboard.press("1")
    for page in (ann, mia):
        answered(page)
        expect(page.locator(".card.done, .card:has(.problem)")).to_have_count(17)
        page.reload()
        expect(page.get_by_role("heading", name="All caught up")).to_be_visible()
    statuses, log = state(world, held.key)
    assert sorted(set(statuses)) == ["published", "rejected"]
    assert (len(log), {len(decisions) for decisions in log.values()}) == (30, {1})


def test_the_next_thirty_are_there_before_they_are_wanted(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, *(f"text {n}" for n in range(65)))
    ann = at_desk("Ann")
    for n in range(65):
        expect(ann.locator(".card.current .said")).to_have_text(f"text {n}")
        ann.keyboard.press("a")
    expect(ann.get_by_role("heading", name="All caught up")).to_be_visible()
    expect(ann.locator("[data-count=held]")).to_have_text("0")
    expect(ann.locator(".card.done")).to_have_count(65)
    answered(ann)
    statuses, log = state(world, held.key)
    assert (set(statuses), len(log)) == ({"published"}, 65)


def test_undo_walks_back_and_survives_a_reload(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, "one", "two", "three")
    ann = at_desk("Ann")
    ann.keyboard.press("a")
    ann.keyboard.press("r")
    expect(ann.get_by_role("button", name="Another reason")).to_be_focused()
    ann.keyboard.press("Enter")
    expect(ann.locator(".card.current .said")).to_have_text("three")
    ann.keyboard.press("z")
    expect(ann.locator(".card.current .said")).to_have_text("two")
    expect(waiting(ann)).to_have_count(2)
    expect(ann.locator(".card.current .events .badge")).to_have_text("3")
    ann.reload()
    expect(waiting(ann)).to_have_count(2)
    ann.keyboard.press("z")
    expect(ann.locator(".toast")).to_contain_text("taken back")
    ann.keyboard.press("z")
    expect(ann.locator(".toast")).to_contain_text("nothing more to undo")
    assert state(world, held.key)[0] == ["held", "held", "held"]


@pytest.mark.expects("409")
def test_the_second_is_told_by_the_card_and_may_override(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, "one", "two")
    ann, mia = at_desk("Ann"), at_desk("Mia")
    ann.keyboard.press("a")
    answered(ann)
    mia.keyboard.press("r")
    mia.keyboard.press("3")
    expect(mia.locator(".problem")).to_contain_text("Ann has already approved it.")
    mia.get_by_role("button", name="Reject it all the same").click()
    answered(mia)
    assert state(world, held.key)[0] == ["rejected", "held"]


@pytest.mark.expects("ERR_FAILED")
def test_a_decision_that_does_not_arrive_comes_back_with_a_sentence(
    world: World, held: Daily, at_desk: OpenDesk
) -> None:
    write(world, held.key, "one", "two")
    ann = at_desk("Ann")
    ann.route("**/decide", lambda route: route.abort())
    ann.keyboard.press("a")
    expect(ann.locator(".problem")).to_contain_text("gave no answer")
    expect(ann.locator("[data-count=held]")).to_have_text("2")
    ann.unroute("**/decide")
    ann.get_by_role("button", name="Try again").click()
    answered(ann)
    expect(ann.locator(".verdict")).to_contain_text("Approved")
    assert state(world, held.key)[0] == ["published", "held"]


def test_keys_rest_while_somebody_types_or_has_switched_them_off(
    world: World, held: Daily, at_desk: OpenDesk
) -> None:
    write(world, held.key, "one")
    ann = at_desk("Ann")
    ann.keyboard.press("?")
    help_ = ann.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    ann.keyboard.press("a")
    help_.get_by_label("Use single keys").uncheck()
    ann.keyboard.press("Escape")
    ann.keyboard.press("a")
    ann.reload()
    ann.keyboard.press("a")
    expect(waiting(ann)).to_have_count(1)
    expect(ann.locator(".key").first).to_be_hidden()
    assert state(world, held.key)[0] == ["held"]


def test_everything_works_without_a_script(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, "one", "two", "three")
    ann = at_desk("Ann", java_script_enabled=False)
    ann.get_by_role("button", name="Approve").first.click()
    expect(ann.locator("#notice")).to_contain_text("You approved it")
    ann.locator(".reject summary").first.click()
    ann.get_by_role("button", name="Advertising or spam").first.click()
    expect(ann.locator("#notice")).to_contain_text("You rejected it")
    ann.locator("#notice").get_by_role("button", name="Undo").click()
    expect(ann.locator("#notice")).to_contain_text("held again")
    expect(ann.locator(".card")).to_have_count(2)
    assert state(world, held.key)[0] == ["published", "held", "held"]


def test_a_thumb_reaches_every_verdict(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, "one", "two", "three")
    ann = at_desk("Ann", viewport={"width": 360, "height": 740}, has_touch=True)
    bar = ann.get_by_role("region", name="This comment")
    for name in ("Approve", "Reject…", "Later", "Undo"):
        box = bar.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 48
    expect(ann.locator(".card:visible")).to_have_count(1)
    bar.get_by_role("button", name="Later").tap()
    bar.get_by_role("button", name="Reject…").tap()
    ann.get_by_role("button", name="Insults or threatens").tap()
    expect(ann.locator(".card.current .said")).to_have_text("three")
    bar.get_by_role("button", name="Undo").tap()
    expect(ann.locator(".card.current .said")).to_have_text("two")
    width = ann.evaluate("document.documentElement.scrollWidth")
    assert width == 360


@pytest.mark.expects("404.*site=nowhere")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_for_everybody(
    world: World, held: Daily, at_desk: OpenDesk, *, accessible: Callable[..., None], scheme: str
) -> None:
    write(world, held.key, "You idiot, read https://a.example/", "> two\n\n`three`", "four")
    ann = at_desk("Ann", color_scheme=scheme)
    accessible(ann)
    ann.locator(".events summary").first.click()
    ann.keyboard.press("r")
    accessible(ann)
    ann.keyboard.press("1")
    ann.keyboard.press("a")
    accessible(ann)
    ann.keyboard.press("a")
    expect(ann.get_by_role("heading", name="All caught up")).to_be_visible()
    accessible(ann)
    ann.keyboard.press("?")
    accessible(ann)
    for path in ("queue?status=rejected", "queue?status=reported", "queue?site=nowhere"):
        ann.goto(f"{world.service}/desk/{path}")
        accessible(ann)


def test_nothing_that_a_reader_writes_acts_at_the_desk(world: World, held: Daily, at_desk: OpenDesk) -> None:
    for text in HOSTILE:
        write(world, held.key, text, name=text[:60])
    with world.sessions.begin() as session:
        site = reading.site(session, held.key)
        session.scalars(select(Article).where(Article.site_id == site.id)).one().title = " ".join(HOSTILE)[:300]
        for n, comment in enumerate(session.scalars(select(Comment).where(Comment.site_id == site.id))):
            comment.reasons = [{"rule": "held-word", "reason": HOSTILE[n], "evidence": HOSTILE[n]}]
            comment.status = "published"
            by = Visitor(site=site, origin="", digest=secret_digest(f"{n}".ljust(43, "y")), reader=None)
            session.flush()
            said = reporting.Complaint(reason="spam", note=HOSTILE[n])
            reporting.report(session, comment.id, said, by=by, at=now())
    ann = at_desk("Ann")
    for status in ("all", "reported"):
        ann.goto(f"{world.service}/desk/queue?status={status}")
        expect(ann.locator(".card")).to_have_count(len(HOSTILE))
        for n in range(len(HOSTILE)):
            ann.locator(".events summary").nth(n).click()
        assert ann.evaluate("typeof pwned") == "undefined"
        assert ann.locator(".card :is(script, img, svg, iframe, style, link, object, [srcdoc])").count() == 0
        hrefs = ann.locator(".said a").evaluate_all("links => links.map(link => link.protocol)")
        assert set(hrefs) <= {"http:", "https:"}
    # The script clones fetched cards too.
    ann.keyboard.press("r")
    ann.keyboard.press("1")
    expect(ann.locator(".card.done")).to_have_count(1)
    ann.keyboard.press("z")
    expect(ann.locator(".card.done")).to_have_count(0)
    assert ann.evaluate("typeof pwned") == "undefined"
