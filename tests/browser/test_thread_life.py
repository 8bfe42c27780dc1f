"""A thread lives as long as its element stands on a page: it is moved, swapped and removed, and leaves nothing."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS, Daily, chromium, thread_of
from tests.browser.conversation import Past, box, comment, ready, visit, write
from tests.browser.watching import until

# What lives on outside of the shadow root: timers, observers, and listeners of what outlives an element.
COUNT = """
(() => {
  const alive = (window.alive = { timers: new Set(), listeners: new Set(), observers: new Set() });
  for (const [start, stop, once] of [["setTimeout", "clearTimeout", true], ["setInterval", "clearInterval", false]]) {
    const [begin, end] = [window[start], window[stop]];
    window[start] = (act, ...rest) => {
      const id = begin((...told) => { if (once) alive.timers.delete(id); act(...told); }, ...rest);
      alive.timers.add(id);
      return id;
    };
    window[stop] = (id) => { alive.timers.delete(id); end(id); };
  }
  for (const name of ["IntersectionObserver", "ResizeObserver", "MutationObserver"]) {
    const { observe, disconnect } = window[name].prototype;
    window[name].prototype.observe = function (target, told) {
      alive.observers.add(this);
      observe.call(this, target, told);
    };
    window[name].prototype.disconnect = function () { alive.observers.delete(this); return disconnect.apply(this); };
  }
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const outlives = (target) => target === window || target === document || target instanceof MediaQueryList ||
    (target instanceof Element && target.localName.startsWith("comments-"));
  const key = (type, act) => [...alive.listeners].find((one) => one.type === type && one.act === act);
  EventTarget.prototype.addEventListener = function (type, act, options) {
    const target = this ?? window;
    // What the test itself waits for is none of the widget's.
    if (outlives(target) && type !== "comments:loaded") {
      const one = { type, act };
      alive.listeners.add(one);
      if (options?.signal) add.call(options.signal, "abort", () => alive.listeners.delete(one));
    }
    return add.call(target, type, act, options);
  };
  EventTarget.prototype.removeEventListener = function (type, act, options) {
    alive.listeners.delete(key(type, act));
    return remove.call(this ?? window, type, act, options);
  };
})();
"""
LEFT = "Object.fromEntries(Object.entries(alive).map(([what, all]) => [what, all.size]))"
AROUND = """
async () => {
  const main = document.querySelector("main");
  const kept = document.querySelector("comments-thread");
  for (let round = 0; round < 20; round += 1) {
    // Every second time the same element, and another in between.
    const thread = round % 2 ? kept : Object.assign(document.createElement("comments-thread"), { className: "made" });
    thread.setAttribute("thread", `another-${round % 3}`);
    main.append(thread);
    await thread.ready;
    if (round % 4) await new Promise((done) => thread.addEventListener("comments:loaded", done, { once: true }));
    thread.remove();
    await null;
  }
}
"""


def test_an_element_that_comes_and_goes_leaves_nothing(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    ada.add_init_script(COUNT)
    both = f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>'
    ada.goto(daily.embed(both, script='data-loading="eager"'))
    thread = ready(ada)
    ada.evaluate("for (const one of document.querySelectorAll('comments-thread, comments-share')) one.remove()")
    until(ada, "alive.timers.size === 0")
    before = ada.evaluate(LEFT)
    ada.evaluate(f"document.querySelector('main').append(document.createElement('comments-thread')); ({AROUND})()")
    until(ada, "alive.timers.size === 0")
    expect(thread).to_have_count(0)
    assert ada.evaluate(LEFT) == before


def test_a_thread_that_is_moved_stays_as_it_is(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    thread = visit(ada, daily)
    box(thread).fill("A beginning")
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    ada.evaluate("document.querySelector('main').prepend(document.querySelector('comments-thread'))")
    expect(comment(thread, "Here before")).to_be_visible()
    expect(box(thread)).to_have_value("A beginning")
    # The rest of its form may still be on the way.
    assert [url for url in asked if "/thread?" in url] == []


def test_a_key_that_is_set_first_on_a_live_element_shows_its_thread(daily: Daily, ada: Page) -> None:
    Past(daily).say("Under the key")
    ada.goto(daily.embed("<comments-thread></comments-thread>"))
    thread = ready(ada)
    expect(thread.locator("article")).to_have_count(0)
    thread.evaluate("(thread, key) => thread.setAttribute('thread', key)", daily.thread)
    expect(comment(thread, "Under the key")).to_be_visible()


def test_a_page_that_draws_its_next_article_itself_shows_the_thread_of_each(daily: Daily, ada: Page) -> None:
    Past(daily).say("Under the second")
    ada.goto(daily.embed('<comments-thread thread="the-first"></comments-thread>', script='data-loading="eager"'))
    ready(ada)
    ada.evaluate(
        """(key) => {
          history.pushState({}, "", "/second");
          const next = document.createElement("comments-thread");
          next.setAttribute("thread", key);
          document.querySelector("comments-thread").replaceWith(next);
        }""",
        daily.thread,
    )
    expect(comment(thread_of(ada), "Under the second")).to_be_visible()
    expect(thread_of(ada)).to_have_count(1)


def test_a_page_out_of_the_browsers_memory_learns_that_its_reader_was_forgotten(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "Mine")
    expect(comment(thread, "Mine").get_by_role("button", name="Edit")).to_be_visible()
    # What another tab did meanwhile, of which a frozen page hears nothing.
    ada.evaluate("localStorage.clear(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(comment(thread, "Mine").get_by_role("button", name="Edit")).to_have_count(0)
    expect(comment(thread, "Mine")).to_be_visible()
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    ada.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert asked == []


def test_a_print_holds_the_words_and_no_controls(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("An answer", to=past.say("Here before"))
    thread = visit(ada, daily)
    ada.emulate_media(media="print")
    for words in ("Here before", "An answer"):
        expect(comment(thread, words).locator(".body").first).to_be_visible()
    assert thread.locator(":is(button, textarea, input, select)").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML)"
    ) == []  # fmt: skip


def test_the_browser_can_keep_a_page_with_a_thread_and_bring_it_back(daily: Daily, browser: Browser) -> None:
    """Playwright's browsers keep no page in memory; this one does, as every reader's."""
    Past(daily).say("Here before")
    keeping = browser.browser_type.launch(
        executable_path=chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = keeping.new_context().new_page()
    page.add_init_script("addEventListener('pageshow', (event) => (window.kept = event.persisted));")
    thread = visit(page, daily)
    box(thread).fill("A beginning")
    page.goto(daily.embed("<p>Elsewhere</p>"))
    page.go_back(wait_until="commit")
    until(page, "window.kept !== undefined")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].notRestoredReasons") is None
    assert page.evaluate("window.kept")
    expect(box(thread)).to_have_value("A beginning")
    write(thread, "Back again")
    expect(comment(thread, "Back again")).to_be_visible()
    keeping.close()
