#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_share.py UGVT UGVTD UGVT-VGPU TEST-WORKER-DRIVE TEST-WORKER-HANG [TEST...]

vGPUs that share an engine of their parent, each a process of its own.
"""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
# pylint: disable=wrong-import-position
from case import LONG, UUID, V5_4, Case, wait_until  # noqa: E402

DRIVE, HANG = (str(pathlib.Path(program).resolve()) for program in sys.argv[4:6])
OTHER_UUID = "11111111-2222-4333-8444-555555555555"
CONFIG = """
[parent 0000:00:02.0]
slots = 1

[type impatient]
deadline = 1

[type patient]
deadline = off
"""


class Share(Case):
    def setUp(self):
        super().setUp()
        self.start_manager(config=CONFIG)

    def guest(self, program, uuid):
        guest = subprocess.Popen([program, str(self.run_dir / uuid / "vfio")], stdin=subprocess.PIPE)
        self.cleanup.callback(guest.wait)
        self.cleanup.callback(guest.kill)
        self.cleanup.callback(guest.stdin.close)
        return guest

    def blitter(self, uuid):
        return self.show(uuid)["stats"]["bcs0"]

    def pid(self, uuid):
        return self.show(uuid)["pid"]

    def wait_for_more(self, uuid, figure, more=10):
        before = self.blitter(uuid)[figure]
        wait_until(lambda: self.blitter(uuid)[figure] > before + more, f"more {figure}")

    def test_batch_that_never_ends(self):
        self.start("-u", UUID, "-t", "impatient")
        self.start("-u", OTHER_UUID, "-t", V5_4)
        other = self.guest(DRIVE, OTHER_UUID)
        self.wait_for_more(OTHER_UUID, "contexts")
        hanging = self.guest(HANG, UUID)
        # Both want the engine: each waits for the other.
        self.wait_for_more(UUID, "preemptions")
        self.wait_for_more(OTHER_UUID, "contexts")
        wait_until(lambda: self.blitter(UUID)["hangs"] == 1, "the batch is stopped")
        self.assertIn("a batch does not end", self.log())
        self.assertGreater(self.blitter(UUID)["busy_ns"], 900_000_000)
        self.assertGreater(self.blitter(OTHER_UUID)["waited_ns"], 0)
        # Now it takes nothing any more, and the other goes on, as it has done all the while.
        before = self.blitter(UUID)["busy_ns"]
        self.wait_for_more(OTHER_UUID, "contexts", more=100)
        self.assertEqual(self.blitter(UUID)["busy_ns"], before)
        self.assertEqual(self.blitter(OTHER_UUID)["hangs"], 0)
        # What its driver does about it helps.
        self.assertEqual(self.blitter(UUID)["resets"], 0)
        hanging.communicate(b"\n", timeout=LONG)
        self.assertEqual(hanging.returncode, 0)
        self.assertIsNone(other.poll())
        self.ok("stop", "--all")

    def test_cap(self):
        self.start("-u", UUID, "-t", "patient")
        hanging = self.guest(HANG, UUID)
        wait_until(lambda: self.blitter(UUID)["busy_ns"] > 0, "the batch runs")
        # Alone, it is paused only for its cap; but perhaps once, when it is told to take turns.
        self.assertLessEqual(self.blitter(UUID)["preemptions"], 1)
        self.ok("modify", "-u", UUID, "--cap", "5")
        self.wait_for_more(UUID, "preemptions")
        self.ok("modify", "-u", UUID, "--cap", "0")
        hanging.communicate(b"\n", timeout=LONG)
        self.assertEqual(hanging.returncode, 0)

    def test_without_a_manager(self):
        """One that waits for its turn does not wait for a manager's, and the next manager governs again."""
        self.start("-u", UUID, "-t", "patient")
        self.start("-u", OTHER_UUID, "-t", "patient")
        guests = [self.guest(HANG, uuid) for uuid in (UUID, OTHER_UUID)]
        self.wait_for_more(UUID, "preemptions")
        for _ in range(3):
            self.leave_manager()
            self.start_manager(config=CONFIG)
            self.wait_for_more(UUID, "preemptions")
            self.wait_for_more(OTHER_UUID, "preemptions")
        for guest in guests:
            guest.communicate(b"\n", timeout=LONG)
            self.assertEqual(guest.returncode, 0)

    def test_worker_stands_still(self):
        """As in a debugger: the other goes on, and it does itself when it is let."""
        self.start("-u", UUID, "-t", "patient")
        self.start("-u", OTHER_UUID, "-t", "patient")
        guests = [self.guest(HANG, uuid) for uuid in (UUID, OTHER_UUID)]
        self.wait_for_more(UUID, "preemptions")
        pid = self.pid(UUID)
        os.kill(pid, signal.SIGSTOP)
        try:
            # It may have been stopped while it did not have the engine: then it is the one that others wait for next.
            before = self.blitter(OTHER_UUID)["busy_ns"]
            wait_until(lambda: self.blitter(OTHER_UUID)["busy_ns"] > before + 3_000_000_000, "the other works")
        finally:
            os.kill(pid, signal.SIGCONT)
        self.wait_for_more(UUID, "preemptions")
        for guest in guests:
            guest.communicate(b"\n", timeout=LONG)
            self.assertEqual(guest.returncode, 0)

    def test_worker_dies(self):
        self.start("-u", UUID, "-t", "patient")
        self.start("-u", OTHER_UUID, "-t", V5_4)
        self.guest(HANG, UUID)
        self.guest(DRIVE, OTHER_UUID)
        self.wait_for_more(UUID, "preemptions")
        os.kill(self.pid(UUID), signal.SIGKILL)
        self.wait_for_more(OTHER_UUID, "contexts", more=100)
        self.assertIn("killed by signal 9", self.show(UUID)["reason"])
        self.start("-u", UUID)
        self.assertEqual(self.guest(DRIVE, UUID).poll(), None)
        self.wait_for_more(UUID, "contexts")


class Hog(Case):
    """A worker in the hands of its guest, which keeps an engine that is not its turn."""

    # The page is that of schedule/page.h: 1 is WANTED, 2 RUNNING.
    PROGRAM = """#!{python}
import json, mmap, os, pathlib, socket, sys, threading, time
listener = socket.socket(fileno=3)
listener.setblocking(True)
control = listener.accept()[0]

def take(page, bell):
    memory = mmap.mmap(page, 4096)
    memory[0] = 1
    os.write(bell, (1).to_bytes(8, sys.byteorder))
    while memory[0] != 2:
        time.sleep(0.01)
    pathlib.Path("{top}", sys.argv[-1]).touch()
    while sys.argv[-1] == "{hog}":
        pass

while True:
    data, fds, _, _ = socket.recv_fds(control, 65536, 4)
    for line in data.splitlines():
        request = json.loads(line)
        if fds:
            threading.Thread(target=take, args=fds, daemon=True).start()
        reply = {{"jsonrpc": "2.0", "id": request["id"], "result": None}}
        control.sendall(json.dumps(reply).encode() + b"\\n")
        if request["method"] == "stop":
            sys.exit()
"""

    def took(self, uuid):
        return (self.top / uuid).exists()

    def test_is_ended(self):
        worker = self.top / "worker"
        worker.write_text(self.PROGRAM.format(python=sys.executable, top=self.top, hog=UUID), encoding="utf-8")
        worker.chmod(0o755)
        self.start_manager("--worker", str(worker), config=CONFIG)
        self.start("-u", UUID, "-t", V5_4)
        wait_until(lambda: self.took(UUID), "the hog has the engine")
        self.start("-u", OTHER_UUID, "-t", V5_4)
        wait_until(lambda: self.took(OTHER_UUID), "the other one has it, too")
        wait_until(lambda: self.show(UUID)["state"] == "failed", "the hog is ended")
        self.assertIn("does not give an engine back", self.show(UUID)["reason"])
        self.assertEqual(self.show(OTHER_UUID)["state"], "running")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[6:]])
