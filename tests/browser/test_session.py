"""Who a reader is, in this browser: shown at the form, forgotten on request, and the same in every tab and thread."""

from html import escape

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, box, comment, has_focus, ready, visit, write
from tests.browser.watching import until

HEARD = """
window.heard = [];
for (const name of ["login", "logout", "before-post", "posted"])
  addEventListener(`comments:${name}`, (event) => heard.push([name, JSON.stringify(event.detail)]));
"""


def beside(page: Page, daily: Daily) -> Page:
    """Another tab of the same browser."""
    tab = page.context.new_page()
    visit(tab, daily)
    return tab


def kept(page: Page, daily: Daily) -> list[str]:
    """What the page's storage holds for this site, without the secrets themselves."""
    found: list[str] = page.evaluate("Object.keys(localStorage).sort()")
    return [key.removesuffix(f".{daily.key}") for key in found if key.endswith(f".{daily.key}")]


def known(thread: Locator) -> Locator:
    return thread.get_by_text("Posting as Ada")


def test_the_form_says_who_one_posts_as_and_lets_it_be_changed(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    assert kept(ada, daily) == []
    write(thread, "First")
    expect(comment(thread, "First")).to_be_visible()
    thread = visit(ada, daily)
    box(thread).focus()
    expect(known(thread)).to_be_visible()
    expect(thread.get_by_role("textbox", name="Name", exact=True)).to_be_hidden()
    thread.get_by_role("button", name="Change").click()
    name = thread.get_by_role("textbox", name="Name", exact=True)
    has_focus(thread, name)
    name.fill("Ada L.")
    box(thread).fill("Second")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Second").get_by_role("heading", name="Ada L.")).to_be_visible()
    box(thread).focus()
    expect(thread.get_by_text("Posting as Ada L.")).to_be_visible()


def test_to_be_forgotten_takes_all_of_it_and_reaches_the_other_tab(daily: Daily, ada: Page) -> None:
    ada.add_init_script(HEARD)
    thread = visit(ada, daily)
    write(thread, "Mine")
    expect(comment(thread, "Mine").get_by_role("button", name="Withdraw")).to_be_visible()
    other = beside(ada, daily)
    other.evaluate(HEARD)
    there = ready(other)
    expect(comment(there, "Mine").get_by_role("button", name="Withdraw")).to_be_visible()
    box(there).fill("A draft")
    expect(known(there)).to_be_visible()
    thread = visit(ada, daily)
    box(thread).focus()
    thread.get_by_role("button", name="Forget me").click()
    expect(thread.get_by_text("Your comments stay.")).to_be_visible()
    thread.get_by_role("button", name="Cancel").click()
    expect(known(thread)).to_be_visible()
    thread.get_by_role("button", name="Forget me").click()
    thread.get_by_role("button", name="Forget me").click()
    expect(thread.get_by_role("status")).to_have_text("This browser has forgotten you.")
    for place in (thread, there):
        expect(comment(place, "Mine")).to_be_visible()
        expect(comment(place, "Mine").get_by_role("button", name="Withdraw")).to_have_count(0)
        expect(place.get_by_role("textbox", name="Name", exact=True)).to_have_value("")
    assert kept(ada, daily) == []
    expect(box(there)).to_have_value("A draft")
    assert other.evaluate("heard.map(([name]) => name)") == ["logout"]
    assert ["logout", "{}"] in ada.evaluate("heard")


def test_two_threads_of_a_page_and_another_tab_learn_who_writes(daily: Daily, ada: Page) -> None:
    ada.add_init_script(HEARD)
    second = f"{daily.thread}-2"
    Past(daily).say("Here before")
    both = "".join(f'<comments-thread thread="{escape(key)}"></comments-thread>' for key in (daily.thread, second))
    ada.goto(daily.embed(both, script='data-loading="eager"'))
    first, other = ada.locator("comments-thread").nth(0), ada.locator("comments-thread").nth(1)
    expect(box(other)).to_be_visible()
    tab = beside(ada, daily)
    tab.evaluate(HEARD)
    write(first, "Mine")
    expect(comment(first, "Mine").get_by_role("button", name="Edit")).to_be_visible()
    expect(comment(ready(tab), "Mine").get_by_role("button", name="Edit")).to_be_visible()
    box(other).focus()
    expect(known(other)).to_be_visible()
    until(tab, "heard.length === 1")
    assert tab.evaluate("heard") == [["login", "{}"]]
    # One for each thread of the page.
    assert sorted(name for name, _ in ada.evaluate("heard")) == ["before-post", "login", "login", "posted"]
    ada.evaluate("document.querySelector('comments-thread').logout()")
    expect(comment(ready(tab), "Mine").get_by_role("button", name="Edit")).to_have_count(0)
    box(other).focus()
    expect(other.get_by_role("textbox", name="Name", exact=True)).to_have_value("")


def test_a_page_opens_the_form_with_words_and_reads_the_count(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    ada.goto(daily.embed())
    ada.evaluate("document.querySelector('comments-thread').openComposer('> a quote')")
    thread = ready(ada)
    expect(box(thread)).to_have_value("> a quote")
    has_focus(thread, box(thread))
    ada.evaluate("document.querySelector('comments-thread').openComposer('> another')")
    expect(box(thread)).to_have_value("> a quote\n\n> another")
    assert ada.evaluate("document.querySelector('comments-thread').count") == 1
    ada.evaluate("document.activeElement.blur()")
    ada.evaluate("document.querySelector('comments-thread').login()")
    has_focus(thread, box(thread))


def test_the_page_may_keep_back_what_is_about_to_be_posted(daily: Daily, ada: Page) -> None:
    ada.add_init_script("""
        window.asked = 0;
        addEventListener("comments:before-post", (event) => window.no && ++window.asked && event.preventDefault());
    """)
    thread = visit(ada, daily)
    ada.evaluate(
        "(window.Comments ||= { q: [], configure(told) { this.q.push(told) } })"
        ".configure({ onBeforePost: async (about) => { window.about = about; window.asked++; return window.answer } })"
    )
    for times, keep in enumerate(("window.no = true", "window.no = false; window.answer = false"), start=1):
        ada.evaluate(keep)
        write(thread, "A text")
        until(ada, "(times) => window.asked === times", times)
        expect(thread.get_by_role("button", name="Post comment")).to_be_enabled()
        expect(box(thread)).to_have_value("A text")
        expect(thread.locator("article")).to_have_count(0)
    ada.evaluate("window.answer = undefined")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "A text")).to_be_visible()
    assert ada.evaluate("window.about") == {"parent": None}
