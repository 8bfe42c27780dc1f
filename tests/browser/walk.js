// Every element and attribute of a document and of its shadow roots is one that we make, or is named here.
(document, { elements, attributes, hosts }) => {
  const wrong = [];
  const words = /^[\w -]*$/;
  const urls = new Set(["href", "src", "action", "formaction", "cite", "data", "poster", "background", "xlink:href"]);
  const rules = {
    class: (value) => words.test(value),
    id: (value) => words.test(value),
    style: (value) => /^(-?-?[a-z-]+: ?[-\w.% (),]+; ?)*$/.test(value),
    "http-equiv": (value, of) => value === "refresh" && hosts.some((host) => of.content.startsWith(`0; url=${host}/`)),
    target: (value) => value === "_blank",
  };
  const allowed = (url) =>
    URL.canParse(url, document.baseURI)
    && ["http:", "https:", "mailto:"].includes(new URL(url, document.baseURI).protocol);
  const attribute = (of, name, value) => {
    if (!attributes.includes(name) || name.startsWith("on")) return false;
    const sign = of.localName === "link" && of.rel === "icon" && value.startsWith("data:image/svg+xml,");
    if (urls.has(name) && !sign && !allowed(value)) return false;
    return rules[name] ? rules[name](value, of) : true;
  };
  const link = (of) => {
    const written = of.closest(".body, .comments-body, .said, [data-written]");
    const rel = (of.getAttribute("rel") ?? "").split(" ");
    return !written || of.localName !== "a" || ["nofollow", "ugc", "noopener"].every((one) => rel.includes(one));
  };
  const special = {
    script: (of) => !of.textContent && hosts.some((host) => of.src.startsWith(`${host}/`)),
    base: (of) => !of.hasAttribute("href"),
  };
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      const told = one.cloneNode(false).outerHTML.slice(0, 200);
      if (!elements.includes(one.localName)) wrong.push(`element: ${told}`);
      for (const { name, value } of one.attributes)
        if (!attribute(one, name, value)) wrong.push(`attribute ${name}: ${told}`);
      if (!link(one)) wrong.push(`rel: ${told}`);
      if (special[one.localName]?.(one) === false) wrong.push(`${one.localName}: ${told}`);
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(document);
  if (localStorage.getItem("pwned")) wrong.push("something was stored");
  for (const node of document.body?.childNodes ?? [])
    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) wrong.push(`words outside of everything: ${node.data}`);
  return wrong;
}
