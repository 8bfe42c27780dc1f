import { describe, expect, test } from "bun:test";
import { called, matching, namesIn } from "../naming";
import type { Comment } from "../shapes";

const by = (id: string, name: string, more: object = {}): Comment => ({ id, name, ...more }) as Comment;

describe("an @", () => {
  test("calls a name where a word could begin", () => {
    expect(called("I agree with @", 14)).toEqual({ from: 13, query: "" });
    expect(called("@ada lov", 8)).toEqual({ from: 0, query: "ada lov" });
    expect(called("(@Ada), yes", 5)).toEqual({ from: 1, query: "Ada" });
  });

  test("is left alone in an address, in another line, and far behind", () => {
    expect(called("ada@paper.example", 17)).toBeNull();
    expect(called("@ada\nI think", 12)).toBeNull();
    expect(called(`@${"a".repeat(41)}`, 42)).toBeNull();
    expect(called("", 0)).toBeNull();
  });
});

test("those who take part are offered once: who is answered first, then who wrote last, and never oneself", () => {
  const comments = [
    by("a", "Bob"), by("b", "Ada", { editable_until: "2026-11-24T12:00:00Z" }), by("c", "Cleo"), by("d", "Bob"), by("e", ""),
  ];
  expect(namesIn(comments, null)).toEqual(["Bob", "Cleo"]);
  expect(namesIn(comments, "c")).toEqual(["Cleo", "Bob"]);
  expect(namesIn(comments, "b")).toEqual(["Bob", "Cleo"]);
});

test("a name is found by the beginning of each of its words, whatever the accents and capitals", () => {
  const names = ["Émile Ada", "Ada Lovelace", "Nadia", "سارة"];
  expect(matching(names, "ada")).toEqual(["Ada Lovelace", "Émile Ada"]);
  expect(matching(names, "EMILE A")).toEqual(["Émile Ada"]);
  expect(matching(names, "سا")).toEqual(["سارة"]);
  expect(matching(names, "x")).toEqual([]);
  expect(matching(Array.from({ length: 20 }, (_, at) => `A${at}`), "")).toHaveLength(8);
});

test("a name is what it is, and no pattern", () => {
  expect(matching([".*", "$&"], ".")).toEqual([".*"]);
});
