// The newspaper tells the comments who its reader is: its own server signs that, for whoever is signed in on it.
const { reader } = document.currentScript.dataset;
const getToken = async () => (reader ? (await fetch("/comments-token")).text() : "");
(window.Comments ||= { q: [], configure(told) { this.q.push(told); } }).configure({ getToken });

// Whoever leaves the newspaper, or comes back as somebody else, leaves the comments too.
async function follow() {
  const before = localStorage.getItem("lantern") ?? reader;
  const thread = document.querySelector("comments-thread");
  if (before !== reader && !thread) return;
  localStorage.setItem("lantern", reader);
  if (before === reader) return;
  await customElements.whenDefined("comments-thread");
  await thread.logout();
  if (reader) await thread.setToken(await getToken());
}
follow();
