// Runs in every frame before anything else: whatever a text could do that a page of ours never does is said aloud.
// `eval` is left as it is: what it runs is heard, and the tests themselves look into the page by it.
(() => {
  const say = console.error.bind(console);
  const act = (what) => say(`acted: ${what}`);
  const put = (on, name, value) => Object.defineProperty(on, name, { value, configurable: true, writable: true });
  const own = (url) => OWN.includes(new URL(url, document.baseURI).origin);

  for (const name of ["alert", "confirm", "prompt", "print", "open"]) put(window, name, () => act(name));
  put(Function.prototype, "constructor", (...text) => (act("Function"), () => text));
  put(window, "Function", Function.prototype.constructor);
  for (const name of ["setTimeout", "setInterval"]) {
    const native = window[name];
    put(window, name, (todo, ...more) => (typeof todo === "function" ? native(todo, ...more) : act(name)));
  }
  for (const name of ["WebSocket", "EventSource", "Worker", "SharedWorker", "RTCPeerConnection"])
    put(window, name, class { constructor() { act(name); } });
  const fetch = window.fetch.bind(window);
  put(window, "fetch", (url, ...more) => (own(url) || act("fetch"), fetch(url, ...more)));
  const beacon = navigator.sendBeacon.bind(navigator);
  put(navigator, "sendBeacon", (url, ...more) => (own(url) || act("sendBeacon"), beacon(url, ...more)));
  const { open } = XMLHttpRequest.prototype;
  put(XMLHttpRequest.prototype, "open", function (method, url, ...more) {
    if (!own(url)) act("XMLHttpRequest");
    return open.call(this, method, url, ...more);
  });
  for (const name of ["write", "writeln"]) put(document, name, () => act(`document.${name}`));
  for (const [on, name] of [[Document.prototype, "cookie"], [Document.prototype, "title"]]) {
    const { get } = Object.getOwnPropertyDescriptor(on, name);
    Object.defineProperty(on, name, { get, set: () => act(`document.${name}`), configurable: true });
  }
  Object.defineProperty(window, "pwned", { set: () => act("pwned"), get: () => undefined });
  addEventListener("hashchange", () => act("hash"));
  addEventListener("message", () => act("message"));
})();
