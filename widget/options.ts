// What an element is told, and by whom: an attribute of its own, else data-* on the script tag.

export type Sort = "newest" | "oldest" | "recommended";

export interface Options {
  /** The address of the service, without a slash at the end. */
  service: string;
  site: string;
  /** What names the article. */
  key: string;
  /** The article's address in its normal form. */
  url: string;
  articleToken: string | null;
  sort: Sort;
  /** The level of the thread's own heading, 1 to 6. */
  heading: number;
  lang: string;
  theme: string;
}

/** What a chunk gives back for an element that it has filled. */
export interface Mounted {
  update(options: Options): void;
  unmount(): void;
  reload(): Promise<void>;
  focusComment(id: string): Promise<void>;
}
