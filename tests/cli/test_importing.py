"""`garnery import` and `garnery export`: records from files, repositories as TOML."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import click
import pytest

from app.cli import beginning
from app.cli.manners import Call
from app.errors import ConfigurationError
from tests.cli.conftest import Hub
from tests.fakes.scripted import Reply, scripted
from tests.harvesters.static_documents import datacite, dublin_core, plain, static_repository
from tests.system.source import Source


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "a.xml").write_text(dublin_core("a"))
    line = {"identifier": "oai:x:1", "metadata": dublin_core("b")}
    (folder / "b.jsonl").write_text(json.dumps(line) + "\n")
    return folder


def test_files_are_imported_and_nothing_is_removed(hub: Hub, dump: Path, tmp_path: Path) -> None:
    assert hub("repository", "add", "f", "--kind", "files").code == 0
    ran = hub("import", "records", "f", str(dump), "--json")
    assert ran.code == 0, ran.err
    assert (ran.document["kind"], ran.document["new"]) == ("window", 2)
    more = tmp_path / "more.xml"
    more.write_text(static_repository(plain("c") | {"oai_datacite": {"c": datacite("c")}}))
    assert hub("import", "records", "f", str(more), str(dump / "a.xml")).code == 0
    found = hub("records", "--repository", "f", "--json").document["items"]
    assert {one["origin"]["identifier"] for one in found} == {
        "a.xml", "oai:x:1", "oai:fake.example:c",
    }  # fmt: skip
    assert {one["format"] for one in found} == {"oai_dc", "datacite"}
    again = hub("import", "records", "f", str(dump), "--json").document
    assert (again["unchanged"], again["new"], again["removed"]) == (2, 0, 0)


def test_the_format_of_a_static_repository_can_be_chosen(sqlite_hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "s.xml"
    file.write_text(static_repository(plain("c") | {"oai_datacite": {"c": datacite("c")}}))
    sqlite_hub("repository", "add", "f", "--kind", "files")
    assert sqlite_hub("import", "records", "f", str(file), "--prefix", "oai_dc").code == 0
    (found,) = sqlite_hub("records", "--json").document["items"]
    assert (found["format"], found["origin"]["prefix"]) == ("oai_dc", "oai_dc")


def test_exit_codes_are_those_of_a_harvest(sqlite_hub: Hub, dump: Path, tmp_path: Path) -> None:
    sqlite_hub("repository", "add", "f", "--kind", "files")
    (dump / "c.xml").write_text("<dc><title>broken</dc>")
    assert sqlite_hub("import", "records", "f", str(dump)).code == 10
    (dump / "c.xml").write_text(dublin_core("c")[:-9])
    ran = sqlite_hub("import", "records", "f", str(dump))
    assert ran.code == 11
    assert "c.xml ends in the middle" in ran.out
    assert sqlite_hub("import", "records", "f", str(tmp_path / "nothing")).code == 2
    assert sqlite_hub("import", "records", "nobody", str(dump)).code == 3


def test_records_are_imported_into_files_alone(sqlite_hub: Hub, dump: Path, member: Source) -> None:
    sqlite_hub.add("m", member, "--no-probe")
    ran = sqlite_hub("import", "records", "m", str(dump))
    assert ran.code == 5
    assert "--kind files" in ran.err
    sqlite_hub("repository", "add", "own", str(dump), "--kind", "files")
    ran = sqlite_hub("import", "records", "own", str(dump))
    assert ran.code == 5
    assert "folder of its own" in ran.err


def test_a_folder_is_added_and_harvested(hub: Hub, dump: Path) -> None:
    ran = hub("repository", "add", "f", str(dump), "--kind", "files", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["base_url"] == dump.resolve().as_uri()
    ran = hub("harvest", "f", "--json")
    assert (ran.code, ran.document["new"], ran.document["kind"]) == (0, 2, "full")
    ran = hub("harvest", "f", "--kind", "sweep", "--json")
    assert (ran.code, ran.document["unchanged"]) == (0, 2)


def test_a_repository_for_imports_is_never_due(sqlite_hub: Hub, dump: Path) -> None:
    sqlite_hub("repository", "add", "f", "--kind", "files")
    sqlite_hub("repository", "edit", "f", "--every", "6h")
    assert "next" not in sqlite_hub("repository", "show", "f", "--json").document
    assert sqlite_hub("harvest", "--all").code == 0
    assert sqlite_hub("harvest", "--due").code == 0
    assert sqlite_hub("harvest", "f").code == 13
    assert sqlite_hub("status").code == 0
    sqlite_hub("repository", "edit", "f", "--base-url", str(dump))
    assert sqlite_hub("repository", "show", "f", "--json").document["next"]
    assert sqlite_hub("harvest", "--all").code == 0


def test_a_static_repository_is_added_by_what_it_says(hub: Hub) -> None:
    text = static_repository(plain("a", "b")).encode()
    with scripted(lambda _: Reply(text)) as script:
        words = ("repository", "add", "s", script.url, "--kind", "static")
        assert hub(*words).code == 5
        ran = hub(*words, "--allow-private-address")
        assert ran.code == 0, ran.err
        assert "A static one" in ran.out
        ran = hub("harvest", "s", "--json")
        assert (ran.code, ran.document["new"]) == (0, 2), ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("/no/such/folder", "--kind", "files"),
        ("--kind", "files", "--set", "a"),
        ("--kind", "static"),
        ("file:///tmp",),
        ("--kind", "static", "file:///etc/passwd"),
        ("https://x.example/oai", "--prefix", "auto", "--prefix", "oai_dc"),
    ],
)
def test_what_cannot_be_added_is_a_usage_error(sqlite_hub: Hub, words: tuple[str, ...]) -> None:
    assert sqlite_hub("repository", "add", "f", *words).code == 2


def test_repositories_go_out_and_come_back(
    hub: Hub, dump: Path, tmp_path: Path, member: Source
) -> None:
    words = ("--set=a", "--set=b", "--every=6h", "--paused", "--private", "--option=guard_hold=0.5")
    hub.add(
        "m", member, "--title", 'A "quoted" \\ title\n', "--prefix", "x", "--prefix", "y", *words
    )
    hub("repository", "add", "f", str(dump), "--kind", "files")
    file = tmp_path / "r.toml"
    assert hub("export", "repositories", "--output", str(file)).code == 0
    tables = {one["name"]: one for one in tomllib.loads(file.read_text())["repository"]}
    assert tables["m"]["prefix"] == "x y"
    assert tables["m"]["sets"] == ["a", "b"]
    assert tables["m"]["options"] == {"guard_hold": 0.5}
    assert hub("import", "repositories", str(file), "--json").document["items"] == [
        {"repository": "f", "state": "unchanged"},
        {"repository": "m", "state": "unchanged"},
    ]
    hub("repository", "edit", "m", "--title", "Another", "--all-sets")
    ran = hub("import", "repositories", str(file), "--dry-run", "--json").document["items"][1]
    assert ran == {"repository": "m", "state": "changed", "changed": ["sets", "title"]}
    assert hub("repository", "show", "m", "--json").document["title"] == "Another"
    before = hub("repository", "show", "m", "--json").document
    hub("import", "repositories", str(file))
    after = hub("repository", "show", "m", "--json").document
    assert (after["title"], after["sets"]) == ('A "quoted" \\ title\n', ["a", "b"])
    assert {**after, "title": 0, "sets": 0} == {**before, "title": 0, "sets": 0}


def test_a_file_makes_a_hub(sqlite_hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "r.toml"
    file.write_text('[[repository]]\nname = "n"\nbase_url = "https://n.example/oai"\n')
    assert "n is added" in sqlite_hub("import", "repositories", str(file)).out
    shown = sqlite_hub("repository", "show", "n", "--json").document
    assert (shown["title"], shown["every"], shown["prefix"]) == ("n", "1d", "auto")
    assert shown["next"]


def test_keys_are_not_in_the_file_and_stay_in_the_hub(sqlite_hub: Hub, tmp_path: Path) -> None:
    url = "https://n.example/oai?apikey=s3cret"
    sqlite_hub("repository", "add", "n", url, "--no-probe", "--allow-private-address")
    file = tmp_path / "r.toml"
    file.write_text(sqlite_hub("export", "repositories").out)
    assert "s3cret" not in file.read_text()
    ran = sqlite_hub("import", "repositories", str(file), "--json")
    assert ran.document["items"][0]["state"] == "unchanged"
    file.write_text(file.read_text().replace('"n"', '"new"'))
    ran = sqlite_hub("import", "repositories", str(file))
    assert ran.code == 4
    assert "put the key" in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = ", "not TOML"),
        ("[hub]\n", "nothing else"),
        ("[[repository]]\nbase_url = 'https://a.example'\n", "no name"),
        ("[[repository]]\nname = 'a'\nbase = 'x'\n", "Did you mean `base_url`"),
        ("[[repository]]\nname = 'a'\npaused = 'yes'\n", "cannot be"),
        ("[[repository]]\nname = 'a'\nkind = 'ftp'\n", "no kind"),
        ("[[repository]]\nname = 'a'\nkind = 'files'\nbase_url = '/x'\n", "file:///"),
        ("[[repository]]\nname = 'a'\ncredentials = 'x'\n", "no setting"),
        (
            "[[repository]]\nname = 'a'\nbase_url = 'https://a.b'\noptions = {read_timeuot = 5}\n",
            "read_timeout",
        ),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    sqlite_hub: Hub, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "r.toml"
    good = "[[repository]]\nname = 'good'\nbase_url = 'https://a.example/oai'\n"
    file.write_text(good + text if text.startswith("[[") else text)
    ran = sqlite_hub("import", "repositories", str(file))
    assert ran.code in (2, 4)
    assert told in ran.err
    assert sqlite_hub("repository", "list", "--json").document["total"] == 0


def test_records_go_out_to_a_file_and_come_back(hub: Hub, dump: Path, tmp_path: Path) -> None:
    hub("repository", "add", "f", str(dump), "--kind", "files")
    hub("harvest", "f", "-q")
    file = tmp_path / "out.jsonl"
    assert hub("export", "records", "--format", "jsonl", "--output", str(file)).code == 0
    assert len(file.read_text().splitlines()) == 2
    assert not list(tmp_path.glob("*.part"))
    hub("repository", "add", "g", "--kind", "files")
    ran = hub("import", "records", "g", str(file), "--json")
    assert (ran.code, ran.document["new"]) == (0, 2), ran.err
    titles = {r["title"] for r in hub("records", "--repository=g", "--json").document["items"]}
    assert titles == {"a", "b"}
    assert hub("export", "records", "--format", "nonsense").code == 2
    assert hub("export", "records", "--repository", "x", "--format", "ids").code == 3
    assert len(hub("export", "records", "--format", "ids").lines) == 4


def test_what_is_exported_imported_and_exported_again_is_the_same(
    sqlite_hub: Hub, sqlite_template: Path, tmp_path: Path
) -> None:
    sqlite_hub("repository", "add", "f", "--kind", "files", "--private")
    sqlite_hub(
        "repository", "add", "n", "https://n.example/oai", "--no-probe", "--set", "a", "--set", "b",
        "--title", 'A "title"\u2028\x7f', "--every", "cron 0 3 * * 0", "--option", "guard_hold=0.5",
        "--paused",
    )  # fmt: skip
    text = sqlite_hub("export", "repositories").out
    assert text.count("[[repository]]") == 2
    (tmp_path / "repositories.toml").write_text(text)
    (tmp_path / "garnery.toml").write_text("")
    shutil.copyfile(sqlite_template, tmp_path / "other.sqlite3")
    other = Hub(f"sqlite:///{tmp_path}/other.sqlite3")
    beside = ("--config", f"{tmp_path}/garnery.toml")
    first = other("import", "repositories", *beside, "--json").document["items"]
    assert [one["state"] for one in first] == ["added", "added"]
    assert other("export", "repositories").out == text
    second = other("import", "repositories", *beside)
    assert (second.code, second.lines[-1]) == (0, "Nothing changes: all is as the file says.")
    assert other("export", "repositories").out == text


def test_a_start_applies_the_file_beside_the_settings_once(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "garnery.toml").write_text(f'[database]\nurl = "{sqlite_url}"\n')
    file = tmp_path / "repositories.toml"
    call = Call(json=False, config=f"{tmp_path}/garnery.toml", quiet=True, verbose=False)
    with click.Context(click.Command("up")):
        assert beginning.apply(call) == 0
        file.write_text('[[repository]]\nname = "n"\nbase_url = "https://n.example/oai"\n')
        assert beginning.apply(call) == 1
        call.store.repositories.edit("n", title="By hand")
        assert beginning.apply(call) == 0
        assert call.store.repositories.get("n").title == "By hand"
        file.write_text(file.read_text() + 'title = "By the file"\n')
        assert beginning.apply(call) == 1
        assert call.store.repositories.get("n").title == "By the file"
        file.write_text("[[repository]]\n")
        with pytest.raises(ConfigurationError, match=r"repositories\.toml: Table 1 has no name"):
            beginning.apply(call)
