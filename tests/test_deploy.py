"""What lies in `deploy/` fits the program, and is read without complaint by what it is for."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli import main
from app.settings import known

DEPLOY = Path(__file__).parents[1] / "deploy"
FILES = ("Dockerfile", "compose.yaml", "Caddyfile", "nginx.conf", "garnery@.service")
OURS = {"GARNERY_CONFIG", "GARNERY_SITE", "GARNERY_WEB"}
"""Variables that are no settings: the file of settings, and two that only the Caddyfile reads."""


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def tool(name: str) -> str:
    """Return a program, or skip; where CI runs it must be there."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None and os.environ.get("GARNERY_SHARED") == "required":
        pytest.fail(f"{name} is not installed")
    return found or pytest.skip(f"needs {name}")


def run(*command: str, **environ: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, **environ}
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    return output


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_a_setting(name: str) -> None:
    settings = {"GARNERY_" + dotted.replace(".", "_").upper() for dotted, _, _ in known()}
    used = set(re.findall(r"\bGARNERY_[A-Z_]+\b", text(name)))
    assert {one.removesuffix("_FILE") for one in used} - settings - OURS == set()


def commands() -> Iterator[list[str]]:
    yield from (
        shlex.split(line)
        for line in re.findall(r"^\s*command: (\[.*\])", text("compose.yaml"), re.M)
    )
    unit = text("garnery@.service")
    (line,) = re.findall(r"^ExecStart=\S+/garnery (.*)$", unit, re.M)
    for instance in set(re.findall(r"garnery@(\w+)", unit)):
        yield shlex.split(line.replace("%i", instance))
    yield re.findall(r'"([^"]+)"', re.findall(r"^CMD (\[.*\])", text("Dockerfile"), re.M)[-1])


def test_every_command_is_one_of_the_program() -> None:
    tried = [[word.strip("[],") for word in words] for words in commands()]
    assert len(tried) > 6
    for words in tried:
        command: click.Command = main
        context = click.Context(main)
        rest = list(words)
        while isinstance(command, click.Group):
            _, command, rest = command.resolve_command(context, rest)  # type: ignore[assignment]
            assert command is not None, words
        command.make_context(words[-1], rest)


def test_the_image_holds_what_the_package_is_built_from() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.M))
    names = {name for line in copied for name in line.split()}
    ignored = text("Dockerfile.dockerignore").splitlines()
    assert {f"!{name}" for name in names} == {line for line in ignored if line.startswith("!")}
    assert all((DEPLOY.parent / name).exists() for name in names)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    program = Path(sys.executable).with_name("garnery")
    unit = text("garnery@.service").replace("/opt/garnery/bin/garnery", str(program))
    (tmp_path / "garnery@.service").write_text(unit)
    assert run(analyze, "verify", "--man=no", str(tmp_path / "garnery@up.service")) == ""


def test_nginx_takes_its_part(tmp_path: Path) -> None:
    nginx, openssl = tool("nginx"), tool("openssl")
    key, certificate = tmp_path / "hub.key", tmp_path / "hub.pem"
    run(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=hub",
        "-keyout", str(key), "-out", str(certificate))  # fmt: skip
    part = text("nginx.conf").replace("/etc/ssl/private/hub.key", str(key))
    part = part.replace("/etc/ssl/certs/hub.pem", str(certificate))
    (tmp_path / "part.conf").write_text(part)
    http = f"access_log off; include {tmp_path}/part.conf;"
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {http} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    assert "successful" in run(nginx, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))


def test_caddy_takes_its_file() -> None:
    caddy = tool("caddy")
    output = run(caddy, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))
    assert "Valid configuration" in output
