/** The words of elements as they stand on the page, line by line. */

const BLOCKS = new Set(["P", "LI", "BLOCKQUOTE", "PRE", "UL", "OL"]);

export function linesOf(...nodes: Node[]): string {
  const found: string[] = [];
  const walk = (one: Node): void => {
    if (one instanceof Text) return void found.push(one.data);
    const block = one instanceof Element && BLOCKS.has(one.tagName);
    if (one instanceof Element && one.tagName === "BR") found.push("\n");
    if (block) found.push("\n\n");
    one.childNodes.forEach(walk);
    if (block) found.push("\n\n");
  };
  nodes.forEach(walk);
  return found.join("").replace(/\n{3,}/g, "\n\n").trim();
}
