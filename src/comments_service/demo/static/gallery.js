// The gallery's own reader: what is held or rejected can be seen by its author alone, so this page makes the browser the
// one whose secret the demo's code tells everybody. It is where the widget itself keeps a secret of its own making.
{
  const { secret, site, offline } = document.currentScript.dataset;
  try {
    if (secret) localStorage.setItem(`comments.secret.${site}`, secret);
  } catch {
    // Without storage, the two comments cannot be seen; all the rest can.
  }
  // Whom a reader has muted, the reader's browser alone knows: the page presses the button that a reader would press.
  addEventListener("comments:loaded", ({ target }) => {
    if (target.getAttribute("thread") !== "muted" || target.shadowRoot.querySelector('[data-act="unmute"]')) return;
    target.shadowRoot.querySelector('[data-act="mute"]')?.click();
  });
  // Which part of a conversation a reader wants to see, the browser keeps too: the page chooses as a reader would.
  addEventListener("comments:loaded", ({ target }) => {
    const { only } = target.dataset;
    const choice = only && target.shadowRoot.querySelector(`select:has([value="${only}"])`);
    if (!choice || choice.value === only) return;
    choice.value = only;
    choice.dispatchEvent(new Event("change"));
  });
  // Only a browser knows that it is offline; this one page makes it believe so. The proxy hangs up on it besides.
  if (offline !== undefined) Object.defineProperty(navigator, "onLine", { get: () => false });
}
