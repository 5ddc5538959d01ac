#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_activation.py UGVT UGVTD UGVT-VGPU [TEST...]

A manager that is started by somebody who holds its control socket, as systemd does.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import case
from case import INVALID, LONG, UGVTD, UUID, V5_4, environment, wait_until


class Activated(case.Case):
    def setUp(self):
        super().setUp()
        self.run_dir.mkdir(mode=0o700)
        self.path = self.run_dir / "control"
        (self.top / "conf").touch()
        self.notices = self.cleanup.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        self.notices.bind(str(self.top / "notify"))
        self.notices.settimeout(LONG)

    def listen(self):
        listener = self.cleanup.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(str(self.path))
        listener.listen()
        return listener

    def activate(self, fd, count=1, notify=None, pid="$$"):
        """A manager that gets fd as systemd would pass it."""
        command = f'exec env LISTEN_PID={pid} LISTEN_FDS={count} "$@" 3<&{fd} {fd}<&-'
        log = self.cleanup.enter_context(open(self.top / "log", "ab"))
        manager = subprocess.Popen(["sh", "-c", command, "sh", UGVTD, "--run-dir", self.run_dir,
                                    "--config", self.top / "conf"], pass_fds=[fd], stderr=log,
                                   env=environment(NOTIFY_SOCKET=notify or str(self.top / "notify")))
        self.cleanup.callback(self.end_manager, manager)
        self.manager = manager
        return manager

    def notice(self):
        return self.notices.recv(4096).decode()

    def test_life(self):
        listener = self.listen()
        # Asked before there is anybody to answer.
        early = self.client()
        early.sendall(b'{"jsonrpc":"2.0","id":1,"method":"list"}\n')
        manager = self.activate(listener.fileno())
        self.assertIn(b'"result":[]', early.recv(4096))
        self.assertEqual(self.notice(), "READY=1")
        self.start("-u", UUID, "-t", V5_4)
        worker = self.show(UUID)["pid"]
        self.assertTrue(all("LISTEN" not in name for name in self.environment_of(worker)))
        # It goes, and leaves the socket: who asks now waits for the next one.
        manager.send_signal(signal.SIGTERM)
        self.assertEqual(self.notice(), "STOPPING=1")
        self.assertEqual(manager.wait(LONG), 0, self.log())
        self.assertTrue(self.path.is_socket())
        late = self.client()
        late.sendall(b'{"jsonrpc":"2.0","id":1,"method":"list"}\n')
        self.activate(listener.fileno())
        self.assertEqual(self.notice(), "READY=1")
        self.assertIn(UUID.encode(), late.recv(4096))
        self.assertEqual(self.show(UUID)["pid"], worker)
        self.ok("stop", UUID)

    def environment_of(self, pid):
        with open(f"/proc/{pid}/environ", encoding="utf-8") as file:
            return file.read().split("\0")

    def test_abstract_notify_socket(self):
        listener = self.listen()
        notices = self.cleanup.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        notices.settimeout(LONG)
        notices.bind(f"\0ugvt-test-{os.getpid()}")
        self.activate(listener.fileno(), notify=f"@ugvt-test-{os.getpid()}")
        self.assertEqual(notices.recv(4096), b"READY=1")

    def test_not_for_us(self):
        """Of another process's environment: a socket of our own replaces what is there."""
        listener = self.listen()
        self.activate(listener.fileno(), pid="1")
        self.assertEqual(self.notice(), "READY=1")
        self.assertEqual(self.ok("list"), "")

    def refused(self, fd, count=1):
        manager = self.activate(fd, count)
        self.assertEqual(manager.wait(LONG), INVALID, self.log())
        self.assertIn("LISTEN_FDS", self.log())

    def test_strange_descriptors(self):
        with open(self.top / "conf", "rb") as file:
            self.refused(file.fileno())
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
            self.refused(deaf.fileno())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wrong:
            self.refused(wrong.fileno())
        self.refused(self.listen().fileno(), 2)

    @unittest.skipUnless(shutil.which("systemd-socket-activate"), "there is no systemd-socket-activate")
    def test_systemd(self):
        log = self.cleanup.enter_context(open(self.top / "log", "ab"))
        manager = subprocess.Popen(["systemd-socket-activate", "-l", self.path, UGVTD, "--run-dir", self.run_dir,
                                    "--config", self.top / "conf"], stderr=log, env=environment())
        self.manager = manager
        self.cleanup.callback(manager.wait)
        self.cleanup.callback(manager.terminate)
        wait_until(self.path.is_socket, "it listens")
        self.assertEqual(self.ok("list"), "")
        self.assertIn("info ugvtd: ready", self.log())


class Cgroup(case.Case):
    """A folder with a cgroup's files stands for one."""

    def setUp(self):
        super().setUp()
        self.group = self.top / "group"
        self.vgpu = self.group / f"vgpu-{UUID}"
        for folder, files in ((self.group, ("cgroup.procs", "cgroup.subtree_control", "cgroup.controllers")),
                              (self.group / "manager", ("cgroup.procs",)),
                              (self.vgpu, ("cgroup.procs", "cpu.weight", "memory.max", "pids.max"))):
            folder.mkdir()
            for file in files:
                (folder / file).touch()
        (self.group / "cgroup.controllers").write_text("cpu memory pids\n", encoding="ascii")

    def held(self, name):
        return int((self.vgpu / name).read_text(encoding="ascii"))

    def test_limits(self):
        self.start_manager("--cgroup", self.group)
        self.assertEqual((self.group / "manager/cgroup.procs").read_text(encoding="ascii"), str(self.manager.pid))
        self.start("-u", UUID, "-t", V5_4)
        shown = self.show(UUID)
        self.assertEqual(self.held("cgroup.procs"), shown["pid"])
        # 256 MB, 8 bytes for each page of 640 MB, 16 bytes for each pixel of 1920x1200.
        memory = (256 << 20) + 8 * (640 << 8) + 16 * 1920 * 1200
        self.assertEqual(shown["limits"], {"path": str(self.vgpu), "cpu_weight": 40, "memory_max": memory,
                                           "pids_max": self.held("pids.max")})
        self.assertIn(f"Limits:            {self.vgpu}\n  CPU weight:      40\n  memory:          {memory >> 20} MB\n",
                      self.ok("show", UUID))
        # The next manager finds it again.
        for name in ("cgroup.procs", "cpu.weight", "memory.max"):
            (self.vgpu / name).write_text("", encoding="ascii")
        self.leave_manager()
        self.start_manager("--cgroup", self.group)
        self.assertEqual(self.show(UUID)["limits"], shown["limits"])
        self.assertEqual(self.held("cgroup.procs"), shown["pid"])

    def test_none(self):
        for options in (["--cgroup", "none"], ["--cgroup", self.top], []):
            self.start_manager(*options)
            self.start("-u", UUID, "-t", V5_4)
            if options:
                self.assertNotIn("limits", self.show(UUID))
                self.assertIn("none is delegated", self.ok("show", UUID))
            self.end_manager(self.manager)
        self.assertIn("it may not write there", self.log())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
