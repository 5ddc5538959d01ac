# SPDX-License-Identifier: MIT
"""How tests run the project's programs: where any user may, and in an environment that names no manager."""

import atexit
import os
import pathlib
import shutil
import tempfile


def copied(programs):
    """Where any user may run them: the build folder may be in somebody's home. They keep their places to each other."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-programs."))
    atexit.register(shutil.rmtree, place)
    place.chmod(0o755)
    for program in map(pathlib.Path, programs):
        folder = place / program.resolve().parent.name
        folder.mkdir()
        folder.chmod(0o755)
        yield shutil.copy(program, folder)


def environment(**more):
    clean = {k: v for k, v in os.environ.items() if k not in ("UGVT_RUN_DIR", "XDG_RUNTIME_DIR")}
    return {**clean, **more}
