"""What the paper's server has put into the element is taken over without a flash, and without moving the article."""

from html import escape
from urllib.parse import quote

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, ready, texts

WATCHED = """
window.frames_ = [];
window.moved = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) moved += entry.value })
  .observe({ type: "layout-shift", buffered: true });
// What can be seen in the element, in every frame from the first on.
const look = () => {
  const element = document.querySelector("comments-thread");
  if (element) {
    const seen = [...element.querySelectorAll("article"), ...(element.shadowRoot?.querySelectorAll("article") ?? [])];
    frames_.push(seen.filter((one) => one.checkVisibility() && one.getClientRects().length > 0).length);
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def with_fragment(page: Page, daily: Daily) -> str:
    """A page of the paper whose server has included the list."""
    address = f"{daily.world.service}/s/{daily.key}/t/{quote(daily.thread)}/fragment.html"
    fragment = page.request.get(address)
    assert fragment.ok
    element = f'<comments-thread thread="{escape(daily.thread)}">{fragment.text()}</comments-thread>'
    # As docs/embed.md asks for: so the element is a box before its script has come.
    head = "<style>comments-thread:not(:defined) { display: block; min-height: 240px }</style>"
    text = f"<p>{'The trams run again. ' * 20}</p>{element}"
    return daily.embed(text, script='data-loading="eager"', head=head, headers={})


def seen(page: Page, frames: int) -> list[int]:
    """How many comments could be seen in each frame, when there have been so many frames."""
    found: list[int] = []
    while len(found) < frames:
        page.wait_for_timeout(50)
        found = page.evaluate("frames_")
    return found


def test_no_frame_is_empty_and_nothing_above_moves(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    ids = [past.say(f"Number {number}") for number in range(5)]
    past.say("An answer", to=ids[0])
    ada.add_init_script(WATCHED)
    ada.goto(with_fragment(ada, daily))
    thread = ready(ada)
    expect(comment(thread, "Number 0")).to_be_visible()
    frames = seen(ada, 10)
    assert min(frames) == max(frames) == 6
    assert ada.evaluate("moved") <= 0.02
    assert ada.locator(".comments-static").count() == 0
    assert ada.locator(f"[id='comment-{ids[0]}']").count() == 0


def test_what_is_in_it_stays_when_the_service_does_not_answer(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    address = with_fragment(ada, daily)
    asked: list[str] = []

    def never(route: Route) -> None:
        asked.append(route.request.url)

    ada.route("**/thread?**", never)
    ada.add_init_script(WATCHED)
    ada.goto(address)
    assert set(seen(ada, 60)) == {1}
    assert asked
    expect(ada.locator(".comments-static")).to_contain_text("Here before")
    ada.unroute("**/thread?**")
    ada.goto(address)
    assert texts(ready(ada)) == ["Here before"]
