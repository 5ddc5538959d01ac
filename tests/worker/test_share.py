#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_share.py UGVT UGVTD UGVT-VGPU TEST-WORKER-DRIVE TEST-WORKER-HANG [TEST...]

vGPUs that share an engine of their parent, each a process of its own.
"""

import pathlib
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
        self.assertEqual(self.blitter(UUID)["preemptions"], 0)
        # Alone, it is paused only for its cap.
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


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[6:]])
