# SPDX-License-Identifier: MIT
"""What the tests of the programs share: argv[1:4] are ugvt, ugvtd and ugvt-vgpu."""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from programs import copied, environment

UGVT, UGVTD, WORKER = copied(sys.argv[1:4])
UUID = "c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"
UUID_FORM = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$")
V5_1, V5_2, V5_4, V5_8 = (f"i915-GVTg_V5_{n}" for n in (1, 2, 4, 8))
# Exit statuses, as ugvt(1) has them.
OTHER, INVALID, NO_MANAGER, NOT_FOUND, IN_USE, NO_ROOM, DENIED, FAILED_WORKER = range(1, 9)
# For what takes no time, unless something is broken.
LONG = 60
NOBODY = 65534


def wait_until(condition, what):
    deadline = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.01)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


class Case(unittest.TestCase):
    """A temporary folder, and a manager in it if wanted."""

    def setUp(self):
        self.cleanup = contextlib.ExitStack()
        self.addCleanup(self.cleanup.close)
        self.top = pathlib.Path(self.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="ugvt-cli.")))
        self.run_dir = self.top / "run"
        self.definitions = self.top / "mdevctl.d"
        self.cleanup.callback(self.kill_workers)
        self.manager = None
        self.stubborn = False  # workers need not stop by themselves

    def start_manager(self, *options, config=None):
        if config is not None:
            (self.top / "conf").write_text(config, encoding="utf-8")
            options = ("--config", str(self.top / "conf"), *options)
        else:
            (self.top / "conf").write_text("", encoding="utf-8")
            options = ("--config", str(self.top / "conf"), *options)
        log = self.cleanup.enter_context(open(self.top / "log", "ab"))
        self.definitions.mkdir(exist_ok=True)
        options = ("--definitions", str(self.definitions), *options)
        manager = subprocess.Popen([UGVTD, "--run-dir", str(self.run_dir), *options], stderr=log, env=environment(),
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.manager = manager
        self.cleanup.callback(self.end_manager, manager)
        wait_until(lambda: manager.poll() is not None or self.ugvt("list").returncode == 0, "the manager starts")
        self.assertIsNone(manager.poll(), self.log())
        return manager

    def end_manager(self, manager):
        """With all of its vGPUs."""
        if manager.poll() is None:
            self.ugvt("stop", "--all")
            manager.terminate()
            self.assertEqual(manager.wait(LONG), 0, self.log())
        if not self.stubborn:
            self.assertNotIn("did not stop as it should", self.log())

    def leave_manager(self):
        """Ends the manager as for an upgrade: vGPUs run on."""
        self.manager.terminate()
        self.assertEqual(self.manager.wait(LONG), 0, self.log())

    def kill_workers(self):
        """Those that a failed test left."""
        for lock in self.run_dir.glob("*/lock"):
            with open(lock, encoding="ascii") as file, contextlib.suppress(ValueError, ProcessLookupError):
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.kill(int(file.read()), signal.SIGKILL)

    def log(self):
        return (self.top / "log").read_text(errors="replace")

    def ugvt(self, *arguments, run_dir=True, user=None, **more):
        where = {"UGVT_RUN_DIR": str(self.run_dir)} if run_dir else {}
        return subprocess.run([UGVT, *map(str, arguments)], capture_output=True, text=True, env=environment(**where, **more),
                              timeout=LONG, check=False, user=user,
                              cwd="/" if user else self.top)

    def ok(self, *arguments):
        done = self.ugvt(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}\n{self.log()}")
        self.assertEqual(done.stderr, "")
        return done.stdout

    def fails(self, status, *arguments, says=(), **how):
        done = self.ugvt(*arguments, **how)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stderr}")
        self.assertEqual(done.stdout, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr)
        return done.stderr

    def start(self, *arguments):
        return self.ok("start", *arguments).strip()

    def show(self, uuid):
        return json.loads(self.ok("show", "--dumpjson", uuid))

    def client(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.cleanup.callback(connection.close)
        connection.settimeout(LONG)
        connection.connect(str(self.run_dir / "control"))
        return connection
