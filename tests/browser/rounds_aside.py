"""The rounds through the pages that are not the widget: those without JavaScript, the desk, and the page of the API."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser import unlimited
from tests.browser.conftest import Daily
from tests.browser.conversation import Past
from tests.browser.desks import sign_in
from tests.browser.looks import people

MakeSite = Callable[..., Daily]
REFRESH = re.compile(rb'<meta http-equiv="refresh"[^>]*>')


def pages(make_site: MakeSite, page: Page) -> Iterator[str]:
    """The pages without JavaScript; the browser may have it."""
    daily = make_site(guidelines="Be kind.", guidelines_tree=[["p", "Be kind."]])
    at = f"{daily.world.service}/s/{daily.key}"
    here = f"{at}/t/{daily.thread}"
    page.goto(f"{here}?url={daily.world.host.origin}/trams")
    yield "thread, empty"
    people(daily)
    said = Past(daily).say("The *last* one", to=Past(daily).say("One with an answer"))
    yield from _visits(page, {
        "thread": here, "thread, in order": f"{here}?sort=best&filter=featured",
        "thread, nothing further": f"{here}?filter=staff&sort=oldest",
        "write": f"{here}/write", "answer": f"{here}/write?parent={said}", "search": f"{here}/search?q=answer",
        "nothing found": f"{here}/search?q=nobodysaidthis", "recommend": f"{at}/c/{said}/recommend",
        "report": f"{at}/c/{said}/report", "quote": f"{at}/c/{said}/quote.html",
        "not there": f"{at}/c/0nothing",
    })  # fmt: skip
    page.route("**/c/*", _still)
    yield from _visits(page, {"one comment": f"{at}/c/{said}"})
    yield from _sending(page, here, f"{at}/c/{said}")


def _visits(page: Page, places: dict[str, str]) -> Iterator[str]:
    for name, address in places.items():
        page.goto(address)
        yield name


def _still(route: Route) -> None:
    """Stay on a page that would go on by itself."""
    answer = route.fetch()
    route.fulfill(response=answer, body=REFRESH.sub(b"", answer.body()))


def _sending(page: Page, here: str, comment_at: str) -> Iterator[str]:
    page.goto(f"{comment_at}/report")
    page.get_by_text("If it is against the law").click()
    page.get_by_role("radio").nth(4).check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    yield "report, refused"
    page.goto(f"{here}/write")
    page.get_by_text("asks of you").click()
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.get_by_role("textbox", name="Your comment").fill("\u200b")
    # The service wants a form to be older than nobody could have written it in.
    page.wait_for_timeout(unlimited.USABLE_IN / timedelta(milliseconds=1))
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    yield "write, refused"
    page.get_by_role("textbox", name="Your comment").fill("WHY DOES NOBODY TELL US ANYTHING")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This is how it will look")).to_be_visible()
    yield "write, with a preview"
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "sent"
    page.get_by_role("link", name="Your comments here").click()
    expect(page.get_by_role("heading", name="Your comments here")).to_be_visible()
    yield "yours"
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    yield "edit"
    page.goto(f"{here}/yours")
    page.get_by_role("link", name="Withdraw").click()
    expect(page.get_by_role("button", name="Withdraw it")).to_be_visible()
    yield "withdraw"
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "withdrawn"
    yield from _notices(page, here)
    yield from _leaving(page, here)


def _notices(page: Page, here: str) -> Iterator[str]:
    page.goto(f"{here}/yours")
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_role("heading", name="Nothing yet")).to_be_visible()
    yield "notices"
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "notices, with a conversation that is followed"


def _leaving(page: Page, here: str) -> Iterator[str]:
    page.goto(f"{here.partition('/t/')[0]}/me")
    yield "own page"
    page.get_by_label("They are removed").check()
    page.get_by_role("button", name="Erase me").click()
    expect(page.get_by_role("button", name="Stay")).to_be_visible()
    yield "leaving"


def desk(make_site: MakeSite, page: Page) -> Iterator[str]:
    """The moderators' pages, as an owner sees them."""
    daily = make_site(moderation="pre", banned_words=["spamword"])
    past, at = Past(daily), f"{daily.world.service}/desk"
    for text in ("You idiot, read https://a.example/", "> two\n\n`three`", "A spamword", "four"):
        past.say(text)
    page.goto(f"{at}/sign-in")
    yield "sign in"
    page.get_by_label("Login").fill("nobody")
    page.get_by_label("Password").fill("four green kettles")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "sign in, refused"
    sign_in(page, daily, "Ann", role="owner")
    yield from _queue(page, at)
    site = f"{at}/sites/{daily.key}"
    yield from _visits(page, {
        "sites": f"{at}/sites", "a new site": f"{at}/sites/new", "a site": site, "people": f"{site}/people",
        "tokens": f"{site}/tokens", "page key": f"{site}/page-key", "account": f"{at}/account",
        "sessions": f"{at}/sessions", "writing as staff": f"{at}/writing",
        "second factor": f"{at}/second-factor", "keys of the paper": f"{site}/sso", "mail": f"{site}/mail",
    })  # fmt: skip
    yield from _managing(page, site)


def _queue(page: Page, at: str) -> Iterator[str]:
    page.goto(f"{at}/queue")
    yield "queue"
    page.locator(".events summary").first.click()
    page.get_by_text("Make this reader an expert").first.click()
    page.keyboard.press("r")
    expect(page.locator("details.reject[open]")).to_be_visible()
    yield "reasons"
    page.keyboard.press("1")
    page.keyboard.press("a")
    expect(page.locator(".card[aria-busy]")).to_have_count(0)
    yield "decided"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "keys"
    page.keyboard.press("Escape")
    page.goto(f"{at}/queue?status=rejected")
    yield "rejected"
    page.locator(".card .when").first.click()
    page.wait_for_url("**/desk/comments/**")
    yield "the record of a comment"
    page.goto(f"{at}/queue?status=all")
    page.locator('a[href^="/desk/articles/"]').first.click()
    page.wait_for_url("**/desk/articles/**")
    yield "an article"


def _managing(page: Page, site: str) -> Iterator[str]:
    page.goto(f"{site}/people")
    page.get_by_label("Login").fill(f"mia@{site.rpartition('/')[2]}.example")
    page.get_by_label("Name", exact=True).fill("Mia")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "somebody invited"
    invitation = page.locator("pre.code").inner_text().strip()
    page.goto(site)
    page.get_by_label("Origins").fill("nonsense")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a site, refused"
    page.goto(f"{site.partition('/sites/')[0]}/second-factor")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_label("Code")).to_be_visible()
    yield "a second factor, begun"
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a second factor, refused"
    page.goto(invitation)
    yield "an invitation"


def api(make_site: MakeSite, page: Page) -> Iterator[str]:
    """The page for whoever writes programs."""
    page.goto(f"{make_site().world.service}/api")
    yield "API"
