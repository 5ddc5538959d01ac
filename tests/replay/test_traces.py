#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_traces.py UGVT FOLDER [TEST...]

Traces of real programs, which the system's own Mesa made (tests/replay/record), give the pictures that Mesa's software renderer drew.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import png

UGVT, TRACES = sys.argv[1], pathlib.Path(sys.argv[2])
# Of 255; more only in one pixel of a thousand, where edges are. Between mip levels the software renderer reckons roughly.
TOLERANCE = 2
TOLERANCES = {"mips": 16}
SHARE = 0.001


class Traces(unittest.TestCase):
    def setUp(self):
        self.temp = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-traces."))
        self.addCleanup(shutil.rmtree, self.temp, ignore_errors=True)

    def replay(self, trace, *arguments):
        done = subprocess.run([UGVT, "replay", *arguments, trace], capture_output=True, text=True, timeout=120, check=False)
        # 1: other bytes than recorded, which is for others to judge.
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done

    def test_pictures(self):
        traces = sorted(TRACES.glob("*.trace"))
        self.assertEqual(len(traces), 7)
        for trace in traces:
            with self.subTest(trace.stem):
                self.replay(trace, "--png", self.temp / "is.png")
                width, height, pixels = png.read(self.temp / "is.png")
                expected = png.read(trace.with_suffix(".png"))
                self.assertEqual((width, height), expected[:2])
                bad, worst = png.differing(pixels, expected[2], TOLERANCES.get(trace.stem, TOLERANCE))
                self.assertLessEqual(bad, SHARE * width * height, f"the worst by {worst}")

    def test_each_draw(self):
        """A replay ends behind each draw, and what was drawn by then is part of the picture."""
        trace = TRACES / "blend.trace"
        draws = self.replay(trace, "--list").stdout.count("  draw ")
        self.assertGreaterEqual(draws, 6)
        pictures = set()
        for draw in range(1, draws + 1):
            done = self.replay(trace, "--draw", str(draw))
            self.assertIn(f" {draw} draws: ", done.stdout)
            listed = self.replay(trace, "--list", "--draw", str(draw)).stdout
            if " to R8G8B8A8_UNORM 96x96" in listed.splitlines()[-2]:
                self.replay(trace, "--draw", str(draw), "--png", self.temp / "is.png")
                pictures.add((self.temp / "is.png").read_bytes())
        self.assertGreaterEqual(len(pictures), 5)

    def test_print(self):
        text = self.replay(TRACES / "loop.trace", "--kernels").stdout
        for line in ("3DSTATE_PS, 12 dwords", "Surface Format: 199 (R8G8B8A8_UNORM)", "CC_VIEWPORT", "while(16)",
                     "3DPRIMITIVE, 7 dwords", "Primitive Topology Type: 5 (TRISTRIP)"):
            self.assertIn(line, text)

    def test_cut(self):
        """Up to where it is cut off, it is as good as a whole one."""
        whole = (TRACES / "gears.trace").read_bytes()
        cut = self.temp / "cut.trace"
        cut.write_bytes(whole[:len(whole) // 2])
        done = self.replay(cut)
        self.assertIn("cut off at byte", done.stderr)
        self.assertIn("0 batches", done.stdout)
        cut.write_bytes(whole[:-10])
        done = self.replay(cut)
        self.assertIn("cut off at byte", done.stderr)
        self.assertIn("2 batches", done.stdout)

    def test_complaints(self):
        damaged = self.temp / "damaged.trace"
        bytes_ = bytearray((TRACES / "clear.trace").read_bytes())
        bytes_[40] ^= 1
        damaged.write_bytes(bytes_)
        for arguments, status, text in (
                ([TRACES / "clear.png"], 2, "it is no trace"),
                ([damaged], 2, "damaged at byte 16"),
                (["/nonexistent"], 2, "can't open"),
                ([TRACES / "clear.trace", "--draw", "99"], 4, "there is no draw 99: the last is"),
                ([TRACES / "clear.trace", "--draw", "0"], 2, "'0' is no draw"),
                ([TRACES / "clear.trace", "--batches", "7-9"], 4, "there is no batch 7"),
                ([TRACES / "clear.trace", "--batches", "3-2"], 2, "'3-2' says no batches"),
                ([TRACES / "clear.trace", "--png", "/nonexistent/x.png"], 7, "can't write"),
                ([TRACES / "triangle.trace", "--png", self.temp / "x.png", "--target", "5"], 4, "no render target 5"),
                ([TRACES / "triangle.trace", "--png", self.temp / "x.png", "--target", "8"], 2, "'8' is no render target")):
            done = subprocess.run([UGVT, "replay", *arguments], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, status, f"{arguments}: {done.stderr}")
            self.assertIn(text, done.stderr)
        self.assertFalse((self.temp / "x.png").exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
