/** Line drawings of 24 by 24, made element by element: an `<img>` or an SVG text would need the host's permission. */

const SVG = "http://www.w3.org/2000/svg";

export function draw(lines: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines);
  svg.append(path);
  return svg;
}
