"""Firefox by its own remote protocol, Marionette, for Selenium: in place of geckodriver, which Debian does not have.

The protocol: firefox-source-docs.mozilla.org, "Marionette", "Protocol". A message is its length, a colon and JSON.
"""

import json
import socket
from collections.abc import Mapping
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.command import Command

PATIENCE_SECONDS = 60.0
COMMANDS = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "WebDriver:DeleteSession",
    Command.GET: "WebDriver:Navigate",
    Command.REFRESH: "WebDriver:Refresh",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
}


class Marionette:
    """What Selenium calls an executor: it sends commands and gives back what came."""

    client_config = None

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._stream = self._socket.makefile("rb")
        self._count = 0
        self._read()

    def execute(self, command: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Do one command. Raises WebDriverException with what the browser says of it."""
        self._count += 1
        wanted = {key: value for key, value in params.items() if key not in {"sessionId", "capabilities"}}
        if command == Command.SCREENSHOT:
            wanted["full"] = False
        message = json.dumps([0, self._count, COMMANDS[command], wanted])
        self._socket.sendall(f"{len(message.encode())}:{message}".encode())
        _, _, error, result = self._read()
        if error:
            raise WebDriverException(f"{error['error']}: {error['message']}")
        value = result["value"] if isinstance(result, dict) and set(result) == {"value"} else result
        return {"value": value}

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._stream.read(1)
        return json.loads(self._stream.read(int(length[:-1])))
