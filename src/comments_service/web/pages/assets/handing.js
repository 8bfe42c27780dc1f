// Gives the code to the page of the paper that opened this window, and to no other origin; without one, goes there.
const { origin, code, onward } = document.getElementById("handing").dataset;
if (opener) {
  opener.postMessage({ type: "comments:code", code }, origin);
  close();
} else {
  location.replace(onward);
}
