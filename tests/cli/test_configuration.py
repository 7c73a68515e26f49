from __future__ import annotations

from pathlib import Path

import pytest

from app import settings
from app.errors import ConfigurationError
from tests.cli.commandline import garnery


def test_every_setting_tells_where_it_comes_from_and_the_later_source_wins(tmp_path: Path) -> None:
    file = tmp_path / "garnery.toml"
    file.write_text('[hub]\ntitle = "File"\nabout = "File"\ncontact = "a@b.example"\n')
    ran = garnery(
        "--setting", "hub.title=Flag", "config", "--json", "--config", str(file),
        "--setting", "web.port=9000",
        GARNERY_HUB_TITLE="Variable", GARNERY_HUB_ABOUT="Variable",
    )  # fmt: skip
    found = ran.document
    assert found["hub.title"] == {"value": "Flag", "source": "flag", "place": "--setting"}
    assert found["web.port"]["value"] == 9000
    assert found["hub.about"] == {
        "value": "Variable",
        "source": "environment",
        "place": "GARNERY_HUB_ABOUT",
    }
    assert found["hub.contact"] == {"value": "a@b.example", "source": "file", "place": str(file)}
    assert found["web.host"] == {"value": "127.0.0.1", "source": "default"}
    assert set(found) == {dotted for dotted, _, _ in settings.known()}


def test_no_secret_is_shown_and_what_is_not_the_default_is_marked(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")
    environ = {
        "GARNERY_OAI_SECRET": "quite-hidden",
        "GARNERY_DATABASE_URL": "postgresql+psycopg://me:hidden@db/x",
        "GARNERY_SMTP_PASSWORD": "hidden",
        "GARNERY_ALERTS_WEBHOOK": "https://chat.example.org/hidden/path",
        "GARNERY_METRICS_TOKEN_FILE": str(secret),
    }
    ran = garnery("config", GARNERY_HUB_TITLE="My hub", **environ)
    assert "*  hub.title" in ran.out
    assert "My hub" in ran.out
    assert "GARNERY_METRICS_TOKEN_FILE, token_file" in ran.out
    assert "hidden" not in ran.out
    assert "from-a-file" not in ran.out
    assert "hidden" not in garnery("config", "--json", **environ).out


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    config = tmp_path / "garnery.toml"
    config.write_text(f'[oai]\nsecret_file = "{tmp_path}/secret"\n')
    assert settings.load(str(config), {}).oai.secret == "from a file"
    variable = {"GARNERY_SMTP_PASSWORD_FILE": f"{tmp_path}/secret"}
    assert settings.load(str(config), variable).smtp.password == "from a file"
    missing = {"GARNERY_SMTP_PASSWORD_FILE": f"{tmp_path}/none"}
    with pytest.raises(ConfigurationError, match="cannot be read"):
        settings.load(str(config), missing)


@pytest.mark.parametrize(
    ("file", "environ", "flags", "words"),
    [
        ("[hub]\ntitel = 'x'\n", {}, (), "`hub.titel`. Did you mean `hub.title`"),
        ("", {"GARNERY_HUB_TITEL": "x"}, (), "Did you mean `GARNERY_HUB_TITLE`"),
        ("", {"GARNERY_WEB_NOTHING": "x"}, (), "no variable `GARNERY_WEB_NOTHING`"),
        ("", {}, ("web.prot=1",), "Did you mean `web.port`"),
        ("", {}, ("web.port",), "section.key=value"),
        ("", {}, ("web.port=many",), "web.port"),
        ("[hub]\ntitle_file = 'x'\n", {}, (), "no setting `hub.title_file`"),
        ("", {"GARNERY_LOGS_FORMAT": "xml"}, (), "none of console, json"),
        ("", {"GARNERY_METRICS_ACCESS": "token"}, (), "metrics.token is empty"),
        ("", {"GARNERY_ALERTS_MAIL": "a@b.example"}, (), "smtp.host is empty"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may_be_meant(
    file: str, environ: dict[str, str], flags: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "garnery.toml"
    path.write_text(file)
    with pytest.raises(ConfigurationError) as refused:
        settings.load(str(path), environ, flags)
    assert words in str(refused.value)


def test_variables_of_others_do_not_disturb(tmp_path: Path) -> None:
    path = tmp_path / "garnery.toml"
    path.write_text("")
    environ = {
        "GARNERY_SERVICE_HOST": "10.0.0.1",
        "GARNERY_PORT": "tcp://10.0.0.1:80",
        "GARNERY_WEB_PORT": "tcp://10.0.0.1:80",
        "GARNERY_WEB_PORT_8080_TCP_ADDR": "10.0.0.1",
        "GARNERY_SHARED_FOLDER": "/x",
        "GARNERY_BENCH_FOLDER": "/x",
    }
    assert settings.load(str(path), environ) == settings.Settings()
