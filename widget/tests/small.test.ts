import { describe, expect, test } from "bun:test";
import { hue, initial } from "../avatar";
import { aimed } from "../context";
import { draftOf } from "../drafts";
import { sessionOf } from "../session";
import { write } from "../storage";
import { Clock, times } from "../time";
import { isLight } from "../tone";
import { leadsTo, safeUrl } from "../tree";
import { english, tongueOf, type Words } from "../words";
import { random, secretOf } from "../writing";

describe("times", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  const ago = (seconds: number): string => times("en").short(now - seconds * 1000, now);

  test("are told in words for a week, then as a date", () => {
    expect(ago(5)).toBe("now");
    expect(ago(60)).toBe("1 minute ago");
    expect(ago(59 * 60 + 59)).toBe("59 minutes ago");
    expect(ago(3600)).toBe("1 hour ago");
    expect(ago(26 * 3600)).toBe("yesterday");
    expect(ago(6 * 86_400)).toBe("6 days ago");
    expect(ago(7 * 86_400)).toBe("November 17, 2026");
  });

  test("are never in the future, whatever the reader's clock says", () => {
    expect(ago(-300)).toBe("now");
  });

  test("speak the page's language", () => {
    expect(times("ar").short(now - 12 * 60_000, now)).toContain("دقيقة");
  });

  test("follow the service's clock", () => {
    const clock = new Clock();
    clock.set(new Date(Date.now() + 3_600_000).toISOString());
    expect(Math.round((clock.now() - Date.now()) / 60_000)).toBe(60);
    clock.set("nonsense");
    expect(Math.round((clock.now() - Date.now()) / 60_000)).toBe(60);
  });
});

describe("words", () => {
  const element = (own: unknown = null): Element =>
    ({ querySelector: () => own && { textContent: JSON.stringify(own) } }) as unknown as Element;
  const tongue = (lang: string, words?: Words, own?: unknown) => tongueOf(element(own), { lang, words });
  const speak = (...asked: Parameters<typeof tongue>) => tongue(...asked).speaker("thread", english);
  const say = speak("en");
  const german = { thread: { heading: { one: "{n} Kommentar", other: "{n} Kommentare" } } };

  test("choose the form that a number takes", () => {
    expect(say("heading", { n: 1 })).toBe("1 comment");
    expect(say("heading", { n: 1200 })).toBe("1,200 comments");
  });

  test("put a name in as it is, whatever it holds", () => {
    expect(say("inReplyTo", { name: "{n} $& <b>" })).toBe("in reply to {n} $& <b>");
  });

  test("are those of the page's language where somebody has them, and English where not", () => {
    expect(tongue("de-AT", german)).toMatchObject({ lang: "de-AT", dir: "ltr" });
    expect(tongue("en-GB")).toMatchObject({ lang: "en-GB", dir: "ltr" });
    for (const lang of ["fa", "not a language", ""]) expect(tongue(lang)).toMatchObject({ lang: "en", dir: null });
    expect(tongue("he", {}).dir).toBe("rtl");
    const austrian = speak("de-AT", german);
    expect([austrian("heading", { n: 1 }), austrian("heading", { n: 2 })]).toEqual(["1 Kommentar", "2 Kommentare"]);
    expect(austrian("retry")).toBe("Try again");
  });

  test("take the form that the language has for the number", () => {
    const words = { thread: { heading: { zero: "z", one: "o", two: "t", few: "f {n}", many: "m", other: "r" } } };
    const arabic = speak("ar", words);
    expect([0, 1, 2, 11, 100].map((n) => arabic("heading", { n }))).toEqual(["z", "o", "t", "m", "r"]);
    expect(arabic("heading", { n: 3 })).toBe(`f ${new Intl.NumberFormat("ar").format(3)}`);
  });

  test("give way to those of the owner, whatever an owner writes", () => {
    const own = speak("de", german, { thread: { retry: "Noch einmal", search: 5, sort: null }, composer: 1 });
    expect([own("retry"), own("heading", { n: 2 })]).toEqual(["Noch einmal", "2 Kommentare"]);
    expect([own("search"), own("sort")]).toBeArrayOfSize(2);
    expect(speak("sv", undefined, { thread: { retry: "Försök igen" } })("retry")).toBe("Försök igen");
    for (const nothing of [7, "words", [], { thread: "words" }]) expect(speak("en", undefined, nothing)("retry")).toBe("Try again");
  });

  test("are not turned around by a name of the other direction", () => {
    expect(say("inReplyTo", { name: "سارة" })).toBe("in reply to \u2068سارة\u2069");
    expect(speak("ar", {})("inReplyTo", { name: "Bob" })).toContain("\u2068Bob\u2069");
  });
});

describe("what a browser keeps", () => {
  test("a secret of 32 random bytes, made at the first write and the same from then on", () => {
    const session = sessionOf("daily");
    expect(session.secret()).toBeNull();
    const secret = secretOf(session);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(secretOf(sessionOf("daily"))).toBe(secret);
    expect(sessionOf("other").secret()).toBeNull();
    expect(random(32)).not.toBe(random(32));
  });

  test("a draft for each place, the last fifty", () => {
    const first = draftOf("daily", ["a1"]);
    first.write("begun");
    draftOf("daily", ["a1", "c1"]).write("a reply");
    expect(draftOf("daily", ["a1"]).read()).toBe("begun");
    expect(draftOf("daily", ["a1", "c1"]).read()).toBe("a reply");
    expect(draftOf("other", ["a1"]).read()).toBe("");
    for (let at = 0; at < 50; at += 1) draftOf("daily", [`b${at}`]).write("later");
    expect(first.read()).toBe("");
    draftOf("daily", ["b49"]).write("");
    expect(draftOf("daily", ["b49"]).read()).toBe("");
  });

  test("a draft for thirty days", () => {
    const real = Date.now;
    const day = 24 * 3600_000;
    try {
      draftOf("weekly", ["a1"]).write("begun");
      Date.now = () => real() + 30 * day - 1000;
      expect(draftOf("weekly", ["a1"]).read()).toBe("begun");
      Date.now = () => real() + 30 * day + 1000;
      expect(draftOf("weekly", ["a1"]).read()).toBe("");
    } finally {
      Date.now = real;
    }
  });

  test("nothing of a draft that is not one", () => {
    const key = "comments.drafts.monthly";
    for (const broken of ["{", "null", '{"a1":"begun"}', '[["a1"],["a1",1,2],7,null]']) {
      write(key, broken);
      expect(draftOf("monthly", ["a1"]).read()).toBe("");
    }
  });
});

test("only an id of the service's form is looked for", () => {
  expect(aimed("#comment-0ABC_x-9")).toBe("0ABC_x-9");
  for (const hash of ["", "#comments", "#comment-", "#comment-a/b", "#comment-a b", `#comment-${"a".repeat(41)}`]) {
    expect(aimed(hash)).toBeNull();
  }
});

test("only http, https and mailto become links", () => {
  for (const good of ["https://a.example/?q=1#x", "http://a.example", "mailto:a@a.example"]) {
    expect(safeUrl(good)).toBe(good);
  }
  const bad = ["javascript:alert(1)", " JaVa\tScript:alert(1)", "data:text/html,x", "vbscript:x", "/path", "//a.example", null, 7];
  for (const one of bad) expect(safeUrl(one)).toBeNull();
});

test("a name has a sign of its own that does not change", () => {
  expect(initial("ada")).toBe("A");
  expect(initial("  (Émile)")).toBe("É");
  expect(initial("سارة")).toBe("س");
  expect(initial("🦊")).toBe("🦊");
  expect(initial("")).toBe("");
  expect(hue("Ada")).toBe(hue("Ada"));
  expect(hue("Ada")).toBeLessThan(360);
});

test("light words stand on a dark page", () => {
  for (const light of ["rgb(230, 234, 230)", "color(srgb 0.9 0.9 0.9)", "oklch(0.92 0.01 200)", "lab(92 0 0)"]) {
    expect(isLight(light)).toBe(true);
  }
  for (const dark of ["rgb(19, 33, 44)", "rgba(0, 0, 0, 0.8)", "color(srgb 0.1 0.1 0.2)", "oklab(0.3 0 0)"]) {
    expect(isLight(dark)).toBe(false);
  }
});

test("a link tells its host where its words only seem to", () => {
  expect(leadsTo("https://t.co/x", "https://microsoft.com/login")).toBe("t.co");
  expect(leadsTo("https://paper.example/", "paper.example.evil.example")).toBe("paper.example");
  expect(leadsTo("https://paper.example@evil.example/", "paper.example")).toBe("evil.example");
  expect(leadsTo("https://t.co/x", "see T.co.")).toBe("");
  expect(leadsTo("https://t.co/x", "https://t.co/y")).toBe("");
  expect(leadsTo("mailto:a@b.example", "write to us")).toBe("a@b.example");
});
