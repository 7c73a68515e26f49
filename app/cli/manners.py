"""What all commands share: the common options, and the `Call` that each command is given.

Settings are read and the database is opened only when a command asks for them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store import Store

Body = Callable[..., Any]


def common_options() -> list[click.Option]:
    """Return the options that every command takes."""
    return [
        click.Option(["--json"], is_flag=True, help="Print one JSON document on stdout."),
        click.Option(["--config"], metavar="PATH", help="Read the settings from this file."),
        click.Option(
            ["--setting"],
            multiple=True,
            metavar="KEY=VALUE",
            help="A setting for this call, such as web.port=9000. May be repeated.",
        ),
        click.Option(["-q", "--quiet"], is_flag=True, help="No words for people on stderr."),
        click.Option(["-v", "--verbose"], is_flag=True, help="More words on stderr."),
    ]


class Call:
    """One call of a command: its common options, and its way to settings, store and output."""

    def __init__(
        self,
        *,
        json: bool,
        config: str | None,
        quiet: bool,
        verbose: bool,
        setting: tuple[str, ...] = (),
    ) -> None:
        self.json = json
        self.config = config
        self.flags = setting
        self.quiet = quiet
        self.verbose = verbose

    @functools.cached_property
    def settings(self) -> Settings:
        """The settings; raises ConfigurationError."""
        from app.settings import load

        return load(self.config, flags=self.flags)

    @property
    def environ(self) -> dict[str, str]:
        """The variables that give a child process the settings of this call."""
        from app.setting_sources import variable_of

        given = {"GARNERY_CONFIG": self.config} if self.config else {}
        for flag in self.flags:
            dotted, _, value = flag.partition("=")
            given[variable_of(dotted.strip())] = value
        return given

    @functools.cached_property
    def store(self) -> Store:
        """The database, open until the command ends; raises StoreError with the cure."""
        from app.store import open_store

        store = open_store(self.settings.database.url)
        click.get_current_context().call_on_close(store.dispose)
        return store

    def say(self, sentence: str) -> None:
        """Tell a person something, on stderr."""
        if not self.quiet:
            click.echo(sentence, err=True)

    def detail(self, sentence: str) -> None:
        """Tell a person who asked for more."""
        if self.verbose:
            self.say(sentence)

    def document(self, value: object) -> None:
        """Print the one JSON document of this call."""
        import msgspec

        text = msgspec.json.format(msgspec.json.encode(value), indent=2)
        click.echo(text.decode())

    def show(self, value: object, lines: Callable[[], Iterable[str]]) -> None:
        """Print the document with `--json`, else the lines for a person."""
        if self.json:
            self.document(value)
        else:
            for line in lines():
                click.echo(line)


class GarneryCommand(click.Command):
    """A command that takes the common options besides its own."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params.extend(common_options())


class GarneryGroup(click.Group):
    """A group of commands, such as `garnery repository …`; it takes the common options too."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params.extend(common_options())


def command(name: str, **attributes: Any) -> Callable[[Body], click.Command]:
    """Make a function `f(call, **its options)` a command."""
    return lambda body: click.command(name, cls=GarneryCommand, **attributes)(_given_a_call(body))


def group(name: str, **attributes: Any) -> Callable[[Body], GarneryGroup]:
    """Make a function `f(call, **its options)` a group; called alone only without a command."""

    def make(body: Body) -> GarneryGroup:
        made: GarneryGroup = click.group(name, cls=GarneryGroup, **attributes)(_given_a_call(body))
        return made

    return make


def add_to(parent: click.Group, name: str, **attributes: Any) -> Callable[[Body], click.Command]:
    """Make a function a command of a group."""

    def make(body: Body) -> click.Command:
        made = command(name, **attributes)(body)
        parent.add_command(made)
        return made

    return make


def _given_a_call(body: Body) -> Body:
    @functools.wraps(body)
    def run(**options: Any) -> Any:
        context = click.get_current_context()
        merged = _merge(_above(context), {key: options.pop(key) for key in _COMMON})
        context.obj = merged
        return body(Call(**merged), **options)

    return run


_COMMON = ("json", "config", "setting", "quiet", "verbose")


def _above(context: click.Context) -> dict[str, Any]:
    outer = context.parent.obj if context.parent else None
    nothing = {"json": False, "config": None, "setting": (), "quiet": False, "verbose": False}
    return nothing | (outer or {})


def _merge(outer: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    both = {"setting": (*outer["setting"], *inner["setting"])}
    return {key: inner[key] or outer[key] for key in _COMMON} | both
