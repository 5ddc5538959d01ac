#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_run.py UGVT SHIM CLIENT [TEST...]; beside CLIENT are drm-raw, and perhaps drm-vulkan

Programs of the host on `ugvt run`: the system's own Mesa, which finds a GPU where there is none.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

RAW = pathlib.Path(sys.argv[3]).with_name("drm-raw")
VULKAN = pathlib.Path(sys.argv[3]).with_name("drm-vulkan")
LONG = 120
NOBODY = 65534
NAMES = {"skl": "Mesa Intel(R) HD Graphics 530 (SKL GT2)", "kbl": "Mesa Intel(R) HD Graphics 630 (KBL GT2)",
         "cfl": "Mesa Intel(R) UHD Graphics 630 (CFL GT2)"}


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Where any user may run them, in the same places to each other as in the build folder."""
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-run."))
        cls.top.chmod(0o755)
        cls.addClassCleanup(shutil.rmtree, cls.top, ignore_errors=True)
        programs = [("cli", sys.argv[1]), ("drm-shim", sys.argv[2]), ("tests", sys.argv[3]), ("tests", RAW)]
        if VULKAN.exists():
            programs.append(("tests", VULKAN))
        for folder, program in programs:
            (cls.top / folder).mkdir(mode=0o755, exist_ok=True)
            shutil.copy(program, cls.top / folder)
        cls.ugvt = cls.top / "cli" / pathlib.Path(sys.argv[1]).name
        cls.client = cls.top / "tests" / pathlib.Path(sys.argv[3]).name
        cls.cache = cls.top / "cache"
        cls.cache.mkdir()
        cls.cache.chmod(0o777)
        # No display and no driver of the caller's choice.
        keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        cls.environment = keep | {"HOME": str(cls.cache), "XDG_CACHE_HOME": str(cls.cache), "LC_ALL": "C"}

    def start(self, *arguments, **options):
        return subprocess.Popen([self.ugvt, "run", *arguments], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def end(self, process):
        try:
            out, err = process.communicate(timeout=LONG)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return process.returncode, out, err

    def run_ugvt(self, *arguments, **options):
        return self.end(self.start(*arguments, **options))

    def ok(self, *arguments, **options):
        status, out, err = self.run_ugvt(*arguments, **options)
        self.assertEqual(status, 0, f"{arguments}: {err}")
        return out

    def test_devices(self):
        for device, name in NAMES.items():
            self.assertEqual(self.ok("--device", device, self.client, "renderer"), name + "\n")
        self.assertEqual(self.ok("--", self.client, "renderer"), NAMES["skl"] + "\n")

    def test_gbm(self):
        self.assertEqual(self.ok(self.client, "gbm"), NAMES["skl"] + "\n")

    def test_waiting_ends(self):
        self.ok(self.client, "work")

    def test_threads(self):
        self.ok(self.client, "threads")

    def test_children(self):
        self.ok(self.client, "fork")
        self.assertEqual(self.ok("sh", "-c", f"sh -c '{self.client} renderer'; true"), NAMES["skl"] + "\n")

    def test_no_leak(self):
        self.ok("sh", "-c", f"ulimit -n 64; {self.client} many")

    def test_pixels_between_processes(self):
        self.ok(self.client, "share")

    def test_descriptors(self):
        self.ok(self.client, "descriptors")

    def test_without_libraries(self):
        self.ok("--deadline", "0.3", self.top / "tests" / RAW.name)

    def test_several_at_once(self):
        processes = [self.start(self.client, "work") for _ in range(4)]
        for process in processes:
            status, _, err = self.end(process)
            self.assertEqual(status, 0, err)

    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_ordinary_user(self):
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.assertEqual(self.ok(self.client, "renderer", **user), NAMES["skl"] + "\n")
        self.ok(self.client, "share", **user)

    def test_files(self):
        """Programs in any language find the device where they look for it."""
        self.assertEqual(self.ok("ls", "/dev/dri"), "renderD128\n")
        self.assertEqual(self.ok("stat", "-c", "%F %t:%T", "/dev/dri/renderD128"), "character special file e2:80\n")
        base = "/sys/dev/char/226:128/device"
        self.assertEqual(self.ok("cat", f"{base}/vendor", f"{base}/device"), "0x8086\n0x1912\n")
        self.assertEqual(self.ok("--device", "kbl", "cat", f"{base}/device"), "0x5912\n")
        self.assertEqual(self.ok("readlink", f"{base}/subsystem"), "../../../bus/pci\n")
        self.assertEqual(self.ok("cat", "/etc/hostname"), pathlib.Path("/etc/hostname").read_text(encoding="utf-8"))

    @unittest.skipUnless(VULKAN.exists(), "no Vulkan to build with")
    def test_vulkan(self):
        self.assertEqual(self.ok(self.top / "tests" / VULKAN.name), "Intel(R) HD Graphics 530 (SKL GT2)\n")

    def test_status(self):
        self.assertEqual(self.run_ugvt("sh", "-c", "exit 42")[0], 42)
        self.assertEqual(self.run_ugvt("/nonexistent")[0], 127)
        self.assertEqual(self.run_ugvt(self.top)[0], 126)

    def test_arguments(self):
        for arguments, text in (([], "which program"), (["--device", "tgl", "true"], "skl, kbl, cfl"),
                                (["--deadline", "0", "true"], "'0'"), (["--log", "loud", "true"], "'loud'")):
            status, _, err = self.run_ugvt(*arguments)
            self.assertIn(status, (2, 4))
            self.assertIn(text, err)
        # What follows the program is the program's.
        self.assertEqual(self.ok("echo", "--device", "--help"), "--device --help\n")

    def test_preloaded_before(self):
        """What was preloaded already stays."""
        self.environment["LD_PRELOAD"] = "libm.so.6"
        try:
            self.assertRegex(self.ok("sh", "-c", "echo $LD_PRELOAD"), r"^libm\.so\.6:/.*/libugvt-drm-shim\.so\n$")
        finally:
            del self.environment["LD_PRELOAD"]


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
