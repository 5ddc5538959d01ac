#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_record.py UGVT SHIM SCENES [TEST...]

Programs of the host, with the system's own Mesa, recorded by `ugvt run --trace`, and run again.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

UGVT, SCENES = (pathlib.Path(path).resolve() for path in (sys.argv[1], sys.argv[3]))
LONG = 120


class Record(unittest.TestCase):
    def setUp(self):
        self.temp = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-record."))
        self.addCleanup(shutil.rmtree, self.temp, ignore_errors=True)
        keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        self.environment = keep | {"HOME": str(self.temp), "XDG_CACHE_HOME": str(self.temp / "cache"), "LC_ALL": "C"}
        self.trace = self.temp / "trace"

    def start(self, *program):
        return subprocess.Popen([UGVT, "run", "--trace", "trace", "--", *program], env=self.environment, cwd=self.temp,
                                text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def record(self, *program):
        process = self.start(*program)
        self.addCleanup(process.kill)
        out, err = process.communicate(timeout=LONG)
        self.assertEqual((process.returncode, err), (0, ""))
        return out

    def replay(self, trace, *arguments, **options):
        done = subprocess.run([UGVT, "replay", *arguments, trace], capture_output=True, text=True, timeout=LONG, check=False,
                              **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def test_same_bytes(self):
        for scene in ("clear", "triangle", "gears", "mips", "blend", "loop", "stencil"):
            self.record(SCENES, scene, self.temp / "picture.ppm")
            out = self.replay(self.trace).stdout
            self.assertIn("wrote the same bytes as recorded", out)
            self.assertNotIn(" 0 batches", out)

    def test_any_number_of_threads(self):
        """Drawn by as many threads as there are processors, and again by one."""
        one = {min(os.sched_getaffinity(0))}
        for scene in ("gears", "blend", "loop", "stencil"):
            self.record(SCENES, scene, "--large")
            self.replay(self.trace)
            self.replay(self.trace, preexec_fn=lambda: os.sched_setaffinity(0, one))

    def test_replaced(self):
        self.trace.write_text("something else")
        self.record(SCENES, "clear")
        self.replay(self.trace)

    def test_processes(self):
        """A program with children; the second one goes to another folder first."""
        self.record("sh", "-c", f"{SCENES} clear; cd /; {SCENES} triangle --fork; wait")
        traces = sorted(self.temp.glob("trace*"))
        self.assertEqual(len(traces), 3)
        self.assertEqual(traces[0], self.trace)
        lists = [self.replay(trace, "--list").stdout for trace in traces]
        self.assertIn(f"{SCENES} clear\n", lists[0])
        for text, trace in zip(lists[1:], traces[1:]):
            pid = trace.name.split(".")[1]
            self.assertIn(f"process {pid}: {SCENES} triangle --fork\n", text)

    def test_killed(self):
        """Whenever it dies: what is there can be run again."""
        for wanted in (1, 30000, 60000):
            process = self.start(SCENES, "loop", "--loop")
            self.addCleanup(process.kill)
            end = time.monotonic() + LONG
            while not self.trace.exists() or self.trace.stat().st_size < wanted:
                self.assertIsNone(process.poll())
                self.assertLess(time.monotonic(), end)
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=LONG)
            done = self.replay(self.trace)
            self.assertIn("wrote the same bytes as recorded", done.stdout)

    def test_descriptors_closed(self):
        """A shell that closes and takes whatever descriptors there are."""
        self.record("bash", "-c", f"for fd in {{3..40}}; do eval \"exec $fd>other\"; done; exec {SCENES} triangle")
        self.replay(self.trace)
        self.assertEqual((self.temp / "other").read_bytes(), b"")

    def test_nowhere(self):
        done = subprocess.run([UGVT, "run", "--trace", "/nonexistent/trace", "--", "true"], capture_output=True, text=True,
                              timeout=LONG, check=False)
        self.assertEqual(done.returncode, 7)
        self.assertIn("can't write a trace to /nonexistent/trace", done.stderr)

    def test_unused(self):
        """A program that gives the GPU nothing to do has no trace."""
        self.record("true")
        self.assertEqual(list(self.temp.glob("trace*")), [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
