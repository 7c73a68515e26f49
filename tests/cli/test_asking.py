"""Options and credentials of a repository by the commands; a secret is found nowhere after."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from urllib.parse import quote

import pytest

from tests.cli.conftest import Hub
from tests.fakes.oai import Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.system.source import Source

SECRET = "s3cr3t/word+odd"


@pytest.fixture
def joined(sqlite_hub: Hub) -> Hub:
    words = ("repository", "add", "m", "http://127.0.0.1:9/oai", "--no-probe")
    assert sqlite_hub(*words, "--allow-private-address").code == 0
    return sqlite_hub


def test_options_are_set_shown_and_taken_back(hub: Hub, member: Source) -> None:
    assert hub.add("m", member, "--option", "read_timeout=600").code == 0
    ran = hub("repository", "edit", "m", "--option", "quiet_hours=22:00-06:00 Europe/Berlin")
    assert "options: read_timeout=600.0 → read_timeout=600.0 quiet_hours=22:00-06:00" in ran.out
    assert hub("repository", "edit", "m", "--unset", "read_timeout").code == 0
    shown = hub("repository", "show", "m", "--json").document
    assert shown["options"] == {"quiet_hours": "22:00-06:00 Europe/Berlin"}
    assert "quiet_hours=22:00-06:00 Europe/Berlin" in hub("repository", "show", "m").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--option", "read_timout=5"), 4, "Did you mean `read_timeout`"),
        (("--option", "read_timeout=soon"), 4, "read_timeout cannot be `soon`"),
        (("--option", "read_timeout"), 2, "--option read_timeout=VALUE"),
        (("--option", "ca_file=/no/such/file.pem"), 13, "/no/such/file.pem"),
        (("--unset", "verify"), 4, "Did you mean `verify_tls`"),
    ],
)
def test_options_that_cannot_be_used_change_nothing(
    joined: Hub, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = joined("repository", "edit", "m", *words)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert "options" not in joined("repository", "show", "m", "--json").document


def test_a_connection_less_safe_than_usual_is_marked_wherever_it_is_shown(joined: Hub) -> None:
    joined("repository", "edit", "m", "--option", "verify_tls=no", "--option", "tls_minimum=1.0")
    for words in (("show", "m"), ("list",)):
        said = joined("repository", *words).out
        assert "its certificate is not verified" in said
        assert "TLS 1.0 is accepted" in said
    assert len(joined("repository", "show", "m", "--json").document["unsafe"]) == 2
    assert "unsafe" in joined("repository", "list", "--json").document["items"][0]


@pytest.mark.parametrize(
    ("words", "kind"),
    [(("--basic", "ada"), "basic"), (("--bearer",), "bearer"), (("--query-key", "k"), "query")],
)
def test_credentials_are_taken_from_stdin_and_told_without_their_secret(
    joined: Hub, words: tuple[str, ...], kind: str
) -> None:
    said = []
    for more in ((), ("--json",)):
        ran = joined("repository", "credentials", "m", *words, *more, stdin=f"{SECRET}\n")
        assert ran.code == 0, ran.err
        said += [ran.out, ran.err]
    found = joined("repository", "show", "m", "--json")
    assert found.document["credentials"]["kind"] == kind
    assert found.document["credentials"]["host"] == "127.0.0.1:9"
    said += [found.out, joined("repository", "show", "m").out]
    said += [joined("repository", "list", "--json").out]
    assert SECRET not in "".join(said)
    assert "for 127.0.0.1:9 alone" in said[0]
    joined("repository", "credentials", "m", "--clear")
    assert "credentials" not in joined("repository", "show", "m", "--json").document


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        ((), "x\n", 2),
        (("--bearer", "--clear"), "x\n", 2),
        (("--bearer",), "", 4),
        (("--bearer",), "\n", 4),
        (("--bearer",), "ümlaut\n", 4),
        (("--bearer",), "x" * 5000, 4),
        (("--basic", "a:b"), "x\n", 4),
        (("--query-key", "a b"), "x\n", 4),
    ],
)
def test_credentials_that_cannot_be_sent_are_refused(
    joined: Hub, words: tuple[str, ...], stdin: str, code: int
) -> None:
    assert joined("repository", "credentials", "m", *words, stdin=stdin).code == code
    assert "credentials" not in joined("repository", "show", "m", "--json").document


def test_a_repository_that_moves_or_leaves_takes_no_secret_along(joined: Hub) -> None:
    joined("repository", "credentials", "m", "--bearer", stdin=SECRET)
    moved = ("repository", "edit", "m", "--base-url", "http://127.0.0.2:9/oai")
    assert joined(*moved).code == 0
    assert joined("repository", "show", "m", "--json").document["credentials"]["used"] is False
    assert "not sent" in joined("repository", "show", "m").out
    joined("repository", "remove", "m", "--yes")
    joined("repository", "add", "m", "http://127.0.0.1:9/oai", "--no-probe",
           "--allow-private-address")  # fmt: skip
    assert "credentials" not in joined("repository", "show", "m", "--json").document


def test_the_key_in_a_base_url_is_shown_to_nobody(joined: Hub) -> None:
    keyed = "http://127.0.0.1:9/oai?api_key=s3cr3t&mode=oai"
    ran = joined("repository", "edit", "m", "--base-url", keyed)
    said = ran.out + joined("repository", "show", "m").out
    said += joined("repository", "show", "m", "--json").out + joined("repository", "list").out
    assert "s3cr3t" not in said
    assert "api_key=…&mode=oai" in said


# ── a secret on its way ──────────────────────────────────────────────────────────────────────


def echoing(fake: Fake) -> None:
    """Let the fake tell the secret back, as servers do: in the request, in errors, in tokens."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        key = asked.arguments.get("key", "")
        if len(fake.asked("ListRecords")) > 1 and asked.arguments["verb"] == "ListRecords":
            end = f'<error code="badArgument">no {key} or {quote(key)} here</error></OAI-PMH>'
            return Reply(reply.body.partition(b"<request>")[0] + end.encode())
        return Reply(reply.body.replace(b"<request>", f'<request x="& {key}">'.encode()))

    fake.spoil = spoil


def test_a_secret_that_was_used_is_found_nowhere(sqlite_hub: Hub) -> None:
    with fake_repository(9) as fake:
        echoing(fake)
        url = f"{fake.url}?mode=x&token=b4s3k3y"
        words = ("repository", "add", "m", url, "--allow-private-address", "--no-probe")
        assert sqlite_hub(*words).code == 0
        sqlite_hub("repository", "credentials", "m", "--query-key", "key", stdin=SECRET)
        said = [sqlite_hub("harvest", "m", "-v"), sqlite_hub("harvest", "m", "--json", "-v")]
        assert {one.arguments.get("key") for one in fake.requests} == {SECRET}
        said += [sqlite_hub("harvests", "--json"), sqlite_hub("harvests"), sqlite_hub("status")]
        said += [sqlite_hub("repository", "show", "m"), sqlite_hub("records", "--json")]
    text = "".join(ran.out + ran.err for ran in said)
    for form in (SECRET, quote(SECRET, safe=""), "b4s3k3y"):
        assert form not in text
    kept = texts_of(sqlite_hub.environ["GARNERY_DATABASE_URL"].removeprefix("sqlite:///"))
    assert "badArgument" in kept
    for form in (SECRET, quote(SECRET, safe=""), "b4s3k3y"):
        assert form not in kept


def texts_of(database: str) -> str:
    """All texts that the hub keeps, but for where the secrets themselves and the records are."""
    own = {("repositories", "credentials"), ("repositories", "base_url"), ("harvests", "scope"),
           ("repositories", "scope")}  # fmt: skip
    found = []
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            rows = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            for row in rows:
                found += [
                    f"{table}.{name}: {value}"
                    for name, value in zip(names, row, strict=True)
                    if isinstance(value, str) and (table, name) not in own
                ]
    return "\n".join(found)


def test_a_secret_is_no_argument_of_any_process(joined: Hub) -> None:
    """The command has no option that takes a secret."""
    said = joined("repository", "credentials", "--help").out
    assert "--password " not in said
    assert "--secret" not in said
    assert subprocess.list2cmdline(["--bearer"]) in said
