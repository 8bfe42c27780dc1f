// The desk works without this script; it makes the same forms quicker.

document.documentElement.classList.add("scripted");
