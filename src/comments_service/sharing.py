"""Count a share click, and know the networks.

The widget makes the same links from the same `networks.json`.
"""

import json
from pathlib import Path
from urllib.parse import quote

import regex
from sqlalchemy import update
from sqlalchemy.orm import Session

from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.tables import Article, ShareCount

_TABLE = json.loads(Path(__file__).with_name("networks.json").read_text(encoding="utf-8"))
_NETWORKS = {network["name"]: network for network in _TABLE}
NETWORKS = ("native", "copy", *_NETWORKS)
# What encodeURIComponent leaves as it is (ECMA-262 §19.2.6.4).
_UNRESERVED = "!'()*-._~"


def href(network: str, *, title: str, url: str, server: str = "") -> str:
    """The link that offers an article to a network's readers; `server` is for networks of many servers."""
    about = _NETWORKS[network]
    if "graphemes" in about:
        title = _cut(title, about["graphemes"] - len(_graphemes(f" {url}")))
    values = {"title": title, "url": url, "server": server}
    return str(about["href"]).format_map({name: quote(value, safe=_UNRESERVED) for name, value in values.items()})


def plain_links(*, title: str, url: str) -> list[tuple[str, str]]:
    """Label and link of each network that can be reached without a script; one of many servers has to be asked for."""
    return [
        (network["label"], href(network["name"], title=title, url=url))
        for network in _TABLE
        if "{server}" not in network["href"]
    ]


def record(session: Session, article: Article, *, network: str) -> None:
    """Add one share click. Raises Invalid for a network that is not in the table."""
    if network not in NETWORKS:
        raise Invalid("This network is not known.", field="network")
    take_turn(session)
    session.execute(
        insert_into(session, ShareCount)
        .values(site_id=article.site_id, article_id=article.id, network=network, clicks=1)
        .on_conflict_do_update(
            index_elements=["site_id", "article_id", "network"], set_={"clicks": ShareCount.clicks + 1}
        )
    )
    session.execute(
        update(Article)
        .where(Article.site_id == article.site_id, Article.id == article.id)
        .values(shares=Article.shares + 1)
    )


def _cut(text: str, room: int) -> str:
    parts = _graphemes(text)
    if len(parts) <= room:
        return text
    return "".join(parts[: room - 1]) + "…" if room > 1 else ""


def _graphemes(text: str) -> list[str]:
    """What a reader takes for one character (Unicode UAX #29)."""
    return regex.findall(r"\X", text)
