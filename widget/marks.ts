// Line drawings of 24 by 24 for the share row; the networks' are our own hand, after their signs.

import { draw } from "./drawing";

const MARKS: Record<string, string> = {
  native: "M12 15V3.5m0 0L8 7.5m4-4 4 4M8 11H5.5v9.5h13V11H16",
  copy: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.5 6.8m2.5 3.2a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.6-1.6",
  done: "m5 13 4.5 4.5L19 7.5",
  more: "m7 10 5 5 5-5",
  email: "M3 5.5h18v13H3zm0 1.5 9 6.5L21 7",
  whatsapp:
    "m3.5 20.5 1.3-4.4a8.7 8.7 0 1 1 3.3 3.2zM9 8.3c-1 .8-.9 2.3.8 4.3 1.7 2.1 3.6 3.1 5 2.4.8-.4 1-1.3.6-1.6l-1.5-.9-1 .9c-1-.5-1.8-1.4-2.2-2.4l.8-.9-.8-1.7c-.3-.5-1.2-.6-1.7-.1",
  x: "M4 4h4.2L20 20h-4.2zm15.3 0-6.7 7.3M11 13.2 4.7 20",
  facebook: "M17.5 3.5H15a3.8 3.8 0 0 0-3.8 3.8v13.2M7.5 11.5h8.7",
};

/** The drawing of this name, or null for one that comes with the menu. */
export function mark(name: string): SVGSVGElement | null {
  const lines = MARKS[name];
  return lines ? draw(lines) : null;
}
