"""What can be measured of a page in everybody's reach: how large its targets are, and whether any word is cut off."""

from dataclasses import dataclass

from playwright.sync_api import Page

LEAST = 24
FOR_FINGERS = 44

# Everything that is drawn, through open shadow roots, with the element above each.
WALK = """
  const above = (one) => one.assignedSlot ?? one.parentElement ?? one.getRootNode().host ?? null;
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  const shown = (one) => {
    if (!one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) return false;
    for (let at = one; at; at = above(at)) if (at.inert) return false;
    return true;
  };
  // Over a modal dialog's ground nothing can be pressed.
  const modal = all(document).find((one) => one.matches("dialog:modal"));
  const within = (one, outer) => {
    for (let at = one; at; at = above(at)) if (at === outer) return true;
    return false;
  };
  const words = (one) => one.getAttribute("aria-label") || one.textContent || one.name || one.type || "";
  const told = (one) => `${one.localName}.${one.className?.baseVal ?? one.className} “${
    words(one).trim().replace(/\\s+/g, " ").slice(0, 40)}”`;
  const unseen = (one) => {
    for (let at = one; at && at !== document.body; at = above(at)) {
      const style = getComputedStyle(at);
      if (style.clipPath === "inset(50%)") return true;
    }
    return false;
  };
"""
# WCAG 2.2, 2.5.8: a target in a line of text is as large as the line; one that is small may stand alone, so that a
# circle of the least size around its middle meets no other target and no other such circle. What a label belongs to is
# reached by pressing the label.
TARGETS = """([least, spacing]) => {
  WALK
  const what = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [tabindex='0']";
  const area = (one) => {
    const boxes = [one, ...(one.labels ?? [])].filter(shown).map((each) => each.getBoundingClientRect());
    return boxes.reduce((a, b) => (a.width * a.height > b.width * b.height ? a : b));
  };
  const inText = (one) => getComputedStyle(one).display === "inline" &&
    [...one.parentElement?.childNodes ?? []].some((each) => each.nodeType === 3 && each.data.trim());
  const found = all(document).filter((one) => one.matches(what) && shown(one) && !unseen(one) &&
    (!modal || within(one, modal)) && !inText(one) && !one.closest(".skip"));
  const targets = found.map((one) => ({ one, box: area(one) }));
  const small = ({ box }) => box.width < least - 0.01 || box.height < least - 0.01;
  const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
  const meets = (a, b) => {
    const [x, y] = middle(a);
    if (small(b)) {
      const [u, v] = middle(b);
      return Math.hypot(x - u, y - v) < least;
    }
    const u = Math.max(b.box.left, Math.min(x, b.box.right));
    const v = Math.max(b.box.top, Math.min(y, b.box.bottom));
    return Math.hypot(x - u, y - v) < least / 2;
  };
  const crowded = (each) => targets.some((other) => other !== each && meets(each, other));
  const bad = targets.filter((each) => small(each) && (!spacing || crowded(each)));
  return [targets.length, bad.map(({ one, box }) => `${told(one)} ${box.width.toFixed(1)}×${box.height.toFixed(1)}`)];
}""".replace("WALK", WALK)
# Words that stand out of a box which hides what stands out of it; a box that scrolls hides nothing.
CUT = """() => {
  WALK
  const cut = [];
  let looked = 0;
  const range = document.createRange();
  for (const one of all(document)) {
    if (modal && !within(one, modal)) continue;
    const texts = [...one.childNodes].filter((each) => each.nodeType === 3 && each.data.trim());
    if (!texts.length || !shown(one) || unseen(one) || one.closest(".skip, option, script, style, noscript")) continue;
    looked += 1;
    range.selectNodeContents(one);
    const box = range.getBoundingClientRect();
    for (let at = one; at; at = above(at)) {
      const style = getComputedStyle(at);
      const edge = at.getBoundingClientRect();
      const clips = (flow) => ["hidden", "clip"].includes(flow);
      const wide = clips(style.overflowX) && (box.right > edge.right + 1 || box.left < edge.left - 1);
      const high = clips(style.overflowY) && (box.bottom > edge.bottom + 1 || box.top < edge.top - 1);
      if (wide || high) cut.push(`${told(one)} by ${told(at)}`);
      if (["auto", "scroll"].includes(style.overflowX) || ["auto", "scroll"].includes(style.overflowY)) break;
    }
  }
  return [looked, cut];
}""".replace("WALK", WALK)
# WCAG 2.2, 1.4.12, to the letter.
SPACED = """() => {
  const rules = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`;
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  for (const root of [document, ...all(document).flatMap((one) => one.shadowRoot ?? [])]) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
}"""


@dataclass(frozen=True)
class Found:
    """How much was looked at, and what of it is wrong."""

    looked: int
    wrong: list[str]


def small_targets(page: Page, least: int = LEAST, *, spacing: bool = True) -> Found:
    """What can be pressed and is smaller than that; with `spacing`, one that stands by itself may be."""
    return Found(*page.evaluate(TARGETS, [least, spacing]))


def cut_words(page: Page) -> Found:
    """Texts of which a part cannot be seen."""
    return Found(*page.evaluate(CUT))


def space_out(page: Page) -> None:
    """Give all text of the page, as it is now, the spacing that a reader may want."""
    page.evaluate(SPACED)


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
