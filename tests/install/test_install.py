#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_install.py BUILD [TEST...]

What `make install` installs: that it is all there, works where it is, and goes away again; that systemd has nothing to
say about the units.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = pathlib.Path(sys.argv[1]).resolve()
LONG = 60
OPTIONS = json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text(encoding="utf-8"))
SANITIZED = any(option["name"] == "b_sanitize" and option["value"] != "none" for option in OPTIONS)
UUID = "c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"


def run(*command, **options):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=LONG, check=False, **options)


def files(top):
    return {str(p.relative_to(top)) for p in top.rglob("*") if not p.is_dir()}


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix="ugvt-install."))
        cls.addClassCleanup(shutil.rmtree, cls.top)
        # The list of what was installed is what uninstalling goes by: somebody may need his own.
        log = BUILD / "meson-logs/install-log.txt"
        if log.exists():
            kept = log.read_bytes()
            cls.addClassCleanup(lambda: log.write_bytes(kept))
        else:
            cls.addClassCleanup(lambda: log.unlink(missing_ok=True))
        done = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", cls.top / "root")
        assert done.returncode == 0, done.stdout + done.stderr
        cls.ugvtd, = (cls.top / "root").rglob("sbin/ugvtd")
        cls.prefix = cls.ugvtd.parent.parent
        cls.units = cls.prefix / "lib/systemd"

    def test_files(self):
        there = files(self.prefix)
        for name in ("bin/ugvt", "sbin/ugvtd", "sbin/ugvt-mdevfs", "libexec/ugvt/ugvt-vgpu", "share/man/man1/ugvt.1",
                     "share/man/man8/ugvtd.8", "share/man/man5/ugvt.conf.5", "share/doc/ugvt/ugvt.conf.example",
                     "share/bash-completion/completions/ugvt", "lib/systemd/system/ugvtd.service",
                     "lib/systemd/system/ugvtd.socket", "lib/systemd/system/ugvt-mdevfs.service",
                     "lib/systemd/user/ugvtd.service", "lib/systemd/user/ugvtd.socket"):
            self.assertIn(name, there)
        # Nothing that is only for tests, and nothing outside.
        self.assertFalse([name for name in there if "test" in name or "bench" in name])
        self.assertEqual(files(self.top / "root"),
                         {str((self.prefix / name).relative_to(self.top / "root")) for name in there})

    def test_works_there(self):
        run_dir = self.top / "run"
        config = self.prefix / "share/doc/ugvt/ugvt.conf.example"
        with open(self.top / "log", "wb") as log:
            manager = subprocess.Popen([self.ugvtd, "--run-dir", run_dir, "--config", config, "--cgroup", "none"],
                                       stderr=log, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        try:
            def ugvt(*arguments):
                return run(self.prefix / "bin/ugvt", "--run-dir", run_dir, *arguments)
            deadline = time.monotonic() + LONG
            while ugvt("list").returncode != 0 and time.monotonic() < deadline and manager.poll() is None:
                time.sleep(0.05)
            done = ugvt("start", "-u", UUID, "-t", "i915-4k")
            self.assertEqual(done.stdout, UUID + "\n", done.stderr + (self.top / "log").read_text())
            self.assertEqual(ugvt("list").stdout, f"{UUID} 0000:00:02.0 i915-4k manual\n")
        finally:
            manager.send_signal(signal.SIGINT)  # with its vGPUs
            self.assertEqual(manager.wait(LONG), 0)

    @unittest.skipIf(SANITIZED, "a preloaded library can't bring a sanitizer's run time along")
    def test_runs_programs_there(self):
        done = run(self.prefix / "bin/ugvt", "run", "ls", "/dev/dri")
        self.assertEqual((done.stdout, done.stderr), ("renderD128\n", ""))

    @unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
    def test_units(self):
        """As installed, but for the place of the programs, which systemd looks at."""
        home = self.top / "xdg"
        home.mkdir(mode=0o700)
        for place, scope in (("system", []), ("user", ["--user"])):
            folder = self.top / place
            folder.mkdir()
            for unit in (self.units / place).iterdir():
                text = unit.read_text(encoding="utf-8")
                self.assertNotRegex(text, "@[a-z]+@")
                (folder / unit.name).write_text(text.replace(str(self.prefix)[len(str(self.top / "root")):],
                                                             str(self.prefix)), encoding="utf-8")
            done = run("systemd-analyze", *scope, "verify", "--man=no", *sorted(folder.iterdir()),
                       env={**os.environ, "XDG_RUNTIME_DIR": str(home)})
            told = [line for line in done.stderr.splitlines() if str(folder) in line or "ugvt" in line]
            self.assertEqual((done.returncode, told), (0, []), done.stderr)

    def test_sockets_are_where_programs_look(self):
        for place, path in (("system", "/run/ugvt/control"), ("user", "%t/ugvt/control")):
            text = (self.units / place / "ugvtd.socket").read_text(encoding="utf-8")
            self.assertIn(f"\nListenStream={path}\n", text)
            self.assertIn("\nSocketMode=0600\n", text)
        for place in ("system", "user"):
            text = (self.units / place / "ugvtd.service").read_text(encoding="utf-8")
            for line in ("Type=notify", "KillMode=process", "RuntimeDirectoryPreserve=yes", "OOMPolicy=continue"):
                self.assertIn(f"\n{line}\n", text)

    @unittest.skipUnless(shutil.which("bash"), "there is no bash")
    def test_completion(self):
        file = self.prefix / "share/bash-completion/completions/ugvt"
        script = f'. {file}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ugvt; echo "${{COMPREPLY[*]}}"'
        path = {**os.environ, "PATH": f"{self.prefix}/bin:{os.environ['PATH']}"}

        def complete(*words):
            return run("bash", "-c", script, "bash", *words, env=path).stdout.split()
        self.assertLess({"start", "stop"}, set(complete("ugvt", "st")))
        self.assertEqual(complete("ugvt", "--run-dir", "/x", "type"), ["types"])
        self.assertEqual(complete("ugvt", "show", "--du"), ["--dumpjson"])

    def test_uninstall(self):
        done = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", self.top / "again")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(files(self.top / "again"))
        done = run("ninja", "-C", BUILD, "uninstall")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(files(self.top / "again"), set())
        self.assertTrue(files(self.top / "root"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
