import { describe, expect, test } from "bun:test";
import { Conversation, LEVELS } from "../conversation";
import type { Comment, Own, Root } from "../shapes";

const NOW = Date.parse("2026-11-24T12:00:00Z");

function comment(id: string, parent: Comment | null = null, more: Partial<Comment> = {}): Comment {
  return {
    id,
    parent: parent?.id ?? null,
    root: parent?.root ?? id,
    depth: parent ? parent.depth + 1 : 0,
    name: `Reader ${id}`,
    author: `a-${id}`,
    badges: [],
    created: "2026-11-24T11:59:00Z",
    edited: null,
    status: "published",
    featured: false,
    pinned: false,
    tree: [["p", `I am ${id}`]],
    recommends: 0,
    replies_total: 0,
    answered: null,
    ...more,
  };
}

function root(id: string, replies: Comment[] = [], next: string | null = null, total = replies.length): Root {
  return { ...comment(id, null, { replies_total: total }), replies, replies_next: next };
}

function own(of: Comment, more: Partial<Own> = {}): Own {
  return { ...of, status: "published", editable_until: "2026-11-24T12:14:00Z", reason: null, source: "", ...more };
}

describe("a thread's pages", () => {
  test("keep the order the service gave, and a comment that comes twice stands once", () => {
    const of = new Conversation();
    expect(of.addPage([root("c"), root("b")])).toEqual(["c", "b"]);
    expect(of.addPage([root("b"), root("a")])).toEqual(["a"]);
    expect(of.top()).toEqual(["c", "b", "a"]);
  });

  test("put replies under what they answer, oldest first, also when they come later", () => {
    const of = new Conversation();
    const a = comment("a");
    const [b, d] = [comment("b", a), comment("d", a)];
    of.addPage([root("a", [d], "next", 3)]);
    expect(of.missing("a")).toEqual({ count: 2, after: "next" });
    expect(of.addReplies("a", [b, comment("c", b), d], null)).toEqual(["b", "c"]);
    expect(of.under("a", 0)).toEqual(["b", "d"]);
    expect(of.under("b", 1)).toEqual(["c"]);
    expect(of.missing("a")).toBeNull();
  });

  test("show a reply under its root while what it answers is not loaded", () => {
    const of = new Conversation();
    const missing = comment("b", comment("a"));
    of.addPage([root("a", [comment("c", missing)], "next", 2)]);
    expect(of.under("a", 0)).toEqual(["c"]);
    of.addReplies("a", [missing], null);
    expect(of.under("a", 0)).toEqual(["b"]);
    expect(of.under("b", 1)).toEqual(["c"]);
  });

  test("stand flat below the last indent, parents first, however deep a chain goes", () => {
    const of = new Conversation();
    const chain = [comment("00000")];
    for (let depth = 1; depth < 10_000; depth += 1) {
      chain.push(comment(String(depth).padStart(5, "0"), chain[depth - 1]));
    }
    of.addPage([root("00000", chain.slice(1))]);
    const last = String(LEVELS - 1).padStart(5, "0");
    expect(of.under(last, LEVELS - 1)).toEqual(chain.slice(LEVELS).map((one) => one.id));
    expect(of.isShown("09999")).toBe(true);
  });
});

describe("one's own comments", () => {
  test("come back on top while nobody else can see them, and twice never", () => {
    const of = new Conversation();
    of.addPage([root("b"), root("a")]);
    of.addMine([own(comment("9"), { status: "held" }), own(comment("a"))], NOW);
    expect(of.top()).toEqual(["9", "b", "a"]);
  });

  test("bridge a cache that has not seen them yet, but only for ten minutes", () => {
    const of = new Conversation();
    of.addMine([own(comment("new")), own(comment("old", null, { created: "2026-11-24T11:00:00Z" }))], NOW);
    expect(of.top()).toEqual(["new"]);
  });

  test("stay own when a public page brings them again, with its newer counts", () => {
    const of = new Conversation();
    of.addMine([own(comment("a"), { source: "*mine*" })], NOW);
    of.addPage([{ ...root("a"), recommends: 7 }]);
    expect(of.get("a")).toMatchObject({ source: "*mine*", recommends: 7 });
  });

  test("that wait in a part which is not loaded are told of", () => {
    const of = new Conversation();
    of.addPage([root("b")]);
    of.addMine([own(comment("z", comment("y")), { status: "held" })], NOW);
    expect(of.elsewhere().map((one) => one.id)).toEqual(["z"]);
    expect(of.isShown("z")).toBe(false);
  });

  test("withdrawn without an answer are not brought back as an empty place", () => {
    const of = new Conversation();
    of.addPage([root("a")]);
    of.addMine([own(comment("b", comment("a")), { status: "withdrawn", tree: null })], NOW);
    expect(of.under("a", 0)).toEqual([]);
  });

  test("count as replies of their root once they are published", () => {
    const of = new Conversation();
    of.addPage([root("a")]);
    of.addNew(own(comment("b", comment("a"))));
    expect(of.get("a")?.replies_total).toBe(1);
    expect(of.missing("a")).toBeNull();
  });
});

describe("a branch alone", () => {
  test("is shown without the rest, and with it again", () => {
    const of = new Conversation();
    of.addPage([root("b")]);
    const far = comment("a", null, { replies_total: 2 });
    for (const one of [far, comment("a1", far)]) of.put(one);
    expect(of.isShown("a1")).toBe(false);
    of.only = ["a"];
    expect(of.isShown("a1")).toBe(true);
    expect(of.top()).toEqual(["a"]);
    expect(of.missing("a")).toEqual({ count: 1, after: "" });
    of.only = null;
    expect(of.top()).toEqual(["b"]);
  });
});
