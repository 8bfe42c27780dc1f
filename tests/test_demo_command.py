"""`comments-service demo`: one command, two sites, and one clear line for whatever is in its way."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comments_service.cli import main
from comments_service.demo import command, processes

PATIENCE = 60


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def _running(data: Path, ports: list[int]) -> Iterator[subprocess.Popen[str]]:
    """The demo in a process of its own, from the line that says it is up."""
    arguments = ["--data", str(data), "--port", str(ports[0]), "--paper-port", str(ports[1])]
    process = subprocess.Popen(
        [sys.executable, "-c", "from comments_service.cli import main; main()", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/never-used", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    with process, process.stdout as output:
        try:
            lines: list[str] = []
            while not lines or "Ctrl-C" not in lines[-1]:
                lines.append(output.readline())
                assert lines[-1], "".join(lines)
            assert lines[0] == f"The newspaper  http://127.0.0.1:{ports[1]}\n"
            assert lines[1] == f"The service    http://localhost:{ports[0]}\n"
            _signs_in_once(ports[0], lines[2])
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _signs_in_once(port: int, line: str) -> None:
    """The desk's line holds a link that opens the desk at its button, and only the first time."""
    assert line.startswith(f"The desk       http://localhost:{port}/desk/once/")
    path = line.rpartition(str(port))[2].strip()
    assert _get(port, path)[0] == 200
    for expected in (303, 404):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, headers=headers)
        assert connection.getresponse().status == expected
        connection.close()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _demo(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments])


def _one_line(result: Result) -> str:
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    return result.output


def test_two_sites_run_their_data_is_kept_and_nothing_outlives_them(tmp_path: Path) -> None:
    data, ports = tmp_path / "data", _free_ports(2)
    with _running(data, ports) as first:
        thread = "/api/v1/sites/demo/thread?key=night-ferry"
        status, told = _get(ports[0], thread)
        assert status == 200
        assert "The last night ferry" in told
        assert f"{'http://localhost'}:{ports[0]}/embed.js" in _get(ports[1], "/harbour/night-ferry")[1]
        assert "is already running in the folder" in _one_line(_demo("--data", str(data)))
        everyone = [first.pid, *_children(first.pid)]
        everyone += [child for pid in everyone[1:] for child in _children(pid)]
        assert len(everyone) >= 5
        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE) == 0
        assert not any(_answers(port) for port in ports)
        assert not any(Path(f"/proc/{pid}").exists() for pid in everyone[1:])
    with _running(data, ports) as second:
        assert _get(ports[0], thread) == (200, told)
        newspaper = _children(second.pid)[1]
        os.kill(newspaper, signal.SIGKILL)
        assert second.stdout is not None
        rest = second.stdout.read()
        assert second.wait(PATIENCE) == 1
        assert rest == f"Error: The newspaper has stopped (exit code -9). See {data / 'demo.log'}.\n"
        assert not any(_answers(port) for port in ports)


@pytest.mark.parametrize("option", ["--port", "--paper-port"])
def test_a_port_that_is_taken_is_said_with_the_option_that_helps(option: str, tmp_path: Path) -> None:
    free = _free_ports(2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = dict(zip(("--port", "--paper-port"), map(str, free), strict=True)) | {option: str(taken)}
        said = _one_line(_demo("--data", str(tmp_path), *[part for pair in ports.items() for part in pair]))
    assert said == f"Error: Port {taken} is taken. Choose another with {option}.\n"
    assert not (tmp_path / "comments.sqlite").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be written (Not a directory)" in _one_line(_demo("--data", str(tmp_path / "file" / "data")))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    # Tests may run as root, whom no permission bit stops.
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "cannot be written (Read-only file system). Choose another with --data." in _one_line(
        _demo("--data", str(tmp_path / "data"))
    )


def test_the_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    file = command._secret(tmp_path, "secret")
    made = file.read_text()
    assert len(made) == 64
    assert file.stat().st_mode & 0o077 == 0
    assert command._secret(tmp_path, "secret").read_text() == made


def test_what_an_owner_has_set_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@db/real")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis")
    environ = command._environ(tmp_path, port=8000, paper_port=8001)
    assert environ["DATABASE_URL"] == f"sqlite:///{tmp_path.resolve() / 'comments.sqlite'}"
    assert "REDIS_URL_FILE" not in environ


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "START_SECONDS", 0.0)
    listening_to_nobody = [sys.executable, "-c", "input()"]
    deaf = subprocess.Popen(listening_to_nobody, stdin=subprocess.PIPE, start_new_session=True)
    server = processes.Server(name="service", port=_free_ports(1)[0], path="/", process=deaf)
    with deaf:
        with pytest.raises(processes.Died, match="The service does not answer on port"):
            processes.wait_for([server])
        processes.stop([server])
        assert deaf.poll() is not None
