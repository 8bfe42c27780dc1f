"""A page that the browser renders before anybody sees it, by the rules of another page."""

import json
import secrets
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.browser.conftest import FLAGS, Daily, chromium
from tests.browser.conversation import Past
from tests.browser.places import HostPages
from tests.test_serving import wait_for

RULES = """<script type="speculationrules">{"prerender": [{"urls": ["%s"], "eagerness": "immediate"}]}</script>
<a href="%s">Go</a><script>
  const look = async () => ((await fetch("/go")).ok ? document.querySelector("a").click() : setTimeout(look, 100));
  look();
</script>"""
REPORTER = """<script>
  const asked = () => performance.getEntriesByType("resource").map(({ name, initiatorType }) => [name, initiatorType]);
  const tell = (what, more) => fetch("/told?" + encodeURIComponent(JSON.stringify({ what, asked: asked(), ...more })));
  const hidden = document.prerendering;
  document.addEventListener("comments:loaded", ({ detail }) => {
    tell("loaded", { hidden: document.prerendering, total: detail.total });
  });
  document.addEventListener("prerenderingchange", () => {
    tell("seen", { hidden });
    setTimeout(() => tell("later", { count: document.querySelector("comments-thread").count }), 500);
  });
</script>"""


def test_a_prerendered_page_reads_once_and_waits_to_be_seen(daily: Daily, tmp_path: Path) -> None:
    Past(daily).say("The first of all")
    host = daily.world.host
    ahead = daily.embed(
        f'<comments-thread thread="{daily.thread}" loading="eager"></comments-thread>', head=REPORTER, headers={}
    )
    path = ahead.removeprefix(host.origin)
    first = host.put(f"/{secrets.token_hex(4)}", f"<!doctype html><title>First</title>{RULES % (path, path)}", {})
    # A debugger, such as Playwright is, keeps the browser from prerendering anything.
    process = subprocess.Popen(
        [chromium(), "--headless=new", *FLAGS, f"--user-data-dir={tmp_path}", "--remote-debugging-port=0", first],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(lambda: "loaded" in told(host))
        host.put("/go", "Go", {})
        wait_for(lambda: "later" in told(host))
    finally:
        process.terminate()
        process.wait(20)
    heard = told(host)
    assert (heard["loaded"]["hidden"], heard["loaded"]["total"], heard["seen"]["hidden"]) == (True, 1, True)
    assert heard["later"]["count"] == 1
    api = [address for address, _ in heard["later"]["asked"] if "/api/" in address]
    assert [address.split("?")[0].rpartition("/")[2] for address in api] == ["thread"]


def told(host: HostPages) -> dict[str, Any]:
    """What the page has said, by what it said it of."""
    said = [json.loads(unquote(path.removeprefix("/told?"))) for path in host.asked if path.startswith("/told?")]
    return {one["what"]: one for one in said}
