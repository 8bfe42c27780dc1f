import { describe, expect, test } from "bun:test";
import { type Mark, marked, quoted, shortened } from "../marking";

/** Mark a text whose selection stands in ⟦ ⟧, and show the new selection in the same way. */
function press(mark: Mark, text: string): string {
  const [before = "", chosen = "", after = ""] = text.split(/[⟦⟧]/);
  const start = before.length;
  const { from, to, words, select } = marked(before + chosen + after, start, start + chosen.length, mark);
  const value = before + chosen + after;
  const now = value.slice(0, from) + words + value.slice(to);
  return `${now.slice(0, select[0])}⟦${now.slice(...select)}⟧${now.slice(select[1])}`;
}

describe("bold and italic", () => {
  test("stand around what is selected, without the blanks at its ends", () => {
    expect(press("bold", "The ⟦number 7⟧ ran.")).toBe("The **⟦number 7⟧** ran.");
    expect(press("italic", "The⟦ number 7 ⟧ran.")).toBe("The *⟦number 7⟧* ran.");
  });

  test("go when they are there, and leave the other alone", () => {
    expect(press("bold", "The **⟦number⟧** ran.")).toBe("The ⟦number⟧ ran.");
    expect(press("italic", "The *⟦number⟧* ran.")).toBe("The ⟦number⟧ ran.");
    expect(press("italic", "The **⟦number⟧** ran.")).toBe("The ***⟦number⟧*** ran.");
    expect(press("italic", "The ***⟦number⟧*** ran.")).toBe("The **⟦number⟧** ran.");
    expect(press("bold", "The ***⟦number⟧*** ran.")).toBe("The *⟦number⟧* ran.");
  });

  test("wait around the cursor for what is typed next", () => {
    expect(press("bold", "The ⟦⟧")).toBe("The **⟦⟧**");
    expect(press("bold", "⟦   ⟧")).toBe("   **⟦⟧**");
  });
});

describe("a link", () => {
  test("asks for its address, or for its words when the address is there", () => {
    expect(press("link", "See ⟦the plan⟧.")).toBe("See [the plan](⟦https://⟧).");
    expect(press("link", "See ⟦https://a.example/x⟧.")).toBe("See [⟦⟧](https://a.example/x).");
    expect(press("link", "⟦⟧")).toBe("[⟦⟧](https://)");
  });
});

describe("quotes and lists", () => {
  test("take whole lines, and give them back", () => {
    expect(press("quote", "One\nt⟦wo\nth⟧ree\nfour")).toBe("One\n⟦> two\n> three⟧\nfour");
    expect(press("quote", "One\n⟦> two\n> three⟧\nfour")).toBe("One\n⟦two\nthree⟧\nfour");
    expect(press("list", "⟦One\n\ntwo⟧")).toBe("⟦- One\n\n- two⟧");
    expect(press("list", "⟦One\n⟧two")).toBe("⟦- One⟧\ntwo");
  });

  test("begin in an empty line, with the cursor behind the sign", () => {
    expect(press("list", "One\n⟦⟧")).toBe("One\n- ⟦⟧");
    expect(press("list", "⟦⟧")).toBe("- ⟦⟧");
    expect(press("quote", "Some⟦⟧ words")).toBe("> Some words⟦⟧");
  });
});

test("what is quoted ends in an empty line", () => {
  expect(quoted(" One \r\n\n\n\n two\n")).toBe("> One\n>\n> two\n\n");
  expect(quoted(" \n ")).toBe("");
});

test("a long comment is quoted as far as its last whole word", () => {
  expect(shortened("One two three", 9)).toBe("One two …");
  expect(shortened("🦊🦊🦊", 3)).toBe("🦊🦊🦊");
  expect(shortened("🦊🦊🦊🦊", 3)).toBe("🦊🦊🦊 …");
});
