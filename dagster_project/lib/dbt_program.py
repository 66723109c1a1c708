"""dbt's command line, as builds run it: the same commands and options, started and ended sooner.

dbt loads two hundred thousand objects that it needs to its end. Python's garbage collector would look through them
again and again meanwhile, and the process would free them one by one at last.
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
