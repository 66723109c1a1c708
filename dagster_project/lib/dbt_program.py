"""dbt's command line, as builds run it: the same commands and options, started and ended sooner.

What dbt loads it needs to its end. Python's garbage collector would look through all of it again and again meanwhile (a
quarter of the time that takes), and the process would free it object by object at last (three quarters of a second).
"""

import atexit
import gc
import os
import sys


def main() -> None:
    """Run dbt with this process's arguments, and end the process with dbt's exit code."""
    gc.disable()
    code = 0

    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    # What is registered first is called last: dbt has closed its files and the database by then.
    atexit.register(leave)

    from dbt.cli.main import cli

    try:
        cli()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        raise
    except BaseException:
        code = 1
        raise
