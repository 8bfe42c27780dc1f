/** Times in the reader's language, by Intl alone. */

import { bare } from "./bare";

// Plain numbers: a product stays in every chunk that has anything from here.
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Seven days: older than this, a date says more than "9 days ago". */
const RELATIVE_FOR = 604_800_000;

export interface Times {
  /** "12 minutes ago", or the date when that is more than a week. */
  short(at: number, now: number): string;
  /** Date and time in full. */
  full(at: number): string;
}

export function times(lang: string): Times {
  const relative = new Intl.RelativeTimeFormat(lang, bare({ numeric: "auto" }));
  const date = new Intl.DateTimeFormat(lang, bare({ dateStyle: "long" }));
  const full = new Intl.DateTimeFormat(lang, bare({ dateStyle: "full", timeStyle: "short" }));
  return {
    short(at, now) {
      // A clock that is behind the service must not read "in 2 minutes".
      const age = Math.max(0, now - at);
      if (age >= RELATIVE_FOR) return date.format(at);
      const ago = (length: number, unit: "minute" | "hour" | "day"): string =>
        relative.format(-Math.floor(age / length), unit);
      if (age < MINUTE) return relative.format(0, "second");
      return age < HOUR ? ago(MINUTE, "minute") : age < DAY ? ago(HOUR, "hour") : ago(DAY, "day");
    },
    full: (at) => full.format(at),
  };
}

/** The service's clock: what it says now, as far as one of its answers told. */
export class Clock {
  #ahead = 0;

  /** `said` is the service's own time (ISO 8601) in an answer of this moment. */
  set(said: string): void {
    const ahead = Date.parse(said) - Date.now();
    if (Number.isFinite(ahead)) this.#ahead = ahead;
  }

  now(): number {
    return Date.now() + this.#ahead;
  }
}
