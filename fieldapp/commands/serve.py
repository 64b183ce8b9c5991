"""`fieldapp serve`: the township's server, with nothing but a folder."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from fieldapp import log
from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.commands import serve_methods
from fieldapp.commands.parsing import port
from fieldapp.errors import ExitCode
from fieldapp.i18n import t
from fieldapp.server import trouble
from fieldapp.server.running import Opened, Server
from fieldapp.server.settings import ServerSettings
from fieldapp.server.sync_request import VILLAGE_CODE

DEFAULT_PORT = 8750
_MOST_CODES = 1_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--data", type=Path, default=Path("fieldapp-server"), metavar="DIR", help=t("server.cli.data"))
    parser.add_argument("--database-url", default="", metavar="URL", help=t("server.cli.database_url"))
    parser.add_argument("--blobs", default="", metavar="URL", help=t("server.cli.blobs"))
    parser.add_argument("--host", default="127.0.0.1", help=t("server.cli.host"))
    parser.add_argument("--port", type=port, default=DEFAULT_PORT, help=t("server.cli.port", port=DEFAULT_PORT))
    parser.add_argument("--practice", action="store_true", help=t("server.cli.practice"))
    parser.add_argument("--password", default="", help=t("server.cli.password"))
    parser.add_argument("--codes", type=_number, default=1, metavar="N", help=t("server.cli.codes"))
    parser.add_argument(
        "--village", dest="villages", action="append", type=_village, metavar="CODE", help=t("server.cli.village")
    )
    parser.add_argument(
        "--proxy", dest="proxies", action="append", type=_proxy, metavar="ADDRESS", help=t("server.cli.proxy")
    )
    serve_methods.configure(parser)
    parser.add_argument("--json", action="store_true", help=t("server.cli.json"))


def run(args: argparse.Namespace) -> int:
    """Serves until SIGTERM or Ctrl+C; prints address, enrolment codes and a new password once."""
    own = RegistryEstimator(registry.load())
    settings = ServerSettings(
        methods=serve_methods.held(args, own),
        data_dir=args.data,
        database_url=args.database_url,
        blobs_url=args.blobs,
        practice=args.practice,
        proxies=tuple(args.proxies or ()),
        password=args.password or os.environ.get("FIELDAPP_SERVER_PASSWORD", ""),
    )

    villages: list[str] = args.villages or []

    def opened(facts: Opened) -> None:
        with trouble.told_at_start(args.data):
            codes = [server.station.new_code(villages) for _ in range(args.codes)]
        _print_json(facts, codes, villages) if args.json else _print(facts, codes, villages, args.host)

    with _private_files(), _logged(args.data):
        with trouble.told_at_start(args.data):
            serve_methods.keep(own, args.data)
        server = Server(settings, own, host=args.host, port=args.port, opened=opened)
        _serve(server)
    return ExitCode.OK


@contextlib.contextmanager
def _private_files() -> Iterator[None]:
    """ID numbers lie in the server's folder: nobody else on this machine reads what is made there."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextlib.contextmanager
def _logged(folder: Path) -> Iterator[None]:
    handler = _start_log(folder)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # no room for the log's last lines is no news beside what stopped the server
            log.stop(handler)


def _start_log(folder: Path) -> logging.Handler:
    """The server's log lies beside its data: rotating, masked. Raises StorageError `server_folder` and others."""
    logging.raiseExceptions = False  # a full disk stops the log too, and nobody reads a traceback on the terminal
    with trouble.told_at_start(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return log.start(folder)


def _number(text: str) -> int:
    """How many codes to make, as an argument; none is a number too."""
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_CODES:
        raise argparse.ArgumentTypeError(t("server.cli.codes_number", text=text, most=_MOST_CODES))
    return int(text)


def _village(text: str) -> str:
    """A village's code, as an argument."""
    if not VILLAGE_CODE.fullmatch(text):
        raise argparse.ArgumentTypeError(t("server.cli.village_code", text=text))
    return text


def _proxy(text: str) -> str:
    """The address or network of a proxy, as an argument; no name, because requests come from addresses."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        raise argparse.ArgumentTypeError(t("server.cli.proxy_address", text=text)) from error


def _serve(server: Server) -> None:
    # The server ends by itself on these and then raises them once more: a stop that was asked for is no failure.
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, _stopped)
    server.run_here()


def _stopped(_: int, __: FrameType | None) -> None:
    return None


def _print_json(facts: Opened, codes: list[str], villages: list[str]) -> None:
    found = {
        "url": facts.url,
        "practice": facts.practice,
        "enrol_code": codes[0] if codes else None,
        "enrol_codes": codes,
        "villages": villages,
        "password": facts.password or None,
    }
    print(json.dumps(found), flush=True)


def _print(facts: Opened, codes: list[str], villages: list[str], host: str) -> None:
    print(t("server.cli.url", url=facts.url))
    if facts.practice:
        print(t("server.cli.practice_on"))
    for code in codes:
        print(t("server.cli.enrol_code", code=code))
    if codes and villages:
        print(t("server.cli.for_villages", villages=" ".join(villages)))
    if facts.password:
        print(t("server.cli.shown_password", password=facts.password))
    else:
        print(t("server.cli.old_password"))
    print(t("server.cli.only_here" if _is_loopback(host) else "server.cli.open_network"))
    print(end="", flush=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
