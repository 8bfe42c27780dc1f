"""Pages that mean the widget no good, or that others have long been at work on: one table of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = Mapping[str, str]

# Room for all of the thread, as the documentation asks for it, so that a shift is the widget's own doing.
RESERVED = """
body { margin: 0; font: 16px/1.5 serif; background: #fff; color: #222; }
comments-share:not(:defined) { display: inline-flex; vertical-align: middle; min-height: 2.25rem; }
comments-thread { display: block; min-height: 900px; }
"""
# Noted from before any script of the page, on an element: the page's own prototypes are none of the test's.
NOTE_SHIFTS = """
(() => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.value;
    document.documentElement.setAttribute("data-shifts", sum);
  }).observe({ type: "layout-shift", buffered: true });
})();
"""
RULES = """
textarea, button, select, p, form, li, ol, article, section, h2, h3, details, svg, [hidden], .body, .thread, .row {
  display: none !important; position: fixed !important; top: -9999px !important; color: red !important;
  opacity: 0 !important; width: 0 !important; transform: scale(0) !important; visibility: hidden !important;
}
main > p, main > p *, footer { display: revert !important; position: static !important; width: auto !important;
  opacity: 1 !important; transform: none !important; visibility: visible !important; }
comments-thread, comments-share, comments-count { all: initial !important; }
:not(html, head, body, main, comments-thread) { all: revert; }
* { box-sizing: content-box !important; letter-spacing: 3px !important; float: left; content: "x" !important; }
"""
# What Prototype.js, MooTools and their contemporaries did.
LIBRARIES = """
Array.prototype.toJSON = function () { return "[" + this.join() + "]"; };
String.prototype.toJSON = Number.prototype.toJSON = function () { return "broken"; };
Object.prototype.toJSON = function () { return "broken"; };
for (const name of ["extend", "each", "clone", "keys", "size", "first", "inspect", "bind"])
  Object.prototype[name] = function () { return this; };
for (const name of ["each", "first", "last", "clone", "remove", "contains", "empty"])
  Array.prototype[name] = function () { return this; };
Array.from = function (item) { return item == null ? [] : [item]; };
String.prototype.contains = Function.prototype.extend = Element.prototype.hide = function () { return this; };
"""
# The names of options that browsers look for.
OPTIONS = """
for (const name of ["signal", "get", "set", "value", "method", "headers", "body", "mode", "cache", "credentials",
  "window", "redirect", "referrer", "integrity", "duplex", "priority", "key", "url", "name", "type", "data", "style",
  "status", "hour", "weekday", "era", "calendar", "root", "threshold", "delay", "inline", "n"])
  Object.prototype[name] = "of the page";
"""
BLOCKED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
"""
WRAPPED = """
const native = window.fetch;
window.fetch = async function (...told) {
  const answer = await native.apply(this, told);
  return answer.clone();
};
"""
SHADOWED = """
document.querySelector = document.querySelectorAll = () => null;
Object.defineProperty(document, "currentScript", { get: () => null });
document.getElementById = () => { throw new Error("not here"); };
"""
NAMED = "".join(
    f'<form name="{name}" id="{name}" hidden></form>'
    for name in (
        "querySelector", "querySelectorAll", "currentScript", "getElementById", "title", "hidden", "readyState",
        "activeElement", "customElements", "location", "fetch", "comments", "Comments", "service", "heading", "menu",
    )
)  # fmt: skip
DEFINED = """
customElements.define("comments-thread", class extends HTMLElement {
  connectedCallback() { this.textContent = "Ours was first."; }
});
"""


@dataclass(frozen=True, kw_only=True)
class HostilePage:
    """What is special about one page; what a reader can still do there."""

    name: str
    init: str = ""
    """A script that runs before any other."""
    css: str = ""
    head: str = ""
    before: str = ""
    """What stands in front of the article."""
    around: tuple[str, str] = ("", "")
    """What stands around the article with its elements."""
    tags: int = 1
    aborts: str = ""
    """The addresses that a content blocker drops."""
    reads: bool = True
    says: str = ""
    """What stands in place of the conversation, where it cannot be read."""
    counts: bool = True
    shares: bool = False
    """Whether the share row is there all the same."""
    complains: tuple[str, ...] = ()
    headers: Headers = field(default_factory=dict)


BLOCKER = ("ERR_FAILED|ERR_BLOCKED",)
PAGES = (
    HostilePage(name="the strictest policy"),
    HostilePage(name="important rules for everything", css=RULES),
    HostilePage(name="prototypes as old libraries left them", init=LIBRARIES),
    HostilePage(name="options on the prototype of all objects", init=OPTIONS),
    HostilePage(name="a fetch that is wrapped", init=WRAPPED),
    HostilePage(
        name="a fetch that throws",
        init="window.fetch = () => { throw new TypeError('not today'); };",
        reads=False, says="could not be loaded", counts=False,
    ),
    HostilePage(
        name="a fetch that answers with nothing",
        init="window.fetch = async () => ({});", reads=False, says="could not be loaded", counts=False,
    ),
    HostilePage(
        name="no fetch", init="window.fetch = undefined;", reads=False, says="could not be loaded", counts=False
    ),
    HostilePage(name="a storage that throws", init=BLOCKED),
    HostilePage(name="a base address", head='<base href="/else/where/" target="_blank">'),
    HostilePage(name="a form around everything", around=('<form action="/sent">', "<button>Send</button></form>")),
    HostilePage(name="the tag three times", tags=3),
    HostilePage(name="methods of the document that are replaced", init=SHADOWED),
    HostilePage(name="forms named like what the document has", before=NAMED),
    HostilePage(
        name="an element of that name already", init=DEFINED, reads=False, says="Ours was first.", shares=True
    ),
    HostilePage(
        name="a blocker of the service's answers", aborts="**/api/**",
        reads=False, says="could not be loaded", counts=False, complains=BLOCKER,
    ),
    HostilePage(
        name="a blocker of the loader", aborts="**/embed.js",
        reads=False, says="Eleven have answered.", counts=False, complains=BLOCKER,
    ),
    HostilePage(
        name="a blocker of the thread's script", aborts="**/a/thread.*",
        reads=False, says="Eleven have answered.", complains=(*BLOCKER, "dynamically imported module"),
    ),
)  # fmt: skip
