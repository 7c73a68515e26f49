from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from app.errors import HarvestError
from app.settings import Harvest, Hub, Settings
from harvesters.transport.addresses import inward
from harvesters.transport.http import PoliteSession, Response, host_key, with_arguments
from harvesters.transport.urls import next_hop
from tests.fakes.scripted import Asked, Reply, scripted

XML = b'<?xml version="1.0"?><OAI-PMH>x</OAI-PMH>'
LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def settings(**changes: Any) -> Settings:
    quick = {
        "connect_timeout": 2.0,
        "read_timeout": 2.0,
        "page_deadline": 5.0,
        "allow_private_addresses": True,
    }
    return Settings(
        base_url="https://hub.example.org",
        hub=Hub(contact="hub@example.org"),
        harvest=Harvest(**(quick | changes)),
    )


@pytest.fixture
def session() -> Iterator[PoliteSession]:
    made = PoliteSession(settings())
    yield made
    made.close()


def ask(url: str, reply: Reply | None = None, **changes: Any) -> Response:
    """Ask an address once, with settings of its own."""
    made = PoliteSession(settings(**changes))
    try:
        return made.get(url, LIST)
    finally:
        made.close()


def cause_of(url: str, **changes: Any) -> str:
    with pytest.raises(HarvestError) as error:
        ask(url, **changes)
    assert str(error.value).endswith(".") or "Asked" in str(error.value)
    return error.value.cause


def served(reply: Reply, **changes: Any) -> Response:
    with scripted(lambda _: reply) as script:
        return ask(script.url, **changes)


def failed(reply: Reply, **changes: Any) -> str:
    with scripted(lambda _: reply) as script:
        return cause_of(script.url, **changes)


# ── what is sent ─────────────────────────────────────────────────────────────────────────────


def test_a_request_names_the_hub_and_its_contact(session: PoliteSession) -> None:
    with scripted(lambda _: Reply(XML)) as script:
        session.get(script.url, LIST)
    headers = script.asked[0].headers
    agent = headers["User-Agent"]
    assert agent.startswith("Garnery/")
    assert agent.endswith("(+https://hub.example.org; mailto:hub@example.org)")
    assert headers["From"] == "hub@example.org"
    assert headers["Accept"] == "text/xml, application/xml;q=0.9, */*;q=0.1"
    assert headers["Accept-Encoding"] == "gzip"


def test_a_repository_may_be_given_another_user_agent() -> None:
    with scripted(lambda _: Reply(XML)) as script:
        PoliteSession(settings(user_agent="Special/1")).get(script.url, LIST)
    assert script.asked[0].headers["User-Agent"] == "Special/1"


def test_connections_are_kept_open(session: PoliteSession) -> None:
    with scripted(lambda _: Reply(XML)) as script:
        for _ in range(5):
            session.get(script.url, LIST)
    assert script.connections == 1


def test_cookies_come_back_within_a_run_and_not_in_the_next() -> None:
    with scripted(lambda _: Reply(XML, headers=(("Set-Cookie", "session=1; Path=/"),))) as script:
        for _ in range(2):
            made = PoliteSession(settings())
            made.get(script.url, LIST)
            made.get(script.url, LIST)
            made.close()
    assert ["Cookie" in one.headers for one in script.asked] == [False, True, False, True]


def test_the_query_of_the_base_url_is_kept(session: PoliteSession) -> None:
    with scripted(lambda _: Reply(XML)) as script:
        session.get(script.url + "?mode=oaipmh&key=a%20b", LIST)
    assert script.asked[0].query == "mode=oaipmh&key=a%20b&verb=ListRecords&metadataPrefix=oai_dc"


def test_everything_in_a_token_but_unreserved_characters_is_encoded() -> None:
    url = with_arguments("http://a/oai", {"resumptionToken": "|a+b/c=&d %e!é~"})
    assert url.endswith("resumptionToken=%7Ca%2Bb%2Fc%3D%26d%20%25e%21%C3%A9~")


def test_a_token_may_be_sent_as_it_is(session: PoliteSession) -> None:
    with scripted(lambda _: Reply(XML)) as script:
        session.get(script.url, {"resumptionToken": "3~!x=y:(1)"}, verbatim=True)
    assert script.asked[0].query == "resumptionToken=3~!x=y:(1)"


def test_requests_keep_the_least_interval() -> None:
    waits: list[float] = []
    made = PoliteSession(settings(minimum_interval=0.5), pause=waits.append)
    with scripted(lambda _: Reply(XML)) as script:
        made.get(script.url, LIST)
        made.get(script.url, LIST)
    assert len(waits) == 1
    assert 0.3 < waits[0] <= 0.5


def test_a_429_widens_the_interval_and_each_further_one_doubles_it() -> None:
    made = PoliteSession(settings(), pause=lambda _: None)
    with scripted(lambda _: Reply(b"slow", 429)) as script:
        widths = []
        for _ in range(7):
            made.get(script.url, LIST)
            widths.append(made.pace.hosts.get(host_key(script.url)).interval)
    assert widths == [1, 2, 4, 8, 16, 30, 30]


# ── what comes back ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500, 503])
def test_the_body_is_handed_on_whatever_the_status(status: int) -> None:
    response = served(Reply(XML, status))
    assert (response.status, response.body) == (status, XML)


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (gzip.compress(XML), ""),
        (gzip.compress(XML), "gzip"),
        (gzip.compress(gzip.compress(XML)), "gzip"),
        (gzip.compress(XML[:9]) + gzip.compress(XML[9:]), "gzip"),
        (zlib.compress(XML), "deflate"),
        (zlib.compress(XML, wbits=-15), "deflate"),
        (XML, "gzip"),
        (XML, "deflate"),
        (XML, "br"),
    ],
    ids=["unlabelled", "gzip", "twice", "members", "zlib", "raw deflate", "plain", "plain2", "br"],
)
def test_packing_is_told_by_its_bytes(body: bytes, label: str) -> None:
    headers = (("Content-Encoding", label),) if label else ()
    assert served(Reply(body, headers=headers)).body == XML


def test_damaged_packing_is_asked_for_again_without() -> None:
    def answer(asked: Asked) -> Reply:
        plain = asked.headers["Accept-Encoding"] == "identity"
        return Reply(XML if plain else gzip.compress(XML)[:-9])

    with scripted(answer) as script:
        made = PoliteSession(settings())
        assert made.get(script.url, LIST).body == XML
        assert made.get(script.url, LIST).body == XML
    assert [one.headers["Accept-Encoding"] for one in script.asked] == [
        "gzip",
        "identity",
        "identity",
    ]


def test_unpacking_stops_at_the_cap() -> None:
    bomb = gzip.compress(b"<a>" * 1_000_000)
    assert failed(Reply(bomb), max_page_bytes=100_000) == "too-large"


def test_what_grows_two_hundredfold_is_refused_below_the_cap() -> None:
    assert failed(Reply(gzip.compress(bytes(64 * 1024 * 1024)))) == "too-large"


def test_an_endless_body_ends_at_the_cap() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert failed(Reply(raw=head + b"x" * 300_000), max_page_bytes=100_000) == "too-large"


def test_a_body_without_length_ends_with_its_connection() -> None:
    assert served(Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + XML)).body == XML


def test_a_chunked_body_is_put_together() -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw += b"%x\r\n%b\r\n" % (5, XML[:5]) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(XML) - 5, XML[5:])
    assert served(Reply(raw=raw)).body == XML


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<?xml\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n<?xml",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + XML,
    ],
    ids=["no last chunk", "chunk cut", "length"],
)
def test_a_body_that_is_shorter_than_told_is_a_failed_request(raw: bytes) -> None:
    assert failed(Reply(raw=raw)) == "body-short"


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_says_nothing_times_out() -> None:
    hang = Reply(raw=b"HTTP/1.1 200 OK\r\n", pause=30)
    assert failed(hang, read_timeout=0.3) == "timed-out"


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 2"])
def test_a_page_that_drips_is_given_up_at_the_deadline(head: bytes) -> None:
    started = time.monotonic()
    drip = Reply(pieces=(head, *(b"<",) * 100), pause=0.1)
    assert failed(drip, page_deadline=1.0) == "too-slow"
    assert time.monotonic() - started < 3


def test_another_thread_can_end_a_request() -> None:
    made = PoliteSession(settings(read_timeout=30.0))
    with scripted(lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\n", pause=20)) as script:
        threading.Timer(0.5, made.abort).start()
        started = time.monotonic()
        with pytest.raises(HarvestError):
            made.get(script.url, LIST)
        assert time.monotonic() - started < 5


# ── failures ─────────────────────────────────────────────────────────────────────────────────


def test_failures_have_a_cause_an_address_and_a_next_step() -> None:
    with pytest.raises(HarvestError) as error:
        ask("http://127.0.0.1:9/oai?apikey=hidden&lang=en")
    assert error.value.cause == "connection-refused"
    assert "http://127.0.0.1:9/oai?apikey=…&lang=en&verb=ListRecords" in str(error.value)
    assert "hidden" not in str(error.value)
    assert "repeats the request" in str(error.value)


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(HarvestError, match=r"nowhere\.invalid") as error:
        ask("http://nowhere.invalid/oai")
    assert error.value.cause == "name-not-found"


def test_a_dropped_connection_is_a_reset() -> None:
    assert failed(Reply(hang_up=True)) == "connection-reset"


def test_what_is_not_http_is_a_reset() -> None:
    assert failed(Reply(raw=b"SSH-2.0-OpenSSH\r\n\r\n")) == "connection-reset"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://a/1",
        "ftp://a/x",
        "http://user:secret@example.org/oai",
        "http:///oai",
        "oai",
        "http://[::1/oai",
        "http://a:99999/",
        "http://example.org/" + "x" * 9000,
    ],
)
def test_addresses_that_are_no_base_urls_are_refused(url: str) -> None:
    with pytest.raises(HarvestError) as error:
        ask(url)
    assert error.value.cause == "address-unusable"
    assert "secret" not in str(error.value)


# ── redirects ────────────────────────────────────────────────────────────────────────────────


def moved(to: str, status: int = 302, *headers: tuple[str, str]) -> Reply:
    return Reply(b"moved", status, (("Location", to), *headers))


def test_a_redirect_is_followed_and_keeps_the_query() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(XML) if asked.path == "/new" else moved("/new?" + asked.query, 301)

    with scripted(answer) as script:
        response = ask(script.url)
    assert response.body == XML
    assert script.asked[1].arguments == LIST
    assert response.moved_to.endswith("/new?verb=ListRecords&metadataPrefix=oai_dc")


def test_a_query_that_a_redirect_drops_is_put_back() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(XML) if asked.path == "/new" else moved("/new?lang=en")

    with scripted(answer) as script:
        ask(script.url)
    assert script.asked[1].arguments == {"lang": "en"} | LIST


def test_a_redirect_back_to_itself_is_taken_once_a_cookie_came() -> None:
    def answer(asked: Asked) -> Reply:
        if "Cookie" in asked.headers:
            return Reply(XML)
        return moved(asked.target, 302, ("Set-Cookie", "wall=1; Path=/"))

    with scripted(answer) as script:
        assert ask(script.url).body == XML


def test_redirects_that_lead_round_are_given_up() -> None:
    with scripted(lambda asked: moved(asked.target)) as script:
        assert cause_of(script.url) == "redirect-loop"
    assert len(script.asked) <= 6


def test_more_than_five_redirects_are_given_up() -> None:
    with scripted(lambda asked: moved(f"{asked.path}x")) as script:
        assert cause_of(script.url) == "redirect-loop"
    assert len(script.asked) == 6


@pytest.mark.parametrize("to", ["file:///etc/passwd", "gopher://a/", "http://u:p@127.0.0.1/"])
def test_redirects_off_the_web_are_refused(to: str) -> None:
    assert failed(moved(to)) == "redirect-refused"


def test_a_redirect_is_a_get_whatever_its_status() -> None:
    for status in (301, 302, 303, 307, 308):

        def answer(asked: Asked, status: int = status) -> Reply:
            return Reply(XML) if asked.path == "/new" else moved("/new", status)

        with scripted(answer) as script:
            assert ask(script.url).body == XML


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate for localhost that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: ssl.SSLContext) -> None:
    names: list[str] = []
    certificate.sni_callback = lambda _, name, __: names.append(name)
    with scripted(lambda _: Reply(XML), secure=certificate) as script:
        url = script.url.replace("127.0.0.1", "localhost")
        with pytest.raises(HarvestError, match="self-signed") as error:
            ask(url)
    assert error.value.cause == "tls-invalid"
    assert names == ["localhost"]
    assert script.asked == []


def test_a_server_that_speaks_no_tls_is_told_so() -> None:
    with scripted(lambda _: Reply(XML)) as script:
        assert cause_of(script.url.replace("http://", "https://")) == "tls-invalid"


def test_a_redirect_from_https_to_http_is_refused() -> None:
    with pytest.raises(HarvestError) as error:
        next_hop("https://a.example/oai", "http://a.example/oai", LIST)
    assert error.value.cause == "redirect-refused"
    assert next_hop("http://a.example/oai", "https://a.example/x", {}) == "https://a.example/x"


# ── inward addresses ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "64:ff9b::7f00:1",
        "2001:db8::1",
    ],
)
def test_addresses_that_lead_inward_are_known(address: str) -> None:
    assert inward(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert not inward(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_nothing_inside_is_asked_unless_that_is_allowed(host: str) -> None:
    with scripted(lambda _: Reply(XML)) as script, pytest.raises(HarvestError) as error:
        PoliteSession(settings(allow_private_addresses=False)).get(
            f"http://{host}:{script.port}/oai", LIST
        )
    assert error.value.cause == "private-address"
    assert script.asked == []


def test_a_repository_of_its_own_may_be_inside() -> None:
    with scripted(lambda _: Reply(XML)) as script:
        made = PoliteSession(settings(allow_private_addresses=False), allow_private=True)
        assert made.get(script.url, LIST).body == XML


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert served(Reply(XML)).body == XML


def test_the_host_key_is_the_host_and_an_unusual_port() -> None:
    assert host_key("HTTPS://Repo.Example.ORG/oai") == "repo.example.org"
    assert host_key("http://repo.example.org:80/oai") == "repo.example.org"
    assert host_key("http://repo.example.org:8080/oai") == "repo.example.org:8080"
    assert host_key("https://repo.example.org:80/") == "repo.example.org:80"
