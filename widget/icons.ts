/** The drawings of the thread. */

import { draw } from "./drawing";

const PATHS = {
  recommend: "M7 11v9H4v-9zm0 0 4-8c1.7 0 2.6 1.2 2.3 2.9L12.7 9H18c1.3 0 2.2 1.2 1.9 2.4l-1.7 7A2 2 0 0 1 16.3 20H7",
  reply: "M10 6 4 12l6 6m-6-6h9c4 0 7 2.5 7 7",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.5 6.8m2.5 3.2a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.6-1.6",
  flag: "M6 21V4m0 1c4-3 8 3 12 0v8.5c-4 3-8-3-12 0",
  edit: "m5 19 1-4L16.5 4.5l3 3L9 18zm9-12 3 3",
  withdraw: "M5 7h14M10 7V4.5h4V7m3.5 0-.8 12.5H7.3L6.5 7m3.8 4v5m3.4-5v5",
  clock: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
  mute: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6m2 8L19 4",
  staff: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6zm-3 9 2 2 4-4",
  author: "m5 19 1-4L16.5 4.5l3 3L9 18z",
  expert: "m2 10 10-5 10 5-10 5zm4 2v5q6 4 12 0v-5",
  pinned: "M8 4h8m-6 0v6l-3 4h10l-3-4V4m-2 10v6",
  featured: "m12 4 2.5 5 5.5.8-4 3.9 1 5.5-5-2.7-5 2.7 1-5.5-4-3.9 5.5-.8z",
  alert: "M12 8v5m0 3v.5m0-13L2.5 20h19z",
  talk: "M4 5h16v11h-8l-4.5 4v-4H4z",
  box: "M4 5h16v4H4zm1.5 4v10h13V9M10 13h4",
  pause: "M9.5 9v6m5-6v6m6.5-3a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
  offline: "M4 4l16 16M12 18.5v.5m-3.4-3.9a5 5 0 0 1 6.2-.5M5.6 12a9.6 9.6 0 0 1 4.2-2.4m4.4.1a9.6 9.6 0 0 1 4.2 2.3M2.7 8.9a14 14 0 0 1 4-2.6M11 5a14 14 0 0 1 10.3 3.9",
  removed: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6z",
  erased: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-7 8c.5-4 3.3-6 7-6s6.5 2 7 6",
  lock: "M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
} as const;

export type Icon = keyof typeof PATHS;

// A page has hundreds: a copy is made in half the time.
const drawn = new Map<Icon, SVGSVGElement>();

export function icon(name: Icon): Node {
  const kept = drawn.get(name) ?? draw(PATHS[name]);
  drawn.set(name, kept);
  return kept.cloneNode(true);
}
