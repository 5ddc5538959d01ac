#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_stats.py UGVT UGVTD UGVT-VGPU [TEST...]

Figures as users and their programs get them: `ugvt stats` once, as JSON and on a terminal, and Prometheus' text.
"""

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import unittest

import test_ugvt
from test_ugvt import INVALID, LONG, NO_MANAGER, NOT_FOUND, UGVT, UUID, V5_2, V5_4, V5_8, environment, wait_until


class Figures(test_ugvt.Case):
    def setUp(self):
        super().setUp()
        self.start_manager()

    def stats(self, *arguments):
        return json.loads(self.ok("stats", "--dumpjson", *arguments))

    def test_json(self):
        self.assertEqual(self.stats(), [])
        self.start("-u", UUID, "-t", V5_2)
        other = self.start("-t", V5_8)
        both = self.stats()
        self.assertEqual([v["uuid"] for v in both], [UUID, other])
        vgpu = both[0]
        self.assertEqual((vgpu["type"], vgpu["state"], vgpu["weight"]), (V5_2, "running", 8))
        self.assertAlmostEqual(vgpu["share"], 0.8)
        self.assertEqual(vgpu["process"]["pid"], self.show(UUID)["pid"])
        for figure in ("rss_anon", "rss_file", "threads"):
            self.assertGreater(vgpu["process"][figure], 0)
        self.assertEqual(vgpu["stats"]["rcs0"]["busy_ns"], 0)
        self.assertEqual([v["uuid"] for v in self.stats(other)], [other])
        self.assertEqual([v["uuid"] for v in self.stats("-u", UUID)], [UUID])

    def test_errors(self):
        self.fails(NOT_FOUND, "stats", UUID, says="no vGPU")
        self.fails(INVALID, "stats", "nix", says="no UUID")
        self.fails(INVALID, "stats", UUID, UUID, UUID, says="too many")
        for bad in ("0", "x", "-1", "nan", "1e9"):
            self.fails(INVALID, "stats", f"--watch={bad}", says="no number")
        self.end_manager(self.manager)
        self.fails(NO_MANAGER, "stats")
        self.fails(NO_MANAGER, "stats", "--watch")

    def test_text(self):
        self.assertEqual(self.ok("stats"), "")
        self.start("-u", UUID, "-t", V5_4)
        text = self.ok("stats", UUID)
        self.assertIn(f"{UUID}: {V5_4} on 0000:00:02.0, running\n  weight 4, share 100.0%\n", text)
        for line in (r"  rcs0 +0.000 s +0.000 s +0% +0 ", r"  exits: 0 per s; 0 register reads",
                     r"  worker: [\d.]+[kM]B of its own"):
            self.assertRegex(text, line)

    def test_tables(self):
        """Not on a terminal: one below the other."""
        self.start("-u", UUID, "-t", V5_4)
        for watch in (["--watch=0.1"], ["--watch", "0.1"], ["-w0.1", UUID], ["-w", "0.1", UUID]):
            text = self.ok("stats", *watch, "--count", "3")
            self.assertEqual(text.count("PARENT/vGPU"), 3)
            self.assertEqual(text.count(f"  {UUID}     V5_4      4  100%"), 3)
            self.assertNotIn("\033", text)

    def test_failed(self):
        self.start("-u", UUID, "-t", V5_4)
        os.kill(self.show(UUID)["pid"], signal.SIGKILL)
        wait_until(lambda: "failed" in self.ok("list"), "it fails")
        vgpu, = self.stats()
        self.assertEqual((vgpu["state"], vgpu["share"]), ("failed", 0))
        self.assertNotIn("stats", vgpu)
        self.assertIn("failed: killed by signal 9", self.ok("stats", "--watch=0.1", "--count=1"))
        self.assertIn("failed: killed by signal 9", self.ok("stats"))

    def get(self, target="/metrics", request=None):
        with self.client() as client:
            client.sendall(request or f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            data = b""
            # What it did not want to read resets the connection, after its answer.
            with contextlib.suppress(ConnectionResetError):
                while more := client.recv(65536):
                    data += more
        head, body = data.split(b"\r\n\r\n", 1)
        self.assertIn(f"Content-Length: {len(body)}\r\n".encode(), head + b"\r\n")
        return int(head.split()[1]), head.decode(), body.decode()

    def test_metrics(self):
        self.start("-u", UUID, "-t", V5_4)
        status, head, body = self.get()
        self.assertEqual(status, 200)
        self.assertIn("Content-Type: text/plain; version=0.0.4", head)
        self.assertIn(f'\nugvt_vgpu_engine_busy_seconds_total{{uuid="{UUID}",engine="rcs0"}} 0.000000000\n', body)
        self.assertIn(f'\nugvt_vgpu_info{{uuid="{UUID}",parent="0000:00:02.0",type="{V5_4}",state="running"}} 1\n', body)
        self.assertEqual(self.get("/")[0], 404)
        self.assertEqual(self.get("/metrics/")[0], 404)
        self.assertEqual(self.get(request=b"POST /metrics HTTP/1.1\r\n\r\n")[0], 405)
        self.assertEqual(self.get(request=b"GET /metrics\r\n\r\n")[0], 400)
        self.assertEqual(self.get(request=b"GET /metrics HTTP/1.1\r\n" + b"a: b\r\n" * 10000)[0], 431)
        with self.client() as client:
            client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"metrics"}\n')
            answer = json.loads(client.makefile().readline())
            self.assertEqual(re.sub(r"_bytes.*|cpu_seconds.*", "", answer["result"]),
                             re.sub(r"_bytes.*|cpu_seconds.*", "", body))

    @unittest.skipUnless(shutil.which("curl"), "there is no curl")
    def test_curl(self):
        self.start("-u", UUID, "-t", V5_4)
        done = subprocess.run(["curl", "-sS", "-i", "--max-time", str(LONG), "--unix-socket", self.run_dir / "control",
                               "http://localhost/metrics"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("HTTP/1.1 200 OK", done.stdout)
        self.assertTrue(done.stdout.endswith("\n"))

    def test_parsers_agree(self):
        """Every line has the form that the format's description gives, and a sample's head came before it."""
        self.start("-t", V5_4)
        body = self.get()[2]
        heads, closed, current = {}, set(), None
        for line in body.splitlines():
            if line.startswith("# HELP "):
                closed.add(current)
                current = line.split()[2]
                self.assertNotIn(current, closed | set(heads))
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                self.assertEqual(name, current)
                self.assertEqual(kind, "counter" if name.endswith("_total") else "gauge")
                heads[name] = kind
            else:
                match = re.fullmatch(r'([a-z_][a-z0-9_]*)\{((?:[a-z_]+="(?:[^"\\]|\\[\\n"])*",?)*)\} ([0-9.e+-]+)', line)
                self.assertIsNotNone(match, line)
                self.assertEqual(match[1], current)
                float(match[3])
        try:
            from prometheus_client.parser import text_string_to_metric_families
        except ImportError:
            return
        families = list(text_string_to_metric_families(body))
        self.assertEqual(len(families), len(heads))


class Silent(test_ugvt.BadWorkers):
    """A worker that never tells its figures holds up nobody else for long."""

    def test_silent(self):
        self.start_with("""
for request in requests():
    if request["method"] == "stop":
        break
    if request["method"] != "stats":
        answer(done(request))
""")
        self.start("-u", UUID, "-t", V5_4)
        vgpu, = json.loads(self.ok("stats", "--dumpjson"))
        self.assertEqual(vgpu["state"], "running")
        self.assertNotIn("stats", vgpu)
        self.assertIn("no answer", self.ok("stats"))
        # Gone while it is asked.
        asked = subprocess.Popen([UGVT, "--run-dir", str(self.run_dir), "stats", "--dumpjson"], stdout=subprocess.PIPE,
                                 env=environment())
        self.ok("stop", UUID)
        self.assertIn(len(json.loads(asked.communicate(timeout=LONG)[0])), (0, 1))


for inherited in [name for name in dir(test_ugvt.BadWorkers) if name.startswith("test_")]:
    setattr(Silent, inherited, None)


class Terminal(test_ugvt.Case):
    """The table in place, on a terminal of our own."""

    def setUp(self):
        super().setUp()
        self.start_manager()
        self.start("-u", UUID, "-t", V5_4)

    def watch(self, *options, size=(24, 80), locale="C.UTF-8", **more):
        ours, theirs = pty.openpty()
        self.cleanup.callback(os.close, ours)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        process = subprocess.Popen([UGVT, "stats", "--watch=0.1", *options], stdin=theirs, stdout=theirs,
                                   stderr=subprocess.PIPE, start_new_session=True,
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                                   env=environment(UGVT_RUN_DIR=str(self.run_dir), TERM="xterm", LC_ALL=locale, **more))
        self.cleanup.callback(process.stderr.close)
        self.cleanup.callback(process.wait)
        self.cleanup.callback(process.kill)
        self.before = termios.tcgetattr(theirs)
        os.close(theirs)
        self.seen = ""
        return process, ours

    def read_until(self, terminal, text):
        def there():
            if text not in self.seen:
                self.seen += os.read(terminal, 65536).decode()
            return text in self.seen
        wait_until(there, f"'{text}' is shown")

    def restored(self, process, terminal, status=0):
        self.read_until(terminal, "\033[?25h\033[?1049l")
        self.assertEqual(process.wait(LONG), status)
        self.assertTrue(self.seen.startswith("\033[?1049h\033[?25l"))

    def test_keys(self):
        for key in (b"q", b"\x03"):
            process, terminal = self.watch()
            self.read_until(terminal, "c1f4e5a0")
            os.write(terminal, b"x" + key)
            self.restored(process, terminal)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, terminal = self.watch()
            self.read_until(terminal, "c1f4e5a0")
            process.send_signal(number)
            self.restored(process, terminal)

    def test_count(self):
        process, terminal = self.watch("--count=2")
        self.restored(process, terminal)
        self.assertEqual(self.seen.count("PARENT/vGPU"), 2)
        self.assertIn("\033[32", self.seen)

    def test_plain(self):
        process, terminal = self.watch("--count=1", locale="C", NO_COLOR="1")
        self.restored(process, terminal)
        self.assertNotIn("\033[32", self.seen)
        self.assertIn(" ...   0%", self.seen)

    def test_resize(self):
        process, terminal = self.watch("--watch=3600")
        self.read_until(terminal, "BATCH/s")
        self.seen = self.seen.replace("PARENT/vGPU", "")
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
        self.read_until(terminal, "PARENT/vGPU   RCS  BCS")
        os.write(terminal, b"q")
        self.restored(process, terminal)

    def test_the_manager_goes(self):
        process, terminal = self.watch()
        self.read_until(terminal, "c1f4e5a0")
        self.end_manager(self.manager)
        self.restored(process, terminal, status=NO_MANAGER)
        self.assertIn(b"the manager", process.stderr.read())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
