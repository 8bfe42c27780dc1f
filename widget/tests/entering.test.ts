import { expect, test } from "bun:test";
import { failing } from "../api";
import type { Context } from "../context";
import type { Frame } from "../frame";
import { enter } from "../entering";

const asked: string[] = [];
const said: string[] = [];
const of = {
  say: (key: string) => key,
  ended: new AbortController().signal,
  session: { begin: () => undefined, rename: () => undefined },
  live: { alert: () => undefined },
  api: {
    ask: async (_method: string, _path: string, { body }: { body: { token: string } }) => {
      asked.push(body.token);
      if (body.token.startsWith("bad")) throw failing("refused", 401, "No.");
      return { token: "secret" };
    },
  },
} as unknown as Context;
const frame = { notice: (words: string) => said.push(words) } as unknown as Frame;
const hand = (token: string): Promise<void> => enter(of, token, frame, async () => undefined);
const settled = (): Promise<unknown> => new Promise((done) => setTimeout(done, 20));

test("of tokens that a page hands over in a loop the last is tried, once, and after one that does not count no other at once", async () => {
  for (let round = 0; round < 50; round += 1) for (const one of ["a", "b", "c", "", "c"]) void hand(one);
  await settled();
  expect(asked).toEqual(["c"]);
  for (let round = 0; round < 50; round += 1) void hand("bad");
  await settled();
  for (let round = 0; round < 50; round += 1) for (const one of ["bad 2", "d"]) void hand(one);
  await settled();
  expect(asked).toEqual(["c", "bad"]);
  expect(said).toEqual(["No."]);
  await hand("d");
  expect(asked).toEqual(["c", "bad", "d"]);
});
