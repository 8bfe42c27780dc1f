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
  alert: "M12 8v5m0 3v.5m0-13L2.5 20h19z",
  talk: "M4 5h16v11h-8l-4.5 4v-4H4z",
  lock: "M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
} as const;

export type Icon = keyof typeof PATHS;

export const icon = (name: Icon): SVGSVGElement => draw(PATHS[name]);
