// What the desk's pages ask of the server.

import { say } from "./words";

export interface Decided {
  status: string;
  version: number;
  /** Whether this very request decided it; `said` tells who else did. */
  new: boolean;
  said: string;
}

/** Something did not work; the message is a sentence for the person, `status` 0 when no answer came. */
export class Refusal extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** Send a form of the desk. Throws Refusal. */
export async function send(path: string, fields: Record<string, string>): Promise<Decided> {
  let answer: Response;
  const body = new URLSearchParams(fields);
  try {
    // Kept alive, so that a decision arrives though the page is left in the same moment.
    answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
  } catch {
    throw new Refusal(say("silence"), 0);
  }
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok && isDecided(said)) return said;
  throw new Refusal(detailOf(said) ?? say("silence"), answer.status);
}

/** A page of the desk as a document: parsed by the request itself, so no string ever becomes HTML here. */
export function page(path: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", path);
    request.responseType = "document";
    request.onload = () => {
      const found = request.responseXML;
      if (request.status === 200 && found) resolve(found);
      else reject(new Refusal(request.status === 401 ? say("signedOut") : say("silence"), request.status));
    };
    request.onerror = () => reject(new Refusal(say("silence"), 0));
    request.send();
  });
}

function isDecided(said: unknown): said is Decided {
  return typeof said === "object" && said !== null && "version" in said && "status" in said;
}

function detailOf(said: unknown): string | null {
  const detail = typeof said === "object" && said !== null && "detail" in said ? said.detail : null;
  return typeof detail === "string" ? detail : null;
}
