"""The `garnery` command: the register of its commands.

Command modules import nothing heavy at their top, so that `garnery --help` answers at once.
"""

from __future__ import annotations

from app.cli import (
    alerts,
    checks,
    configuration,
    crosswalk,
    database,
    decisions,
    dumping,
    exporting,
    formats,
    harvesters,
    harvests,
    importing,
    overview,
    processes,
    queue,
    records,
    registers,
    reingest,
    repositories,
    use,
)
from app.cli.ending import Root

main = Root(
    "garnery",
    help="A metadata hub: harvests research repositories and hands their records on.",
    epilog="Every command takes --help and --json. The manual: docs/commands.md.",
)
for _command in (
    processes.up,
    processes.serve,
    processes.work,
    processes.schedule,
    processes.demo,
    overview.status,
    repositories.repository,
    harvests.harvest,
    harvests.harvests,
    queue.jobs,
    harvesters.harvesters,
    use.use,
    decisions.decisions,
    records.record,
    records.records,
    exporting.export,
    dumping.dump,
    importing.import_,
    crosswalk.crosswalk,
    reingest.reingest,
    formats.formats,
    registers.styles,
    registers.problems,
    checks.check,
    alerts.alerts,
    database.db,
    configuration.config,
):
    main.add_command(_command)
