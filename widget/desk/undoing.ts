// What this tab has decided, last on top, so that it can be taken back one by one, also after a reload.

export interface Done {
  address: string;
  /** The id of its card, if the card is on the page. */
  id: string;
  status: string;
  /** Whether it has answered reports. */
  reported: boolean;
  /** The version that the decision made; null when it was somebody else's. */
  version: Promise<number | null>;
}

interface Kept extends Omit<Done, "version"> {
  version: number;
}

const PLACE = "desk-undo";
const DEEPEST = 100;

export class UndoStack {
  private done: Done[] = recalled();

  last(): Done | undefined {
    return this.done.at(-1);
  }

  of(id: string): Done | undefined {
    return this.done.findLast((done) => done.id === id);
  }

  add(done: Done): void {
    this.done = [...this.done, done].slice(-DEEPEST);
    void this.keep();
  }

  /** A decision about this comment was taken back: the one before it is taken back on top of that. */
  seen(id: string, version: number): void {
    for (const done of this.done) if (done.id === id) done.version = Promise.resolve(version);
    void this.keep();
  }

  forget(done: Done): void {
    this.done = this.done.filter((other) => other !== done);
    void this.keep();
  }

  /** Remember the stack for this tab, as far as the server has answered. */
  async keep(): Promise<void> {
    const kept: Kept[] = [];
    for (const done of this.done) {
      const version = await done.version;
      if (version !== null) kept.push({ ...done, version });
    }
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(kept));
    } catch {
      // A browser that stores nothing forgets at the next page.
    }
  }
}

function recalled(): Done[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as Kept[];
    return kept.map((done) => ({ ...done, version: Promise.resolve(done.version) }));
  } catch {
    return [];
  }
}
