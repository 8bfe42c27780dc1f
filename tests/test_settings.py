"""An owner sets the service up: what is safe starts, and what is not names the setting to change."""

import re
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from comments_service.settings import BadSettings, Settings, read_settings

SECRET = "0123456789abcdef" * 4
DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def read(**environ: str) -> Settings:
    return read_settings({"SECRET_KEY": SECRET} | environ)


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as bad:
        read_settings(environ)
    return bad.value.problems


def test_a_secret_is_all_that_a_first_start_needs() -> None:
    found = read()
    assert (found.public_url, found.desk, found.secure) == ("http://localhost:8000", "http://localhost:8000", False)
    assert found.database_url == f"sqlite:///{Path.cwd()}/data/comments.sqlite"
    assert found.hosts == ("127.0.0.1", "::1", "localhost")
    assert (found.redis_url, found.trusted_proxies, found.log_level) == (None, (), "info")


def test_a_paper_behind_a_proxy() -> None:
    found = read(
        PUBLIC_URL="https://Comments.Paper.example/", DESK_URL="https://desk.paper.example", LOG_LEVEL="WARNING",
        DATABASE_URL="postgres://c:pw@db/comments", TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8 ::1",
        REDIS_URL="redis://r/0",
    )  # fmt: skip
    assert (found.public_url, found.desk, found.secure) == (
        "https://comments.paper.example", "https://desk.paper.example", True,
    )  # fmt: skip
    assert found.hosts == ("comments.paper.example", "desk.paper.example")
    assert found.database_url == "postgresql+psycopg://c:pw@db/comments"
    assert found.trusted_proxies == tuple(map(ip_network, ("127.0.0.1/32", "10.0.0.0/8", "::1/128")))
    assert (found.log_level, found.redis_url) == ("warning", "redis://r/0")


def test_each_setting_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    assert read_settings({"SECRET_KEY_FILE": str(file)}).secret_key == SECRET
    assert "remove one" in problems({"SECRET_KEY": SECRET, "SECRET_KEY_FILE": str(file)})[0]
    assert "SECRET_KEY_FILE" in problems({"SECRET_KEY_FILE": str(tmp_path / "gone")})[0]
    file.write_bytes(b"\xff\xfe")
    assert "SECRET_KEY_FILE" in problems({"SECRET_KEY_FILE": str(file)})[0]
    file.write_text(" \n")
    assert "32 bytes" in problems({"SECRET_KEY_FILE": str(file)})[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 64),
        ("SECRET_KEY", "abcabc" * 10),
        ("SECRET_KEY", "please-ChangeMe-before-you-start-this-service"),
        ("SECRET_KEY", "your-secret-key-goes-here-0123456789-abcdef"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgresql://user:changeme@db/comments"),
        ("DATABASE_URL", "postgresql://user:pw@db:port/comments"),
        ("PUBLIC_URL", "comments.paper.example"),
        ("PUBLIC_URL", "ftp://paper.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://paper.example/comments"),
        ("PUBLIC_URL", "https://user@paper.example"),
        ("PUBLIC_URL", "https://paper.example:port"),
        ("PUBLIC_URL", "https://paper.example?x=1"),
        ("PUBLIC_URL", "https://zeitung-für-alle.example"),
        ("DESK_URL", "https://[::1"),
        ("REDIS_URL", "http://redis"),
        ("TRUSTED_PROXIES", "everybody"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "127.0.0.1, 0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
        ("LOG_LEVEL", "chatty"),
    ],
)
def test_what_is_unsafe_or_unusable_is_one_line_that_names_the_setting(name: str, value: str) -> None:
    [line] = problems({"SECRET_KEY": SECRET, name: value})
    assert line.startswith(f"{name} ")
    assert "\n" not in line


def test_no_problem_repeats_a_secret() -> None:
    told = "\n".join(problems({"SECRET_KEY": "tiny-canary", "DATABASE_URL": "postgresql://u:changeme-canary@db/x"}))
    assert "canary" not in told
    assert len(told.splitlines()) == 2


def test_every_setting_has_its_heading_in_the_docs() -> None:
    headings = re.findall(r"^## (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [field.name.upper() for field in fields(Settings)]


def test_a_service_is_local_only_where_its_desk_is_too() -> None:
    def local(public_url: str, desk_url: str | None = None) -> bool:
        return Settings(secret_key="", database_url="", public_url=public_url, desk_url=desk_url).local

    assert local("http://localhost:8000")
    assert local("http://localhost:8000", "http://127.0.0.1:8001")
    assert not local("http://localhost:8000", "https://desk.paper.example")
    assert not local("https://comments.paper.example", "http://localhost:8000")
