#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_disasm.py UGVT UGVTD UGVT-VGPU [TEST...]

Kernels in files and on standard input, and what is wrong with them.
"""

import subprocess
import sys
import unittest

from case import INVALID, UGVT, Case

ADD = bytes.fromhex("40006000" "e80a802f" "e0008d0e" "01000000")
# urb write, end of thread
END = bytes.fromhex("31006006" "e03a0020" "600f8d06" "1700088a")


class Disasm(Case):
    def kernel(self, code):
        path = self.top / "kernel"
        path.write_bytes(code)
        return path

    def disasm(self, *arguments):
        done = self.ugvt("disasm", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_ends_with_the_thread(self):
        text = self.disasm(self.kernel(ADD + END + ADD))
        lines = [" ".join(line.split()) for line in text.splitlines()]
        self.assertEqual(lines[0], "add(8) g124<1>F g7<8,8,1>D 1D { align1 1Q };")
        self.assertTrue(lines[1].startswith("send(8) null<1>F g123<8,8,1>F 0x8a080017"), lines[1])
        self.assertEqual(lines[2], "urb MsgDesc: 1 SIMD8 write mlen 5 rlen 0 { align1 1Q EOT };")
        self.assertEqual(len(lines), 3)

    def test_all(self):
        text = self.disasm("--all", self.kernel(ADD + END + ADD))
        self.assertEqual(text.count("add(8)"), 2)

    def test_offset(self):
        path = self.kernel(END + ADD)
        self.assertTrue(self.disasm("-o", "0x10", path).startswith("add(8)"))
        self.fails(INVALID, "disasm", "-o", "32", path, says="the file ends at 32")
        self.fails(INVALID, "disasm", "-o", "4", path, says="multiple of 8")
        self.fails(INVALID, "disasm", "-o", "x", path, says="'x' is no number")

    def test_standard_input(self):
        done = subprocess.run([UGVT, "disasm", "-"], input=ADD, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout.startswith(b"add(8)"))

    def test_what_is_no_code(self):
        self.assertIn("illegal", self.disasm("-a", self.kernel(bytes(16))))
        self.assertEqual(self.disasm(self.kernel(ADD[:12])), "")

    def test_files(self):
        self.fails(INVALID, "disasm", says="the file is missing")
        self.fails(INVALID, "disasm", self.top / "none", says="can't open")
        self.fails(INVALID, "disasm", self.kernel(b""), says="there is nothing")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
