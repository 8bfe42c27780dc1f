import { describe, expect, test } from "bun:test";
import { Changes, type Listed, type Reader } from "../changes";
import { Conversation } from "../conversation";
import type { Comment, Own, Root } from "../shapes";

function comment(id: string, parent: Comment | null = null, more: Partial<Comment> = {}): Comment {
  return {
    id,
    parent: parent?.id ?? null,
    root: parent?.root ?? id,
    depth: parent ? parent.depth + 1 : 0,
    name: `Reader ${id}`,
    created: "2026-11-24T11:59:00Z",
    edited: null,
    status: "published",
    tree: [["p", `I am ${id}`]],
    recommends: 0,
    replies_total: 0,
    ...more,
  } as Comment;
}

function root(id: string, replies: string[] = [], next: string | null = null, more: Partial<Comment> = {}): Root {
  const self = comment(id, null, { replies_total: replies.length, ...more });
  return { ...self, replies: replies.map((reply) => comment(reply, self)), replies_next: next };
}

const page = (roots: Root[], next: string | null = null): Listed => ({ comments: roots, next });

function talk(roots: Root[], reader: Partial<Reader> = {}): [Conversation, Changes] {
  const store = new Conversation();
  store.addPage(roots);
  return [store, new Changes(store, { held: () => false, away: () => false, ...reader })];
}

const ids = (changes: Changes): string[] => changes.ready().map(({ id }) => id).sort();

describe("what is new", () => {
  test("waits, and then stands where the service had it", () => {
    const was = [root("e"), root("b")];
    const [store, changes] = talk(was);
    changes.compare(page(was), page([root("f"), root("e"), root("c"), root("b")]), "down");
    changes.settle();
    expect(store.top()).toEqual(["e", "b"]);
    expect(ids(changes)).toEqual(["c", "f"]);
    changes.show();
    expect(store.top()).toEqual(["f", "e", "c", "b"]);
    expect(changes.ready()).toEqual([]);
  });

  test("is not what belongs to a page that is not loaded", () => {
    const was = [root("e"), root("d")];
    const [, changes] = talk(was);
    changes.compare(page(was, "next"), page([root("f"), root("e"), root("b")], "next"), "down");
    expect(ids(changes)).toEqual(["f"]);
  });

  test("is what follows the end of all", () => {
    const was = [root("a")];
    const [store, changes] = talk(was);
    changes.compare(page(was), page([root("a"), root("b"), root("c")], "next"), "up");
    changes.show();
    expect(store.top()).toEqual(["a", "b", "c"]);
  });

  test("in an order of its own is only what was written later", () => {
    const was = [root("b"), root("d")];
    const [, changes] = talk(was);
    changes.compare(page(was, "next"), page([root("b"), root("a"), root("e"), root("d")], "next"), null);
    expect(ids(changes)).toEqual(["e"]);
  });

  test("goes again when it is taken back before anybody saw it", () => {
    const was = [root("a")];
    const [, changes] = talk(was);
    const more = page([root("b"), root("a")]);
    changes.compare(page(was), more, "down");
    changes.compare(more, page(was), "down");
    expect(ids(changes)).toEqual([]);
  });
});

describe("new replies", () => {
  const was = [root("a", ["b"])];
  const more = page([root("a", ["b", "c"])]);

  test("wait, and raise no number until then", () => {
    const [store, changes] = talk(was);
    changes.compare(page(was), more, "down");
    changes.settle();
    expect(ids(changes)).toEqual(["c"]);
    expect(store.missing("a")).toBeNull();
    changes.show();
    expect(store.under("a", 0)).toEqual(["b", "c"]);
    expect(store.missing("a")).toBeNull();
  });

  test("of a branch that is put away are in it at once", () => {
    const [store, changes] = talk(was, { away: (id) => id === "a" });
    changes.compare(page(was), more, "down");
    changes.settle();
    expect(ids(changes)).toEqual([]);
    expect(store.under("a", 0)).toEqual(["b", "c"]);
  });

  test("behind the first are asked for where all were shown, and counted where they were not", () => {
    const whole = [root("a", ["b", "c", "d"])];
    const [store, changes] = talk(whole);
    changes.compare(page(whole), page([root("a", ["b", "c", "d"], "next", { replies_total: 4 })]), "down");
    expect([...changes.open]).toEqual([["a", "replies"]]);
    expect(store.missing("a")).toEqual({ count: 1, after: "" });
    const part = [root("a", ["b", "c", "d"], "next", { replies_total: 5 })];
    const [other, its] = talk(part);
    its.compare(page(part), page([root("a", ["b", "c", "d"], "next", { replies_total: 6 })]), "down");
    its.settle();
    expect(its.open.size).toBe(0);
    expect(other.missing("a")).toEqual({ count: 3, after: "next" });
  });
});

describe("what is gone", () => {
  test("goes, with what only stood there for it", () => {
    const was = [root("c"), root("b", ["d"]), root("a")];
    const [store, changes] = talk(was);
    expect(changes.compare(page(was), page([root("c"), root("a")]), "down")).toEqual([]);
    expect(store.top()).toEqual(["c", "a"]);
    expect(store.isShown("d")).toBe(false);
  });

  test("is not what newer comments pushed off the page", () => {
    const was = [root("b"), root("a")];
    const [store, changes] = talk(was);
    const missed = changes.compare(page(was, "next"), page([root("c"), root("b")], "next"), "down");
    expect(missed.map(({ id }) => id)).toEqual(["a"]);
    expect(store.top()).toEqual(["b", "a"]);
  });

  test("is asked for where the order does not tell", () => {
    const was = [root("b"), root("a")];
    const [store, changes] = talk(was);
    changes.compare(page(was, "next"), page([root("a")], "next"), null);
    expect([...changes.open]).toEqual([["b", "focus"]]);
    changes.put("b", null);
    expect(store.top()).toEqual(["a"]);
  });

  test("stays as long as the reader's focus is in it", () => {
    let held = true;
    const was = [root("b"), root("a")];
    const [store, changes] = talk(was, { held: (id) => held && id === "b" });
    changes.compare(page(was), page([root("a")]), "down");
    expect(changes.postponed).toBe(true);
    expect(store.top()).toEqual(["b", "a"]);
    held = false;
    changes.compare(page(was), page([root("a")]), "down");
    expect(store.top()).toEqual(["a"]);
  });

  test("is never the reader's own, which no stranger may see", () => {
    const was = [root("a")];
    const [store, changes] = talk(was);
    store.addNew({ ...comment("a"), editable_until: "", reason: null, source: "" } as Own);
    changes.compare(page(was), page([]), "down");
    expect(store.top()).toEqual(["a"]);
  });
});

test("an edit, a number and a withdrawal are mended", () => {
  const was = [root("b", ["c"]), root("a")];
  const [store, changes] = talk(was);
  const now = [root("b", ["c"], null, { recommends: 7 }), root("a", [], null, { status: "withdrawn", tree: null })];
  changes.compare(page(was), page(now), "down");
  expect(store.get("b")?.recommends).toBe(7);
  expect(store.top()).toEqual(["b"]);
});
