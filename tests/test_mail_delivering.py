"""The way to the mail server: secret, to the right server, signed in, and each failure has its name."""

import socket
from pathlib import Path

import pytest

from comments_service import mail_server
from comments_service.mail_server import MailServer
from comments_service.mailing.composing import Envelope, compose
from comments_service.mailing.delivering import NotSent, deliver, greet, is_final
from comments_service.settings import BadSettings, read_settings
from tests.post_office import PASSWORD, Office, certificate, office
from tests.test_mail_composing import AT, letter

MAIL = compose(letter(), Envelope(sender="c@paper.example", to="ada@mail.example", reference="r.e.f", at=AT))
SECRET = "0123456789abcdef" * 4


def trouble(server: MailServer) -> NotSent:
    with pytest.raises(NotSent) as caught:
        deliver(server, MAIL, helo="comments.example")
    return caught.value


def named(found: Office, query: str = "", *, scheme: str = "smtp", user: str = "") -> MailServer:
    return mail_server.read(f"{scheme}://{user}localhost:{found.port}{query}")


def test_it_signs_in_behind_starttls(tmp_path: Path) -> None:
    context, ca = certificate(tmp_path)
    with office(tls=context, auth=True) as server:
        deliver(named(server, f"?ca={ca}", user=f"ada%40x:{PASSWORD}@"), MAIL, helo="comments.example")
        greet(named(server, f"?ca={ca}", user=f"ada:{PASSWORD}@"), helo="comments.example")
        wrong = trouble(named(server, f"?ca={ca}", user="ada:wrong@"))
    assert server.secure == [True]
    assert (wrong.trouble, wrong.passing, wrong.bad_address) == ("auth", True, False)


def test_it_speaks_tls_from_the_first_byte(tmp_path: Path) -> None:
    context, ca = certificate(tmp_path)
    with office(tls=context, at_once=True) as server:
        deliver(named(server, f"?ca={ca}", scheme="smtps"), MAIL, helo="comments.example")
    assert len(server.mails) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path, scheme: str) -> None:
    context, _ = certificate(tmp_path)
    with office(tls=context, at_once=scheme == "smtps") as server:
        assert trouble(named(server, scheme=scheme)).trouble == "certificate"
    assert server.mails == []


def test_a_certificate_of_another_name_is_none(tmp_path: Path) -> None:
    context, ca = certificate(tmp_path, "other.example")
    with office(tls=context) as server:
        assert trouble(named(server, f"?ca={ca}")).trouble == "certificate"


def test_nothing_is_sent_in_the_open_unless_the_owner_says_so() -> None:
    with office() as server:
        assert trouble(named(server)).trouble == "tls"
        deliver(named(server, "?starttls=no"), MAIL, helo="comments.example")
    assert server.secure == [False]


def test_a_server_that_is_not_there_is_told_from_one_that_does_not_answer() -> None:
    with office() as server:
        gone = named(server, "?starttls=no")
    assert trouble(gone).trouble == "connection"
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.MonkeyPatch.context() as patch:
        patch.setattr("comments_service.mailing.delivering.STEP_SECONDS", 0.2)
        assert trouble(MailServer(host="127.0.0.1", port=silent.getsockname()[1], tls="no")).trouble == "timeout"


def test_a_name_that_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert trouble(MailServer(host="nowhere.example", port=25, tls="no")).trouble == "dns"


def test_a_folder_that_cannot_be_made_is_a_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert trouble(MailServer(folder=tmp_path / "file" / "mail")).trouble == "folder"
    with pytest.raises(NotSent):
        greet(MailServer(folder=tmp_path / "file" / "mail"), helo="")


def test_only_the_address_itself_is_given_up_for_good() -> None:
    assert [is_final(status) for status in ("5.1.1", "5.0.0", "5.2.2")] == [True] * 3
    assert [is_final(status) for status in ("4.2.2", "5.7.1", "5.7.26", "2.0.0", "")] == [False] * 5


def test_the_settings_read_it() -> None:
    found = read_settings({
        "SECRET_KEY": SECRET, "MAIL_URL": "smtp://us%40er:p%2Fw@mail.example", "MAIL_FROM": "C@Paper.example",
        "MAIL_REPLY_TO": "desk@paper.example", "MAIL_HOURLY": "50",
    })  # fmt: skip
    assert found.mail_url == MailServer(host="mail.example", port=587, user="us@er", password="p/w")  # noqa: S106 - as the address above says it
    assert (found.mail_from, found.mail_reply_to, found.mail_hourly) == ("C@paper.example", "desk@paper.example", 50)
    assert "p/w" not in repr(found)
    assert mail_server.read("smtps://mail.example").port == 465
    assert mail_server.read("file:///var/mail").folder == Path("/var/mail")


@pytest.mark.parametrize(
    "value",
    [
        "mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port", "smtp://mail.example/path",
        "smtp://mail.example?tls=no", "smtp://mail.example?starttls=maybe", "smtp://user@mail.example", "file://mail",
        "smtp://user:canary@mail.example?starttls=no", "smtp://mail.example?ca=/not/there", "file:///", "smtp://[::1",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(value: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read_settings({"SECRET_KEY": SECRET, "MAIL_FROM": "c@paper.example", "MAIL_URL": value})
    [line] = bad.value.problems
    assert line.startswith("MAIL_URL ")
    assert "canary" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAIL_FROM", ""), ("MAIL_FROM", "The Daily <c@paper.example>"), ("MAIL_REPLY_TO", "x"), ("MAIL_HOURLY", "0")],
)
def test_what_goes_with_it_is_checked(name: str, value: str) -> None:
    good = {"SECRET_KEY": SECRET, "MAIL_FROM": "c@paper.example", "MAIL_URL": "smtp://mail.example"}
    with pytest.raises(BadSettings) as bad:
        read_settings(good | {name: value})
    assert bad.value.problems[0].startswith(f"{name} ")
