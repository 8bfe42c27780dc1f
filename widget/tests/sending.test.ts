import { expect, test } from "bun:test";
import { failing, type Failure } from "../api";
import { type Draft, type Requests, Sender } from "../sending";
import type { Own } from "../shapes";

const DRAFT: Draft = { name: "Ada", body: "Well said.", parent: null, website: "" };

/** A service that gives each of these answers in turn; what it was asked is kept. */
function service(...answers: (Failure | "stored")[]) {
  const asked: { token: string; attempt: string; body: string }[] = [];
  let tokens = 0;
  const api: Requests = {
    formToken: async () => ({ token: `token ${(tokens += 1)}`, usable_in: 0 }),
    post: async (draft: Draft, token: string, attempt: string) => {
      asked.push({ token, attempt, body: draft.body });
      const answer = answers[asked.length - 1] ?? "stored";
      if (answer !== "stored") throw answer;
      return { comment: { id: "c1" } as Own };
    },
  };
  return { api, asked };
}

test("the same text keeps its key when it is sent again, so that it is stored once", async () => {
  const { api, asked } = service(failing("server", 503), "stored");
  const sender = new Sender(api);
  await expect(sender.post(DRAFT)).rejects.toMatchObject({ status: 503 });
  expect((await sender.post(DRAFT)).id).toBe("c1");
  expect(asked[0]?.attempt).toMatch(/^[\w-]{22}$/);
  expect(asked[1]?.attempt).toBe(asked[0]?.attempt ?? "");
});

test("another text gets another key, and so does the same text once it was stored", async () => {
  const { api, asked } = service(failing("timeout"), "stored", "stored");
  const sender = new Sender(api);
  await expect(sender.post(DRAFT)).rejects.toMatchObject({ kind: "timeout" });
  await sender.post({ ...DRAFT, body: "Well said indeed." });
  await sender.post({ ...DRAFT, body: "Well said indeed." });
  expect(new Set(asked.map((one) => one.attempt)).size).toBe(3);
});

test("a form token that is refused is replaced, under the same key", async () => {
  const { api, asked } = service(failing("refused", 422, "Too young.", "form_token"), "stored");
  await new Sender(api).post(DRAFT);
  expect(asked.map((one) => one.token)).toEqual(["token 1", "token 2"]);
  expect(asked[1]?.attempt).toBe(asked[0]?.attempt ?? "");
});

test("a form token that is refused again and again is told", async () => {
  const refused = failing("refused", 422, "Spent.", "form_token");
  const { api, asked } = service(refused, refused, refused, refused);
  await expect(new Sender(api).post(DRAFT)).rejects.toMatchObject({ field: "form_token" });
  expect(asked.length).toBe(3);
});

test("an answer that is none of the service's does not let go of the text", async () => {
  const { api, asked } = service("stored");
  const answers = [{}, { comment: null }, { comment: {} }, null];
  for (const answer of answers) {
    const garbled = { ...api, post: (async () => answer) as unknown as Requests["post"] };
    await expect(new Sender(garbled).post(DRAFT)).rejects.toMatchObject({ kind: "server" });
  }
  expect(asked).toEqual([]);
});
