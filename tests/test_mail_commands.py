"""An owner tries mail, and lifts what stopped it: one sentence says what is wrong."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from comments_service.cli import main
from comments_service.commands.mail import FAILURES
from comments_service.mailing import delivering, references, suppressing
from tests.outbox import NOON
from tests.post_office import ADDRESS, PASSWORD, Office, certificate, office

SECRET = "0123456789abcdef" * 4


@pytest.fixture
def database(template: Path, tmp_path: Path) -> str:
    file = tmp_path / "comments.sqlite"
    shutil.copy(template, file)
    return f"sqlite:///{file}"


def run(database: str, *words: str, **environ: str) -> Result:
    own = {"SECRET_KEY": SECRET, "DATABASE_URL": database, "MAIL_FROM": "c@paper.example"}
    return CliRunner().invoke(main, list(words), env=own | environ)


def url(server: Office, more: str = "?starttls=no", user: str = "") -> str:
    return f"smtp://{user}localhost:{server.port}{more}"


def test_a_test_mail_is_sent(database: str) -> None:
    with office() as server:
        told = run(database, "mail-test", ADDRESS, MAIL_URL=url(server))
    assert (told.exit_code, told.output) == (0, "localhost took the mail.\n")
    assert server.mails[0]["Subject"] == "A test of your mail settings"


def test_it_may_be_kept_in_a_folder(database: str, tmp_path: Path) -> None:
    told = run(database, "mail-test", ADDRESS, MAIL_URL=f"file://{tmp_path}/mail")
    assert (told.exit_code, told.output) == (0, f"Kept in {tmp_path}/mail.\n")
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_without_mail_it_says_what_to_set(database: str) -> None:
    told = run(database, "mail-test", ADDRESS)
    assert told.exit_code == 1
    assert "MAIL_URL" in told.output


@pytest.mark.parametrize(
    ("command", "reply", "said"),
    [
        ("MAIL", "550 5.7.1 Not you", "refused MAIL_FROM"), ("RCPT", "550 5.1.1 No such user", "refused the address"),
        ("RCPT", "554 5.7.1 Relay access denied", "relay"), ("DATA", "554 5.7.0 Spam", "refused the mail"),
        ("RCPT", "451 4.7.1 Greylisted", "come back later"),
    ],
)  # fmt: skip
def test_what_the_server_said_is_passed_on(database: str, command: str, reply: str, said: str) -> None:
    with office() as server:
        server.replies[command] = [reply]
        told = run(database, "mail-test", ADDRESS, MAIL_URL=url(server))
    assert told.exit_code == 1
    assert said in told.output
    assert reply in told.output
    assert len(told.output.splitlines()) == 1


def test_each_stage_has_its_sentence(database: str, tmp_path: Path) -> None:
    context, ca = certificate(tmp_path)
    with office(tls=context, auth=True) as server:
        assert "authority" in run(database, "mail-test", ADDRESS, MAIL_URL=url(server, "")).output
        wrong = run(database, "mail-test", ADDRESS, MAIL_URL=url(server, f"?ca={ca}", "ada:wrong@"))
        assert "refused user and password" in wrong.output
        assert "wrong" not in wrong.output
        good = run(database, "mail-test", ADDRESS, MAIL_URL=url(server, f"?ca={ca}", f"ada:{PASSWORD}@"))
        assert good.exit_code == 0
    assert "takes no connection" in run(database, "mail-test", ADDRESS, MAIL_URL=url(server)).output
    with office() as server:
        assert "offers no TLS" in run(database, "mail-test", ADDRESS, MAIL_URL=url(server, "")).output


def test_no_trouble_is_without_a_sentence() -> None:
    assert delivering.OF_THE_SERVER | delivering.OF_THE_MAIL | {"recipient"} == set(FAILURES)


def test_an_address_that_is_none_is_refused(database: str) -> None:
    told = run(database, "mail-test", "ada", MAIL_URL="smtp://localhost?starttls=no")
    assert told.exit_code == 1
    assert "Give an e-mail address" in told.output


def test_what_stopped_an_address_is_said_and_lifted(database: str) -> None:
    engine = create_engine(database)
    with Session(engine) as session:
        suppressing.suppress(session, references.digest(SECRET, ADDRESS), reason="bounced", status="5.2.1", at=NOON)
        session.commit()
    engine.dispose()
    with office() as server:
        told = run(database, "mail-test", ADDRESS, MAIL_URL=url(server))
    assert "bounced with 5.2.1" in told.output
    assert run(database, "mail-allow", ADDRESS).output == "Mail goes there again.\n"
    assert run(database, "mail-allow", ADDRESS).output == "Nothing had stopped mail to this address.\n"
