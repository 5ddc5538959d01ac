# SPDX-License-Identifier: MIT
"""For Python programs that look at a vGPU while a guest runs on it: a manager of their own, and the guest runner."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]


class LabError(Exception):
    """What went wrong outside the guest; its text is for the user."""


class Manager:
    """The ugvtd of a build folder, in a run directory of its own; a context manager."""

    def __init__(self, build, config=None):
        self.build = pathlib.Path(build).resolve()
        # Being told to end unwinds, too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.guests = []
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-lab."))
        self.run_dir = self.folder / "run"
        command = [self.build / "manager/ugvtd", "--run-dir", self.run_dir,
                   "--definitions", self.folder / "mdevctl.d"]
        if config is not None:
            (self.folder / "conf").write_text(config)
            command += ["--config", self.folder / "conf"]
        with open(self.folder / "log", "wb") as log:
            try:
                self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            except OSError as error:
                shutil.rmtree(self.folder)
                raise LabError(f"{error}: build first") from error

    def __enter__(self):
        for _ in range(200):
            try:
                self.ugvt("list")
                return self
            except LabError:
                time.sleep(0.05)
        log = (self.folder / "log").read_text()
        self.__exit__()
        raise LabError(f"ugvtd does not start: {log}")

    def __exit__(self, *_):
        for guest in self.guests:
            guest.end()
        # On its own the manager would leave the vGPUs running.
        with contextlib.suppress(LabError):
            self.ugvt("stop", "--all")
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    def ugvt(self, *arguments):
        """What `ugvt ARGUMENTS` prints."""
        done = subprocess.run([self.build / "cli/ugvt", "--run-dir", self.run_dir, *arguments],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError(done.stderr.strip())
        return done.stdout

    def start(self, kind):
        return self.ugvt("start", "-t", kind).strip()

    def stop(self, uuid):
        self.ugvt("stop", "-u", uuid)

    def show(self, uuid):
        return json.loads(self.ugvt("show", "--dumpjson", uuid))


class Guest:
    """A guest that runs COMMAND on a vGPU of manager. `options` are those of tests/guest/run."""

    def __init__(self, manager, uuid, out, options, command):
        self.out = pathlib.Path(out)
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        self.log = self.out / "run.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [TOP / "tests/guest/run", "--vgpu", uuid, "--run-dir", manager.run_dir, "--out", self.out, *options,
                 "--", command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "UGVT_BUILD": str(manager.build)})
        manager.guests.append(self)

    def printed(self):
        """What COMMAND has printed so far."""
        try:
            return (self.out / "stdout").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def wait_for(self, line):
        """Returns once COMMAND has printed the line."""
        while line not in self.printed().splitlines():
            if self.process.poll() is not None:
                raise LabError(f"the guest ended before it said \"{line}\": see {self.log}")
            time.sleep(0.05)

    def let_go(self, name):
        """Lets a `host wait NAME` in the guest return."""
        (self.out / name).touch()

    def finish(self):
        """COMMAND's exit status."""
        return self.process.wait()

    def end(self):
        """Ends it if it still runs."""
        self.process.terminate()
        self.process.wait()
