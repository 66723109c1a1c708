"""dbt's command line, as builds run it: the same commands and options, started and ended sooner.

What dbt loads it needs to its end. Python's garbage collector would look through all of it again and again meanwhile (a
quarter of the time that takes), and the process would free it object by object at last (three quarters of a second).
"""

import atexit
import gc
import json
import os
import sys
from pathlib import Path

TOLD_LATER = "--told-later"
"""The only argument of a process that loads dbt and then reads a command's arguments, as JSON, from its input."""


def main() -> None:
    """Run dbt with this process's arguments, or those it is told later, and end it with dbt's exit code."""
    gc.disable()
    code = 0

    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    # What is registered first is called last: dbt has closed its files and the database by then.
    atexit.register(leave)
    try:
        if sys.argv[1:] == [TOLD_LATER]:
            code = _build_what_is_told()
            return
        from dbt.cli.main import cli

        cli()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        raise
    except BaseException:
        code = 1
        raise


def _build_what_is_told() -> int:
    """Let dbt run a command. Says what happens as JSON, a line an event; returns dbt's exit code.

    dbt's manifest is not written, which takes half a second a run and has one option with its results; and dbt's own
    log, which puts every event into words before it drops those of no interest, is off.
    """
    import dbt.adapters.duckdb  # noqa: F401  dbt would load it when it is told
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner
    from dbt_common.events.base_types import EventMsg
    from dbt_common.events.functions import env_scrubber, msg_to_json

    from dagster_project.lib.dbt_plugin import checkpoint

    def say(event: EventMsg) -> None:
        if event.info.level != "debug":
            sys.stdout.write(f"{env_scrubber(msg_to_json(event))}\n")
            sys.stdout.flush()

    told = sys.stdin.read()
    if not told:
        return 0
    ended = dbtRunner(callbacks=[say]).invoke(["--no-write-json", "--log-level", "none", *json.loads(told)])
    checkpoint()
    if isinstance(ended.result, RunExecutionResult):
        ended.result.write(str(Path(os.environ["DBT_TARGET_PATH"]) / "run_results.json"))
    if ended.exception is not None:
        sys.stderr.write(f"{ended.exception}\n")
        return 2
    return 0 if ended.success else 1
