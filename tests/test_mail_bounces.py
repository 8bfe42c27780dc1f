"""A report comes back for a mail of ours: the address is stopped when that is for good, and for no forged report."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from comments_service.cli import main
from comments_service.mailing import references, suppressing
from comments_service.mailing.bounces import MAX_BYTES, Verdict, read

SECRET = "0123456789abcdef" * 4
ADDRESS = "ada@mail.example"
OURS = f"<{references.reference(SECRET, '0' * 26, ADDRESS)}@paper.example>"


def report(name: str = OURS, *, action: str = "failed", status: str = "5.1.1", part: str = "message/rfc822") -> bytes:
    """As Postfix writes one."""
    return f"""From: MAILER-DAEMON@mail.example
To: comments@paper.example
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--b
Content-Type: {part}

From: The Daily <comments@paper.example>
To: {ADDRESS}
Message-ID: {name}
Subject: News

--b--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("status", ["5.1.1", "5.2.1", "5.0.0", "5.1.10 (unknown)"])
def test_what_failed_for_good_names_its_address(part: str, status: str) -> None:
    verdict, digest, said = read(report(part=part, status=status), secret=SECRET)
    assert (verdict, digest) == (Verdict.FINAL, references.digest(SECRET, ADDRESS))
    assert status.startswith(said)


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.7"), ("failed", "4.4.7"), ("failed", "5.7.1"), ("relayed", "2.0.0"), ("failed", "")],
)
def test_what_may_pass_changes_nothing(action: str, status: str) -> None:
    assert read(report(action=action, status=status), secret=SECRET)[0] == Verdict.PASSING


@pytest.mark.parametrize(
    "name",
    [
        "", "<x@paper.example>", OURS.replace("0" * 26, "1" * 26), "<" + "a." * 5000 + ">", "\x00", "<é.é.é@x>",
        f"<{references.reference('another secret', '0' * 26, ADDRESS)}@paper.example>",
    ],
)  # fmt: skip
def test_a_report_about_no_mail_of_ours_stops_nobody(name: str) -> None:
    assert read(report(name), secret=SECRET) == (Verdict.NOT_OURS, None, "")


def test_a_mail_that_is_no_report_is_none() -> None:
    other = report().replace(b"multipart/report", b"multipart/mixed")
    for raw in (b"", b"\x00\xff" * 99, b"Subject: Hello\r\n\r\nText", other):
        assert read(raw, secret=SECRET)[0] == Verdict.NO_REPORT


def test_our_name_deeper_inside_or_beside_the_headers_counts_for_nothing() -> None:
    inside = report("<x@y>").replace(b"Sorry.", OURS.encode())
    assert read(inside, secret=SECRET)[0] == Verdict.NOT_OURS
    wrapped = b'Content-Type: multipart/mixed; boundary="c"\r\n\r\n--c\r\n' + report() + b"\r\n--c--\r\n"
    assert read(wrapped, secret=SECRET)[0] == Verdict.NO_REPORT


@given(st.binary(max_size=2000), st.integers(0, 900))
def test_nothing_that_comes_in_breaks_it(noise: bytes, at: int) -> None:
    whole = report()
    for raw in (noise, whole[:at] + noise + whole[at:], whole[:at] + noise):
        verdict, digest, _ = read(raw, secret=SECRET)
        assert digest in {None, references.digest(SECRET, ADDRESS)}
        assert isinstance(verdict, Verdict)


@pytest.mark.parametrize(
    "shell", ['Content-Type: multipart/report; boundary="{n}"\r\n\r\n--{n}', "Content-Type: message/rfc822\r\n"]
)
def test_a_mail_of_mails_without_end_is_no_report_and_no_failure(shell: str) -> None:
    shells = "".join(f"{shell.format(n=number)}\r\n" for number in range(2000)).encode()
    assert read(shells + report(), secret=SECRET) == (Verdict.NO_REPORT, None, "")


def test_a_nested_or_endless_report_is_read_in_no_time() -> None:
    nest = b"".join(b'Content-Type: multipart/report; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(300))
    assert read(nest + report(), secret=SECRET)[0] in set(Verdict)
    assert read(report() + b"x" * 3 * MAX_BYTES, secret=SECRET)[0] == Verdict.FINAL


@pytest.fixture
def database(template: Path, tmp_path: Path) -> str:
    file = tmp_path / "comments.sqlite"
    shutil.copy(template, file)
    return f"sqlite:///{file}"


def pipe(database: str, raw: bytes) -> Result:
    return CliRunner().invoke(main, ["mail-bounce"], input=raw, env={"SECRET_KEY": SECRET, "DATABASE_URL": database})


def test_the_command_stops_the_address_and_never_makes_the_mail_server_bounce_again(database: str) -> None:
    told = pipe(database, report())
    assert (told.exit_code, told.output) == (0, "The address takes no mail; nothing more is sent there.\n")
    assert pipe(database, report()).exit_code == 0
    assert pipe(database, b"\xff\x00 nonsense").exit_code == 0
    engine = create_engine(database)
    with Session(engine) as session:
        kept = suppressing.find(session, references.digest(SECRET, ADDRESS))
        assert kept is not None
        assert (kept.reason, kept.status) == ("bounced", "5.1.1")
        assert suppressing.amount(session) == 1
    engine.dispose()
