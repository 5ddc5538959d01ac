#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_astc.py UGVT PROGRAM

Textures of ASTC as PROGRAM prints them on `ugvt run`, whose GPU decodes them (but for 5x5, which Mesa decodes for Gen9), and on
llvmpipe, for which Mesa decodes all.
"""

import os
import pathlib
import subprocess
import sys
import unittest

UGVT, PROGRAM = map(pathlib.Path, sys.argv[1:])
LEVELS = 2 * 14 * 6
LIMIT = 300
ERROR = "ff00ffff"


def texels_of(command, more):
    """{format and level: [width, texels]}"""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(command, env=keep | {"EGL_PLATFORM": "surfaceless", "LC_ALL": "C", "MESA_SHADER_CACHE_DISABLE": "true"} | more,
                          stdout=subprocess.PIPE, text=True, timeout=LIMIT, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {f"{name}, level {level}": (int(width), [text[i:i + 8] for i in range(0, len(text), 8)])
            for name, level, width, text in rows}


class Astc(unittest.TestCase):
    def test_same_as_mesa(self):
        ours = texels_of([UGVT, "run", "--", PROGRAM], {})
        theirs = texels_of([PROGRAM], {"LIBGL_ALWAYS_SOFTWARE": "1"})
        self.assertEqual(len(theirs), LEVELS)
        everything = [texel for _, texels in theirs.values() for texel in texels]
        self.assertLess(everything.count(ERROR), len(everything) * 7 // 10, "too many blocks are illegal")
        for level, (width, texels) in theirs.items():
            for i, texel in enumerate(texels):
                self.assertEqual(ours[level][1][i], texel, f"{level}, texel {i % width}, {i // width}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
