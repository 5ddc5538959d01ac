# SPDX-License-Identifier: MIT
"""A manager and a mounted tree in a temporary folder, for the tests of this folder.

They are called with the programs: UGVT UGVTD UGVT-VGPU UGVT-MDEVFS [TEST...]; exit status 77 says that this machine can't run
them, and the last line printed says why.
"""

import contextlib
import errno
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
# pylint: disable=wrong-import-position
from programs import copied, environment  # noqa: E402

SKIP = 77
# For what takes no time, unless something is broken.
LONG = 120
NOBODY = 65534
PARENT = "0000:00:02.0"
V5_1, V5_2, V5_4, V5_8 = (f"i915-GVTg_V5_{n}" for n in (1, 2, 4, 8))
DIRECT = "direct"

UGVT, UGVTD, WORKER, MDEVFS = copied(sys.argv[1:5])


def uuid(n):
    return f"c1f4e5a0-8d2b-4a6e-9b7c-{n:012x}"


def wait_until(condition, what):
    deadline = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.01)


def mounted(path):
    """Whether the tree is, also if it is dead."""
    with open("/proc/self/mounts", encoding="ascii") as mounts:
        return any(line.split()[1:3] == [str(path), "fuse.ugvt-mdevfs"] for line in mounts)


def unmount(path):
    command = ["umount", "-l"] if os.geteuid() == 0 else ["fusermount3", "-u", "-z"]
    while mounted(path):
        subprocess.run([*command, str(path)], check=True)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def write(path, data, offset=None):
    """0 or the errno of open() or write(); all of data must be taken."""
    try:
        fd = os.open(path, os.O_WRONLY)
    except OSError as error:
        return error.errno
    try:
        taken = os.write(fd, data) if offset is None else os.pwrite(fd, data, offset)
        if taken != len(data):
            raise AssertionError(f"{path}: took {taken} of {len(data)} bytes")
        return 0
    except OSError as error:
        return error.errno
    finally:
        os.close(fd)


def read(path):
    """What is in it, or the errno of open() or read()."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError as error:
        return error.errno


class Case(unittest.TestCase):
    """The manager's and the mount's process are gone after each test, and so is the mount, whatever happened."""

    maxDiff = None

    def setUp(self):
        self.cleanup = contextlib.ExitStack()
        self.addCleanup(self.cleanup.close)
        self.top = pathlib.Path(self.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="ugvt-mdevfs.")))
        self.run_dir = self.top / "run"
        self.sys = self.top / "sys"
        self.definitions = self.top / "mdevctl.d"
        self.manager = None
        self.mount_process = None
        self.user = None  # None: who runs the tests

    def start_manager(self, config="", *options):
        (self.top / "conf").write_text(config, encoding="utf-8")
        log = self.cleanup.enter_context(open(self.top / "log", "ab"))
        manager = subprocess.Popen([UGVTD, "--run-dir", str(self.run_dir), "--config", str(self.top / "conf"),
                                    "--definitions", str(self.definitions), *options],
                                   stderr=log, env=environment(), user=self.user, group=self.user)
        self.manager = manager
        self.cleanup.callback(self.end_manager, manager)
        wait_until(lambda: manager.poll() is not None or self.ugvt("list").returncode == 0, "the manager starts")
        self.assertIsNone(manager.poll(), self.log())
        return manager

    def end_manager(self, manager):
        """With all its vGPUs."""
        if manager.poll() is not None:
            return
        self.ugvt("stop", "--all")
        manager.terminate()
        self.assertEqual(manager.wait(LONG), 0, self.log())

    def mount(self, *options, status=None):
        """status: to end with. None: it is to run."""
        log = self.cleanup.enter_context(open(self.top / "mdevfs.log", "ab"))
        process = subprocess.Popen([MDEVFS, "-f", "--run-dir", str(self.run_dir), *options, str(self.sys)], stderr=log,
                                   env=self.mount_environment(), user=self.user, group=self.user,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        if status is not None:
            self.cleanup.callback(process.kill)
            self.assertEqual(process.wait(LONG), status, self.log())
            return None
        self.mount_process = process
        self.cleanup.callback(self.end_mount, process)
        wait_until(lambda: process.poll() is not None or self.shell(f"test -d {self.sys}/bus").returncode == 0, "the tree is mounted")
        self.assertIsNone(process.poll(), self.log())
        return process

    def mount_environment(self):
        """libfuse keeps the buffer of a folder whose release the kernel sends later than the signal that ends the loop."""
        suppressions = self.top / "lsan"
        suppressions.write_text("leak:libfuse3.so\n", encoding="utf-8")
        suppressions.chmod(0o644)
        return {**environment(), "LSAN_OPTIONS": f"suppressions={suppressions}"}

    def end_mount(self, process):
        if process.poll() is None:
            process.terminate()
            self.assertEqual(process.wait(LONG), 0, self.log())
            self.assertFalse(mounted(self.sys))
        unmount(self.sys)

    def begin(self, config="", *options):
        self.start_manager(config, *options)
        self.mount()

    def shell(self, script, user=None):
        """Runs script in the temporary folder."""
        user = user if user is not None else self.user
        return subprocess.run(["sh", "-euc", script], capture_output=True, text=True, cwd=self.top, timeout=LONG, check=False,
                              env={**environment(), "LC_ALL": "C"}, user=user, group=user)

    def log(self):
        return "".join((self.top / name).read_text(errors="replace") for name in ("log", "mdevfs.log")
                       if (self.top / name).exists())

    def ugvt(self, *arguments):
        return subprocess.run([UGVT, "--run-dir", str(self.run_dir), *arguments], capture_output=True, text=True,
                              env=environment(), timeout=LONG, check=False)

    def call(self, method, **params):
        """The result over the control socket, or the error's code."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(LONG)
            connection.connect(str(self.run_dir / "control"))
            request = {"jsonrpc": "2.0", "id": 1, "method": method}
            connection.sendall(json.dumps({**request, **({"params": params} if params else {})}).encode() + b"\n")
            with connection.makefile("rb") as replies:
                reply = json.loads(replies.readline())
        return reply["error"]["code"] if "error" in reply else reply["result"]

    # Places in the tree.

    def parent(self, name=PARENT):
        return self.sys / "class/mdev_bus" / name

    def type(self, name, parent=PARENT):
        return self.parent(parent) / "mdev_supported_types" / name

    def vgpu(self, n):
        return self.sys / "bus/mdev/devices" / uuid(n)

    def create(self, n, name=V5_8, parent=PARENT):
        return write(self.type(name, parent) / "create", uuid(n).encode())

    def remove(self, n):
        return write(self.vgpu(n) / "remove", b"1")

    def available(self, parent=PARENT):
        return {t.name: int((t / "available_instances").read_text())
                for t in (self.parent(parent) / "mdev_supported_types").iterdir()}

    def assertErrno(self, got, wanted, what=""):
        self.assertEqual(errno.errorcode.get(got, got), errno.errorcode.get(wanted, wanted), f"{what}\n{self.log()}")


def why_not():
    """Why this machine can't mount the tree, if so."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "no access to /dev/fuse"
    if os.geteuid() != 0 and not shutil.which("fusermount3"):
        return "there is no fusermount3, which other users than root need"
    with tempfile.TemporaryDirectory(prefix="ugvt-mdevfs.") as top:
        done = subprocess.run([MDEVFS, "--run-dir", top, f"{top}/sys"], capture_output=True, text=True, check=False)
        if mounted(f"{top}/sys"):
            unmount(f"{top}/sys")
        elif done.returncode:
            return f"FUSE file systems can't be mounted: {done.stderr.strip()}".replace("\n", "; ")
    return None


def main(missing=None):
    reason = missing or why_not()
    if reason:
        print(reason)
        sys.exit(SKIP)
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
