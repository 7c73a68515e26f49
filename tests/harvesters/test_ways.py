"""The way out: names that turn inward, TLS as a repository wants it, proxies, secrets."""

from __future__ import annotations

import base64
import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import HarvestError
from app.options import Credentials, RepositoryOptions
from harvesters.transport.access import Access
from harvesters.transport.addresses import host_key
from harvesters.transport.http import PoliteSession, Response
from tests.fakes.scripted import Asked, Reply, Script, scripted
from tests.harvesters.test_http import LIST, XML, settings

OUTSIDE = "93.184.215.14"


def ask(
    url: str,
    *,
    given: Credentials | None = None,
    private: bool = True,
    harvest: dict[str, Any] | None = None,
    **options: Any,
) -> Response:
    """Ask a repository once, with options of its own."""
    made = PoliteSession(
        settings(allow_private_addresses=private, **(harvest or {})),
        url,
        RepositoryOptions(**options),
        access=Access(credentials=given),
    )
    try:
        return made.get(url, LIST)
    finally:
        made.close()


def failure_of(url: str, **how: Any) -> HarvestError:
    with pytest.raises(HarvestError) as error:
        ask(url, **how)
    return error.value


# ── names ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names with the answers that the DNS gives, one after the other; the last one stays."""
    known: dict[str, list[list[str]]] = {}
    resolve = socket.getaddrinfo

    def answer(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in known:
            return resolve(host, port, *rest, **more)
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def test_every_address_of_a_name_is_checked(names: dict[str, list[list[str]]]) -> None:
    names["mixed.example"] = [[OUTSIDE, "10.0.0.1"]]
    with scripted(lambda _: Reply(XML)) as script:
        error = failure_of(f"http://mixed.example:{script.port}/oai", private=False)
    assert error.cause == "private-address"
    assert "10.0.0.1" in str(error)
    assert script.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(
    names: dict[str, list[list[str]]],
) -> None:
    names["swap.example"] = [["127.0.0.1"], ["127.0.0.66"]]
    with scripted(lambda _: Reply(XML)) as script:
        assert ask(f"http://swap.example:{script.port}/oai").body == XML
    assert script.asked[0].headers["Host"] == f"swap.example:{script.port}"
    assert len(names["swap.example"]) == 1  # it was resolved once


def test_a_name_that_turns_inward_later_is_refused_at_its_next_connection(
    names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["turn.example"] = [[OUTSIDE], ["127.0.0.1"]]
    connect = socket.socket.connect
    with scripted(lambda _: Reply(XML, headers=(("Connection", "close"),))) as script:

        def outside_is_here(self: socket.socket, where: tuple[str, int]) -> None:
            connect(self, ("127.0.0.1", script.port) if where[0] == OUTSIDE else where)

        monkeypatch.setattr(socket.socket, "connect", outside_is_here)
        url = f"http://turn.example:{script.port}/oai"
        made = PoliteSession(settings(allow_private_addresses=False), url)
        assert made.get(url, LIST).body == XML
        with pytest.raises(HarvestError) as error:
            made.get(url, LIST)
        made.close()
    assert error.value.cause == "private-address"
    assert len(script.asked) == 1


def test_a_redirect_to_a_name_that_lies_inside_is_refused(
    names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["outside.example"] = [[OUTSIDE]]
    names["inside.example"] = [["169.254.169.254"]]
    connect = socket.socket.connect
    reply = Reply(b"", 302, (("Location", "http://inside.example/latest/meta-data"),))
    with scripted(lambda _: reply) as script:

        def outside_is_here(self: socket.socket, where: tuple[str, int]) -> None:
            assert where[0] == OUTSIDE
            connect(self, ("127.0.0.1", script.port))

        monkeypatch.setattr(socket.socket, "connect", outside_is_here)
        error = failure_of("http://outside.example/oai", private=False)
    assert error.cause == "redirect-refused"


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody vouches for but itself, with its key beside it."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return folder / "cert.pem"


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return made


@contextlib.contextmanager
def secure(certificate: Path, reply: Reply | None = None) -> Iterator[Script]:
    answer = reply or Reply(XML)
    with scripted(lambda _: answer, secure=context(certificate)) as script:
        script.url = script.url.replace("127.0.0.1", "localhost")
        yield script


def test_a_file_of_certificates_vouches_for_one_repository(certificate: Path) -> None:
    with secure(certificate) as script:
        assert ask(script.url, ca_file=str(certificate)).body == XML
        assert failure_of(script.url).cause == "tls-invalid"
        other = script.url.replace("localhost", "127.0.0.1")
        assert failure_of(other, ca_file=str(certificate)).cause == "tls-invalid"


def test_a_file_of_certificates_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    for name in ("none.pem", "absent.pem"):
        error = failure_of("https://localhost:9/oai", ca_file=str(tmp_path / name))
        assert error.cause == "tls-invalid"
        assert name in str(error)


def test_verification_can_be_given_up_for_one_repository_alone(
    certificate: Path, recwarn: pytest.WarningsRecorder
) -> None:
    with secure(certificate) as script:
        assert ask(script.url, verify_tls=False).body == XML
        assert not recwarn.list
        elsewhere = Reply(b"", 302, (("Location", script.url.replace("localhost", "127.0.0.1")),))
        with secure(certificate, elsewhere) as first:
            assert failure_of(first.url, verify_tls=False).cause == "tls-invalid"


def test_an_older_protocol_is_spoken_only_where_that_is_set(certificate: Path) -> None:
    old = context(certificate)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with scripted(lambda _: Reply(XML), secure=old) as script:
        url = script.url.replace("127.0.0.1", "localhost")
        trusting: dict[str, Any] = {"ca_file": str(certificate)}
        assert failure_of(url, **trusting).cause == "tls-invalid"
        assert ask(url, tls_minimum="1.0", **trusting).body == XML
        assert ask(url, tls_minimum="1.1", **trusting).body == XML


def test_a_newer_protocol_can_be_demanded(certificate: Path) -> None:
    older = context(certificate)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with scripted(lambda _: Reply(XML), secure=older) as script:
        url = script.url.replace("127.0.0.1", "localhost")
        assert ask(url, ca_file=str(certificate)).body == XML
        error = failure_of(url, ca_file=str(certificate), tls_minimum="1.3")
        assert error.cause == "tls-invalid"


def test_a_handshake_that_drips_is_given_up_at_the_deadline() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        inner, _ = server.accept()
        with inner, contextlib.suppress(OSError):
            inner.sendall(b"\x16\x03\x03\x3f\x00\x02")
            while not over.wait(0.1):
                inner.sendall(b"\x00")

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    url = f"https://127.0.0.1:{server.getsockname()[1]}/oai"
    try:
        assert failure_of(url, harvest={"page_deadline": 1.0}).cause == "too-slow"
        assert time.monotonic() - began < 4
    finally:
        over.set()
        thread.join()
        server.close()


# ── redirects, proxies ───────────────────────────────────────────────────────────────────────


def test_a_redirect_from_https_to_http_is_followed_only_where_that_is_set(
    certificate: Path,
) -> None:
    trusting: dict[str, Any] = {"ca_file": str(certificate)}
    with contextlib.ExitStack() as running:
        plain = running.enter_context(scripted(lambda _: Reply(XML)))
        leading = Reply(b"", 302, (("Location", plain.url),))
        script = running.enter_context(secure(certificate, leading))
        assert failure_of(script.url, **trusting).cause == "redirect-refused"
        allowed = {"insecure_redirects": True}
        assert ask(script.url, harvest=allowed, **trusting).body == XML


def test_cookies_do_not_follow_to_another_host() -> None:
    with scripted(lambda _: Reply(XML)) as other:
        where = other.url.replace("127.0.0.1", "localhost")
        reply = Reply(b"", 302, (("Location", where), ("Set-Cookie", "wall=1; Path=/")))
        with scripted(lambda _: reply) as script:
            ask(script.url)
    assert "Cookie" not in other.asked[0].headers


def test_a_bomb_in_a_redirect_ends_at_the_cap() -> None:
    bomb = Reply(gzip.compress(bytes(3_000_000)), 302, (("Location", "/next"),))
    with scripted(lambda _: bomb) as script:
        assert failure_of(script.url, harvest={"max_page_bytes": 100_000}).cause == "too-large"


def test_one_repository_may_be_asked_through_a_proxy() -> None:
    with scripted(lambda _: Reply(XML)) as proxy:
        options: dict[str, Any] = {"proxy": f"http://127.0.0.1:{proxy.port}"}
        asked = ask("http://repository.invalid/oai", private=False, **options)
        assert asked.body == XML
        assert proxy.asked[0].target.startswith("http://repository.invalid/oai?verb=ListRecords")
        for inside in ("http://169.254.169.254/oai", "http://localhost/oai"):
            assert failure_of(inside, private=False, **options).cause == "private-address"
    assert len(proxy.asked) == 1


# ── secrets ──────────────────────────────────────────────────────────────────────────────────

SECRET = "s3cr3t/with+odd=signs"


def secret_for(url: str, kind: Any) -> Credentials:
    name = {"basic": "ada", "bearer": "", "query": "api_key"}[kind]
    return Credentials(kind, name, SECRET, host_key(url))


def shows_it(asked: Asked, kind: str) -> bool:
    """Whether a request bears the secret as the server wants it."""
    if kind == "query":
        return asked.arguments.get("api_key") == SECRET
    pair = base64.b64encode(f"ada:{SECRET}".encode()).decode()
    wanted = {"basic": f"Basic {pair}", "bearer": f"Bearer {SECRET}"}[kind]
    return asked.headers.get("Authorization") == wanted


def bears_it(asked: Asked) -> bool:
    """Whether a request bears the secret in any way."""
    return "Authorization" in asked.headers or "api_key" in asked.target


@pytest.mark.parametrize("kind", ["basic", "bearer", "query"])
def test_a_secret_goes_to_its_host_and_not_after_a_redirect_to_another(kind: str) -> None:
    with scripted(lambda _: Reply(XML)) as other:
        where = other.url.replace("127.0.0.1", "localhost")

        def answer(asked: Asked) -> Reply:
            to = where if asked.path == "/there" else "/there"
            return Reply(b"", 302, (("Location", f"{to}?{asked.query}"),))

        with scripted(answer) as script:
            response = ask(script.url, given=secret_for(script.url, kind))
    assert [shows_it(one, kind) for one in script.asked] == [True, True]
    assert not bears_it(other.asked[0])
    assert response.body == XML
    assert SECRET not in f"{response.url} {response.moved_to}"


@pytest.mark.parametrize("kind", ["basic", "bearer", "query"])
def test_a_secret_for_another_host_stays_at_home(kind: str) -> None:
    with scripted(lambda _: Reply(XML)) as script:
        ask(script.url, given=secret_for("https://former.example/oai", kind))
    assert not bears_it(script.asked[0])


@pytest.mark.parametrize("kind", ["basic", "bearer", "query"])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(hang_up=True),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<"),
        Reply(raw=b"HTTP/1.1 200 OK\r\n\xff\xff: \r\nnonsense\r\n\r\n" + XML),
        Reply(b"", 302, (("Location", "gopher://x/"),)),
        Reply(b"", 302, (("Location", ""),)),
        Reply(b"x" * 3000),
    ],
    ids=["reset", "short", "headers", "off", "round", "large"],
)
def test_no_failure_tells_a_secret(
    kind: str, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    told = ""
    with scripted(lambda _: reply) as script:
        try:
            ask(script.url, given=secret_for(script.url, kind), harvest={"max_page_bytes": 2000})
        except HarvestError as error:
            told = "".join(traceback.format_exception(error)) + f"{error.url} {error!r}"
    for form in (SECRET, "s3cr3t", base64.b64encode(f"ada:{SECRET}".encode()).decode()):
        assert form not in told


def test_the_key_of_a_base_url_is_told_by_no_failure() -> None:
    with scripted(lambda _: Reply(hang_up=True)) as script:
        error = failure_of(f"{script.url}?apikey=s3cr3t")
    assert "s3cr3t" not in "".join(traceback.format_exception(error))
