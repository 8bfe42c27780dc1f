"""A page embeds the widget: its files come quickly, are kept as long as they may be, and outlive an upgrade."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from comments_service.app import create_app
from comments_service.database import db
from comments_service.settings import Settings
from comments_service.web import embed
from tests import parts

CHUNKS = {path.name.split(".")[0]: path.name for path in embed.STATIC.glob("*.*.js")}
# One of them is loaded, by a page that is not English, and on use what more of its words there is.
LANGUAGES = {
    name
    for path in (embed.STATIC.parent / "languages").glob("??.json")
    for name in (path.stem, f"{path.stem}more")
}
ON_USE = set(CHUNKS) - parts.READ - LANGUAGES
SIGN_IN = {"signing", "signin"}
PROVIDER = "provider"
OWN = {"account", "me", "bell", "notices"}
# Who somebody is and what they are told: what only readers load whom the service knows, or who are about to be.
IDENTITY = SIGN_IN | OWN | {PROVIDER}


@pytest.fixture
def client(template: Path) -> Iterator[FlaskClient]:
    settings = Settings(secret_key="x" * 32, database_url=f"sqlite:///{template}", public_url="http://localhost:8000")
    app = create_app(settings)
    with app.app_context():
        yield app.test_client()
        db.engine.dispose()


def test_the_loader_is_kept_for_minutes(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"


@pytest.mark.parametrize("name", ["thread", "share", "auto"])
def test_the_loader_knows_each_chunk_and_the_chunk_is_kept_for_ever(client: FlaskClient, name: str) -> None:
    assert CHUNKS[name].removesuffix(".js") in client.get("/embed.js").text
    answer = client.get(f"/a/{CHUNKS[name]}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/embed.js", f"/a/{CHUNKS['thread']}", "/a/thread.0123456789.js"])
def test_any_origin_may_load_it_and_nothing_else_is_let_in(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://paper.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Timing-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("name", CHUNKS)
def test_a_page_of_the_release_before_gets_the_chunk_of_today_for_a_short_time(client: FlaskClient, name: str) -> None:
    old, today = client.get(f"/a/{name}.0123456789.js"), client.get(f"/a/{CHUNKS[name]}")
    assert (old.status_code, old.data) == (200, today.data)
    assert old.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    for path in ("/embed.js", f"/a/{CHUNKS['thread']}"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_it_is_sent_compressed_to_whoever_takes_that(client: FlaskClient) -> None:
    plain = client.get("/embed.js", headers={"Accept-Encoding": "identity"})
    small = client.get("/embed.js", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    smallest = client.get("/embed.js", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert smallest.headers["Content-Encoding"] == "br"
    assert len({answer.headers["ETag"] for answer in (plain, small, smallest)}) == 3


def test_head_tells_the_same_without_the_body(client: FlaskClient) -> None:
    head, got = client.head("/embed.js"), client.get("/embed.js")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Length", "Content-Type"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    "name",
    [
        "embed.js", "desk.js", "thread.js", "other.0123456789.js", f"{CHUNKS['thread']}.gz", "thread.0123456789.css",
        "../embed.js", "..%2fembed.js", "%2e%2e/app.py", "..%5capp.py", "thread.0123456789.js%00", "",
        "thread.ABCDEF0123.js",
    ],
)  # fmt: skip
def test_nothing_else_is_served_there(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/a/{name}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_installation_without_the_bundle_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embed, "STATIC", tmp_path)
    embed.asset.cache_clear()
    answer = client.get("/embed.js")
    assert answer.status_code == 503
    assert answer.get_json()["detail"] == "The widget has not been built: install this service with pip."
    assert answer.headers["Cache-Control"] == "no-store"


def compressed(*names: str) -> int:
    """Bytes of these files of the widget, as they are sent with gzip."""
    return sum(len((embed.STATIC / f"{CHUNKS.get(name, f'{name}.js')}.gz").read_bytes()) for name in names)


@pytest.mark.parametrize("name", ["embed", "share"])
def test_the_loader_with_its_counts_and_the_share_row_stay_under_three_kilobytes_each(name: str) -> None:
    assert compressed(name) <= 3_000


def test_a_page_loads_little_before_its_reader_acts() -> None:
    """`tests/browser/test_loading.py` holds that these are what it loads, and nothing else."""
    assert compressed(*parts.READ) <= 24_000


@pytest.mark.parametrize("name", sorted(ON_USE | LANGUAGES))
def test_what_is_loaded_on_use_is_small(name: str) -> None:
    assert compressed(name) <= 4_000


def test_all_that_can_be_loaded_on_use_is_small() -> None:
    """Whoever does everything that can be done loads this."""
    assert len(ON_USE) > 10
    assert compressed(*ON_USE - IDENTITY) <= 45_000


def test_signing_in_adds_little_to_that() -> None:
    """What only readers with an account load has a budget of its own."""
    assert ON_USE >= SIGN_IN
    assert compressed(*SIGN_IN) <= 3_000


def test_signing_in_elsewhere_is_loaded_where_a_site_offers_it_alone() -> None:
    """Most sites offer none of it: what it needs is in no part that they load."""
    assert PROVIDER in ON_USE
    assert compressed(PROVIDER) <= 1_900


def test_who_is_known_loads_little_more_without_acting_and_not_much_more_by_all_that_is_their_own() -> None:
    """The bell comes with what is a reader's own; the rest of these parts by their buttons."""
    assert ON_USE >= OWN
    assert compressed("bell") <= 2_800
    assert compressed(*OWN) <= 12_000
