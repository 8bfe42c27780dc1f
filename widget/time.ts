/** Times in the reader's language, by Intl alone. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Older than this, a date says more than "9 days ago". */
const RELATIVE_FOR = 7 * DAY;

/** The language when Intl knows its form, else English. */
export function language(asked: string): string {
  try {
    return Intl.getCanonicalLocales(asked)[0] ?? "en";
  } catch {
    return "en";
  }
}

export interface Times {
  /** "12 minutes ago", or the date when that is more than a week. */
  short(at: number, now: number): string;
  /** Date and time in full. */
  full(at: number): string;
}

export function times(lang: string): Times {
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const date = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", year: "numeric" });
  const full = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" });
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
