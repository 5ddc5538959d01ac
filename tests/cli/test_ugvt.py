#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_ugvt.py UGVT UGVTD UGVT-VGPU [TEST...]

Drives the three programs as a user does: a manager of its own in a temporary run directory, each verb, each error with
its exit status and what it says.
"""

import array
import contextlib
import json
import os
import pathlib
import random
import re
import shlex
import signal
import socket
import stat
import struct
import subprocess
import sys
import unittest

from case import (DENIED, FAILED_WORKER, IN_USE, INVALID, LONG, NO_MANAGER, NO_ROOM, NOBODY, NOT_FOUND, UGVT, UGVTD, UUID,
                  UUID_FORM, V5_1, V5_2, V5_4, V5_8, WORKER, Case, alive, children, environment, wait_until)


class WithoutManager(Case):
    def test_help(self):
        general = self.ugvt("--help")
        self.assertEqual(general.returncode, 0)
        for command in ("types", "list", "start", "stop", "show", "screenshot", "qemu-args"):
            self.assertIn(f"  {command} ", general.stdout)
            for option in ("--help", "-h"):
                done = self.ugvt(command, option)
                self.assertEqual(done.returncode, 0)
                self.assertIn(f"Usage: ugvt {command}", done.stdout)
                self.assertIn("--run-dir DIR", done.stdout)
        for program in (UGVTD, WORKER):
            done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0)
            self.assertIn("Usage: ", done.stdout)

    def test_version(self):
        versions = {subprocess.run([p, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
                    for p in (UGVT, UGVTD, WORKER)}
        self.assertEqual(len(versions), 1)

    def test_usage(self):
        self.fails(INVALID, says="Usage: ugvt")
        self.fails(INVALID, "nix", says="no command 'nix'")
        self.fails(INVALID, "--nix")
        self.fails(INVALID, "list", "--nix", says="Usage: ugvt list")
        self.fails(INVALID, "list", "more", says="'more' is one argument too many")
        self.fails(INVALID, "stop", says="the UUID is missing")
        self.fails(INVALID, "screenshot", UUID, says="the file is missing")
        self.fails(INVALID, "screenshot", "-u", UUID, "a", "b", says="too many")
        self.fails(INVALID, "list", "-u", "nix", says="is no UUID")
        self.fails(INVALID, "qemu-args", UUID, "--memory", "lots", says="'lots'")

    def test_no_manager(self):
        for arguments in (["types"], ["list"], ["start", "-t", V5_4], ["stop", "-u", UUID], ["show", UUID],
                          ["screenshot", UUID, "x.png"], ["qemu-args", UUID]):
            self.fails(NO_MANAGER, *arguments, says=["no manager is running", f"ugvtd --run-dir {self.run_dir}"])
        self.assertEqual(list(self.top.iterdir()), [])

    def test_stale_socket(self):
        self.run_dir.mkdir()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stale:
            stale.bind(str(self.run_dir / "control"))
        self.fails(NO_MANAGER, "list", says="no manager is running")
        self.start_manager()
        self.assertEqual(self.ok("list"), "")

    def test_long_path(self):
        self.fails(INVALID, "list", "--run-dir", "/" + "x" * 120, says=["107", "--run-dir"])

    def test_default_run_dir(self):
        done = self.ugvt("list", run_dir=False, user=NOBODY if os.geteuid() == 0 else None)
        self.assertEqual(done.returncode, INVALID)
        self.assertIn("$XDG_RUNTIME_DIR is not set", done.stderr)

    def test_worker_by_hand(self):
        done = subprocess.run([WORKER, UUID], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, INVALID)
        self.assertIn("ugvt start", done.stderr)
        done = subprocess.run([WORKER, "nix"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, INVALID)

    def ugvtd_fails(self, status, *options, says):
        done = subprocess.run([UGVTD, *options], capture_output=True, text=True, env=environment(), timeout=LONG,
                              check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(says, done.stderr)

    def test_ugvtd_errors(self):
        run = ["--run-dir", str(self.run_dir)]
        self.ugvtd_fails(INVALID, "--nix", says="--help")
        self.ugvtd_fails(INVALID, "more", says="'more' is one argument too many")
        self.ugvtd_fails(INVALID, *run, "--log-level", "loud", says="'loud'")
        self.ugvtd_fails(DENIED, *run, "--config", "/nonexistent", says="/nonexistent")
        self.ugvtd_fails(DENIED, *run, "--worker", "/nonexistent", says="can't run the worker /nonexistent")
        self.ugvtd_fails(DENIED, "--run-dir", str(self.top / "a/b"), says="can't make the run directory")
        self.ugvtd_fails(INVALID, "--run-dir", str(self.top / ("x" * 70)), says="107")
        conf = self.top / "conf"
        conf.write_text("[parent a]\ndevice = hsw\n", encoding="ascii")
        self.ugvtd_fails(INVALID, *run, "--config", str(conf), says=f"{conf}:2: there is no device 'hsw'")
        self.assertFalse(self.run_dir.exists())


class Verbs(Case):
    def setUp(self):
        super().setUp()
        self.start_manager()

    def test_types(self):
        text = self.ok("types")
        self.assertIn(
            f"0000:00:02.0\n"
            f"  {V5_1}\n"
            f"    Available instances: 1\n"
            f"    Device API: vfio-pci\n"
            f"    Name: GVTg_V5_1\n"
            f"    Description: low_gm_size: 512MB, high_gm_size: 2048MB, fence: 4, resolution: 1920x1200, weight: 16\n", text)
        self.assertIn(
            "    Description: low_gm_size: 64MB, high_gm_size: 384MB, fence: 4, resolution: 1024x768, weight: 2\n", text)
        dump = json.loads(self.ok("types", "--dumpjson"))
        self.assertEqual(len(dump), 1)
        types = {name: figures for entry in dump[0]["0000:00:02.0"] for name, figures in entry.items()}
        self.assertEqual([(name, t["available_instances"]) for name, t in types.items()],
                         [(V5_1, 1), (V5_2, 2), (V5_4, 5), (V5_8, 7), ("direct", 1)])
        self.assertEqual(types[V5_4], {
            "available_instances": 5, "device_api": "vfio-pci", "name": "GVTg_V5_4",
            "description": "low_gm_size: 128MB, high_gm_size: 512MB, fence: 4, resolution: 1920x1200, weight: 4"})
        self.assertEqual(self.ok("types", "--parent", "0000:00:02.0"), text)
        self.fails(NOT_FOUND, "types", "-p", "nix", says=["no parent 'nix'", "0000:00:02.0"])

    def test_start_list_stop(self):
        printed = self.ok("start", "-t", V5_4)
        self.assertRegex(printed, UUID_FORM)
        first = printed.strip()
        self.assertEqual(self.ok("start", "-p", "0000:00:02.0", "-u", UUID.upper(), "--type", V5_8), UUID + "\n")
        self.assertEqual(self.ok("list"), f"{first} 0000:00:02.0 {V5_4} manual\n{UUID} 0000:00:02.0 {V5_8} manual\n")
        self.assertEqual(self.ok("list", "--uuid", UUID), f"{UUID} 0000:00:02.0 {V5_8} manual\n")
        self.assertEqual(self.ok("list", "-p", "other"), "")

        def entry(vgpu_type):
            return {"mdev_type": vgpu_type, "start": "manual", "attrs": []}
        self.assertEqual(json.loads(self.ok("list", "--dumpjson")),
                         [{"0000:00:02.0": [{first: entry(V5_4)}, {UUID: entry(V5_8)}]}])
        self.assertEqual(json.loads(self.ok("list", "--dumpjson", "-u", UUID)), entry(V5_8))
        self.assertEqual(self.ok("stop", "-u", first), "")
        self.assertEqual(self.ok("stop", UUID), "")
        self.assertEqual(self.ok("list"), "")
        self.assertEqual(json.loads(self.ok("list", "--dumpjson")), [])
        self.assertEqual(json.loads(self.ok("list", "--dumpjson", "-u", UUID)), [])

    def test_orders(self):
        """Options before and after operands, and --run-dir anywhere."""
        run = ["--run-dir", str(self.run_dir)]
        self.start("-u", UUID, "-t", V5_8)
        for arguments in (["show", UUID, "--dumpjson", *run], ["show", *run, "--dumpjson", UUID], [*run, "show", UUID],
                          ["show", "--uuid", UUID], ["show", f"-u{UUID}"], ["show", "--uuid=" + UUID]):
            done = self.ugvt(*arguments, run_dir=arguments is None or "--run-dir" not in arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(UUID, done.stdout)

    def test_start_errors(self):
        self.fails(NOT_FOUND, "start", "-t", "i915-GVTg_V4_1", says=["'i915-GVTg_V4_1'", V5_1, V5_8, "direct"])
        self.fails(INVALID, "start", says=["-t", V5_4])
        self.fails(INVALID, "start", "-u", "1234", "-t", V5_4, says="'1234' is no UUID")
        self.fails(NOT_FOUND, "start", "-t", V5_4, "-p", "0000:01:00.0", says=["'0000:01:00.0'", "0000:00:02.0"])
        self.start("-u", UUID, "-t", V5_4)
        self.fails(IN_USE, "start", "-u", UUID, "-t", V5_8, says=[UUID, "in use", V5_4, "ugvt stop"])
        for verb in (["stop", "-u"], ["show"], ["qemu-args"]):
            self.fails(INVALID, *verb, "nix", says="'nix' is no UUID")
            self.fails(NOT_FOUND, *verb, UUID[:-1] + "0", says=["no vGPU", "ugvt list"])
        self.fails(NOT_FOUND, "screenshot", UUID[:-1] + "0", "x.png", says="no vGPU")
        self.assertFalse((self.top / "x.png").exists())

    def test_room(self):
        for _ in range(2):
            self.start("-t", V5_2)
        self.fails(NO_ROOM, "start", "-t", V5_2,
                   says=["256 MB low and 1024 MB high", "384 MB low, 640 MB high, 20 fences and 5 of 7 vGPUs"])
        self.fails(NO_ROOM, "start", "-t", "direct", says=["itself", "2 vGPUs"])
        self.start("-u", UUID, "-t", V5_4)
        self.fails(NO_ROOM, "start", "-t", V5_8, says="free are")
        self.ok("stop", UUID)
        self.start("-t", V5_8)

    def test_seven(self):
        """As many as kernel GVT-g, and each alive."""
        uuids = [self.start("-t", V5_8) for _ in range(7)]
        self.fails(NO_ROOM, "start", "-t", V5_8, says="0 of 7 vGPUs")
        self.assertEqual(len({self.show(uuid)["pid"] for uuid in uuids}), 7)

    def test_direct(self):
        direct = self.start("-t", "direct")
        shown = self.show(direct)
        self.assertEqual((shown["low_gm"], shown["high_gm"], shown["fences"]), (1 << 30, 3 << 30, 32))
        self.fails(NO_ROOM, "start", "-t", V5_8, says="direct")
        self.assertNotIn("Available instances: 1", self.ok("types"))
        self.ok("stop", direct)
        self.start("-t", V5_8)

    def test_show(self):
        self.start("-u", UUID, "-t", V5_4)
        text = self.ok("show", UUID)
        for line in (f"UUID: +{UUID}", "Parent: +0000:00:02.0", f"Type: +{V5_4}", "State: +running",
                     f"Socket: +{self.run_dir}/{UUID}/vfio", "Graphics memory: +128 MB low, 512 MB high", "Fences: +4",
                     "Weight: +4", "Resolution: +1920x1200", "GPU: .*SKL", "Figures: .*reg_reads"):
            self.assertRegex(text, f"(?m)^{line}")
        shown = self.show(UUID)
        self.assertEqual(shown["stats"]["connection"]["connected"], 0)
        self.assertIn("busy_ns", shown["stats"]["rcs0"])
        self.assertTrue(alive(shown["pid"]))

    def test_qemu_args(self):
        self.start("-u", UUID, "-t", V5_4)
        line = self.ok("qemu-args", UUID)
        device = f'{{"driver":"vfio-user-pci","addr":"2.0","socket":{{"path":"{self.run_dir}/{UUID}/vfio",' \
                 '"type":"unix"}}'
        self.assertEqual(line, "-machine memory-backend=mem -object memory-backend-memfd,id=mem,size=1G,share=on -m 1G "
                               f"-vga none -nic none -device '{device}'\n")
        words = shlex.split(self.ok("qemu-args", "--memory", "512M", UUID))
        self.assertEqual(words[:6], ["-machine", "memory-backend=mem", "-object",
                                     "memory-backend-memfd,id=mem,size=512M,share=on", "-m", "512M"])
        self.assertEqual(json.loads(words[-1])["socket"]["type"], "unix")
        path = json.loads(words[-1])["socket"]["path"]
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as machine:
            machine.connect(path)


class QuotedPaths(Case):
    def test_quote_in_run_dir(self):
        self.run_dir = self.top / "it's \"here\" $x"
        self.start_manager()
        self.start("-u", UUID, "-t", V5_4)
        device = json.loads(shlex.split(self.ok("qemu-args", UUID))[-1])
        self.assertEqual(device["socket"]["path"], f"{self.run_dir}/{UUID}/vfio")


class Screenshots(Case):
    def setUp(self):
        super().setUp()
        self.start_manager()
        self.start("-u", UUID, "-t", V5_8)

    def size(self, path):
        data = pathlib.Path(path).read_bytes()
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(data[-8:-4], b"IEND")
        return struct.unpack(">II", data[16:24])

    def test_resolution(self):
        self.ok("screenshot", UUID, "one.png")
        self.assertEqual(self.size(self.top / "one.png"), (1024, 768))
        other = self.start("-t", V5_4)
        self.ok("screenshot", self.top / "two.png", "-u", other)
        self.assertEqual(self.size(self.top / "two.png"), (1920, 1200))
        self.assertEqual({p.name for p in self.top.iterdir()}, {"run", "log", "conf", "mdevctl.d", "one.png", "two.png"})

    def test_replaces(self):
        target = self.top / "old.png"
        target.write_text("old")
        link = self.top / "link.png"
        link.symlink_to("old.png")
        self.ok("screenshot", UUID, link)
        self.assertTrue(link.is_symlink())
        self.assertEqual(self.size(target), (1024, 768))
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o666 & ~mask)

    def test_not_a_file(self):
        self.ok("screenshot", UUID, "/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
        done = subprocess.run([UGVT, "screenshot", UUID, "/dev/stdout"], capture_output=True, check=True,
                              env=environment(UGVT_RUN_DIR=str(self.run_dir)))
        (self.top / "piped.png").write_bytes(done.stdout)
        self.assertEqual(self.size(self.top / "piped.png"), (1024, 768))

    def test_unwritable(self):
        self.fails(DENIED, "screenshot", UUID, self.top, says=[str(self.top), "Is a directory"])
        self.fails(DENIED, "screenshot", UUID, self.top / "none/x.png", says=["none/x.png", "directory first"])
        self.fails(DENIED, "screenshot", UUID, "", says="can't write")
        self.fails(DENIED, "screenshot", UUID, "/dev/full", says="No space left")
        self.fails(DENIED, "screenshot", UUID, "/proc/x.png", says="can't write /proc/x.png")
        self.fails(DENIED, "screenshot", UUID, "x" * 300, says="can't write")

    @unittest.skipIf(os.geteuid() != 0, "needs root, to be somebody else")
    def test_others_files(self):
        self.top.chmod(0o755)
        theirs = self.top / "theirs"
        theirs.mkdir()
        os.chown(theirs, NOBODY, NOBODY)
        (theirs / "readonly.png").write_text("keep me")
        self.fails(DENIED, "screenshot", UUID, theirs / "readonly.png", user=NOBODY,
                   says=["readonly.png", "Permission denied", "that you may write"])
        self.fails(DENIED, "screenshot", UUID, self.top / "new.png", user=NOBODY, says=["new.png", "Permission denied"])
        self.assertEqual((theirs / "readonly.png").read_text(), "keep me")
        # May write there, but not ask.
        self.fails(DENIED, "screenshot", UUID, theirs / "x.png", user=NOBODY, says=["no permission to use", "as root"])
        self.assertEqual([p.name for p in theirs.iterdir()], ["readonly.png"])

    def test_gone(self):
        """A failure leaves what was there."""
        (self.top / "kept.png").write_text("kept")
        self.fails(NOT_FOUND, "screenshot", UUID[:-1] + "0", "kept.png")
        os.kill(self.show(UUID)["pid"], signal.SIGKILL)
        wait_until(lambda: "(failed" in self.ok("list"), "the death is noticed")
        self.fails(FAILED_WORKER, "screenshot", UUID, "kept.png", says=["does not run", "killed by signal 9"])
        self.assertEqual((self.top / "kept.png").read_text(), "kept")

    def test_frozen(self):
        """A worker that does not answer holds up nobody else."""
        pid = self.show(UUID)["pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            asked = self.client()
            asked.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "screenshot", "params": {"uuid": UUID}})
                          .encode() + b"\n")
            other = self.start("-t", V5_8)
            self.ok("screenshot", other, "other.png")
            self.assertEqual(self.size(self.top / "other.png"), (1024, 768))
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertIn(b'"size"', asked.recv(4096))


class Processes(Case):
    def setUp(self):
        super().setUp()
        self.start_manager()

    def test_killed_worker(self):
        uuid = self.start("-t", V5_1)
        other = self.start("-t", V5_8)
        other_pid = self.show(other)["pid"]
        os.kill(self.show(uuid)["pid"], signal.SIGKILL)
        wait_until(lambda: "(failed" in self.ok("list"), "the death is noticed")
        self.assertIn(f"{uuid} 0000:00:02.0 {V5_1} manual (failed: killed by signal 9 (Killed))\n", self.ok("list"))
        dump = json.loads(self.ok("list", "--dumpjson"))
        self.assertIn({uuid: {"mdev_type": V5_1, "start": "manual", "attrs": [], "state": "failed"}},
                      dump[0]["0000:00:02.0"])
        shown = self.show(uuid)
        self.assertEqual((shown["state"], shown["reason"]), ("failed", "killed by signal 9 (Killed)"))
        self.assertIn("Reason:            killed by signal 9", self.ok("show", uuid))
        self.fails(FAILED_WORKER, "qemu-args", uuid, says=f"ugvt start -u {uuid}")
        self.assertFalse((self.run_dir / uuid).exists())
        self.assertIn("killed by signal 9", self.log())
        # Its room is free, it can come back, and the other one never noticed.
        self.assertIn(f"  {V5_1}\n    Available instances: 1\n", self.ok("types"))
        self.assertEqual(self.start("-u", uuid), uuid)
        self.assertEqual(self.show(uuid)["state"], "running")
        self.assertNotIn("reason", self.show(uuid))
        self.assertEqual(self.show(other)["pid"], other_pid)

    def test_killed_worker_other_ways(self):
        self.start("-u", UUID, "-t", V5_4)
        os.kill(self.show(UUID)["pid"], signal.SIGSEGV)
        wait_until(lambda: "(failed" in self.ok("list"), "the death is noticed")
        self.assertRegex(self.ok("list"), r"\(failed: (killed by signal 11|exited with status [1-9])")
        self.assertEqual(self.start("-u", UUID, "-t", V5_8), UUID)
        self.assertEqual(self.show(UUID)["type"], V5_8)
        # SIGTERM to the worker itself is an orderly end, but not one that was asked for here.
        os.kill(self.show(UUID)["pid"], signal.SIGTERM)
        wait_until(lambda: "(failed" in self.ok("list"), "the end is noticed")
        self.assertIn("(failed: exited with status 0)", self.ok("list"))
        self.ok("stop", UUID)
        self.assertEqual(self.ok("list"), "")
        self.fails(NOT_FOUND, "stop", UUID)

    def test_worker_that_tries_its_walls(self):
        self.start("-u", UUID, "-t", V5_4)
        os.kill(self.show(UUID)["pid"], signal.SIGSYS)
        wait_until(lambda: "(failed" in self.ok("list"), "the death is noticed")
        self.assertIn("(failed: killed by signal 31 (Bad system call): it tried what its walls forbid)", self.ok("list"))
        self.assertEqual(self.start("-u", UUID, "-t", V5_8), UUID)

    def test_frozen_worker_is_stopped(self):
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        os.kill(pid, signal.SIGSTOP)
        self.stubborn = True
        self.ok("stop", UUID)
        self.assertFalse(alive(pid))

    def test_cycles(self):
        """Nothing grows, nothing is left."""
        def figures():
            pid = self.manager.pid
            return (children(pid), sorted(os.listdir(self.run_dir)))

        def fds():
            return len(os.listdir(f"/proc/{self.manager.pid}/fd"))
        self.start("-u", UUID, "-t", V5_8)
        self.ok("stop", UUID)
        wait_until(lambda: not figures()[0], "no child is left")
        before = (figures(), fds())
        for i in range(50):
            uuid = self.start("-t", (V5_8, V5_4, V5_2, "direct")[i % 4])
            self.ok("stop", uuid)
        # The client before may not have been seen off yet when its descriptor was counted.
        wait_until(lambda: figures() == before[0] and fds() <= before[1], f"{figures()}, {fds()} are {before} again")
        self.assertEqual(self.ok("list"), "")

    def test_worker_holds_little(self):
        """Descriptors of the manager do not leak into a worker, and it has given up what it need not have."""
        extra = [self.client() for _ in range(3)]
        self.start("-t", V5_8)
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            status = file.read()
        self.assertIn("NoNewPrivs:\t1\n", status)
        with open(f"/proc/{pid}/limits", encoding="ascii") as file:
            self.assertRegex(file.read(), r"Max core file size +0 +0 ")
        self.assertEqual(os.getsid(pid), pid)
        del extra
        if os.geteuid() != 0:
            # PR_SET_DUMPABLE off: not even its own user may look.
            with self.assertRaises(PermissionError):
                os.listdir(f"/proc/{pid}/fd")
            return
        links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        self.assertFalse([link for link in links if "ugvtd.pid" in link or str(self.run_dir / "control") in link])
        self.assertEqual([link for link in links if "/lock" in link], [f"{self.run_dir}/{UUID}/lock"])

    def test_sigint(self):
        pids = [self.show(self.start("-t", V5_8))["pid"] for _ in range(3)]
        self.manager.send_signal(signal.SIGINT)
        self.assertEqual(self.manager.wait(LONG), 0)
        self.assertFalse([pid for pid in pids if alive(pid)])
        self.assertEqual(os.listdir(self.run_dir), [])
        self.fails(NO_MANAGER, "list")

    def test_stop_all(self):
        pids = [self.show(self.start("-t", V5_8))["pid"] for _ in range(5)]
        self.fails(INVALID, "stop", "--all", UUID, says="either --all or a UUID")
        self.assertEqual(self.ok("list").count("\n"), 5)
        self.assertEqual(self.ok("stop", "--all"), "")
        self.assertEqual(self.ok("list"), "")
        self.assertFalse([pid for pid in pids if alive(pid)])
        self.assertEqual(sorted(os.listdir(self.run_dir)), ["control", "ugvtd.pid"])
        self.assertEqual(self.ok("stop", "--all"), "")

    def test_second_manager(self):
        done = subprocess.run([UGVTD, "--run-dir", str(self.run_dir)], capture_output=True, text=True, timeout=LONG,
                              env=environment(), check=False)
        self.assertEqual(done.returncode, IN_USE)
        self.assertIn(f"process {self.manager.pid}", done.stderr)
        self.assertIn("--run-dir", done.stderr)
        self.assertEqual(self.ok("list"), "")

    def test_ordinary_user(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to be somebody else; the other tests ran as an ordinary user")
        self.top.chmod(0o755)
        home = self.top / "home"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        with subprocess.Popen([UGVTD], stderr=subprocess.DEVNULL, user=NOBODY, group=NOBODY, extra_groups=[],
                              env=environment(XDG_RUNTIME_DIR=str(home))) as manager:
            def theirs(*arguments):
                return self.ugvt(*arguments, run_dir=False, user=NOBODY, XDG_RUNTIME_DIR=str(home))
            try:
                wait_until(lambda: theirs("list").returncode == 0, "the manager starts")
                done = theirs("start", "-t", V5_4)
                self.assertEqual(done.returncode, 0, done.stderr)
                done = theirs("screenshot", done.stdout.strip(), home / "x.png")
                self.assertEqual(done.returncode, 0, done.stderr)
                # Root may ask as well.
                self.run_dir = home / "ugvt"
                self.assertEqual(self.ok("list").count("\n"), 1)
            finally:
                theirs("stop", "--all")
                manager.terminate()
            self.assertEqual(manager.wait(LONG), 0)
        self.assertEqual(os.listdir(home / "ugvt"), [])


class Walls(Case):
    """Around a real worker; what they refuse is for tests/worker/test_walls.c."""

    MANDATORY = {"seccomp", "no_new_privileges", "no_capabilities", "not_dumpable"}
    OPTIONAL = {"empty_root", "landlock", "no_network", "own_ipc"}
    SANITIZED = any(name in pathlib.Path(WORKER).read_bytes() for name in (b"__asan_", b"__tsan_", b"__ubsan_"))

    def setUp(self):
        super().setUp()
        self.start_manager()
        self.start("-u", UUID, "-t", V5_4)
        self.walls = self.show(UUID)["walls"]
        self.proc = pathlib.Path("/proc", str(self.show(UUID)["pid"]))

    def status(self):
        return dict(line.split(":\t") for line in (self.proc / "status").read_text().splitlines())

    def test_mandatory(self):
        self.assertFalse([wall for wall in self.MANDATORY if not self.walls[wall]])
        status = self.status()
        self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
        self.assertFalse([name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(status[name], 16)])
        for task in (self.proc / "task").iterdir():
            self.assertIn("\nSeccomp:\t2\n", (task / "status").read_text())

    def test_log_names_what_is_missing(self):
        missing = [wall for wall in self.OPTIONAL if not self.walls[wall]]
        if self.SANITIZED:
            self.skipTest("a build with sanitizers does without some")
        for wall in missing:
            self.assertRegex(self.log(), f"leaves out walls: .*{wall}")
        self.assertEqual("leaves out" in self.log(), bool(missing))

    def test_namespaces(self):
        if os.geteuid() != 0:
            self.skipTest("only root may look")
        for wall, kind in (("no_network", "net"), ("own_ipc", "ipc"), ("own_ipc", "uts"), ("empty_root", "mnt")):
            if self.walls[wall]:
                self.assertNotEqual(os.readlink(self.proc / "ns" / kind), os.readlink(f"/proc/self/ns/{kind}"))
        if self.walls["empty_root"]:
            self.assertEqual(os.listdir(self.proc / "root"), [])
            self.assertEqual(os.readlink(self.proc / "cwd"), "/")

    def test_limits(self):
        self.assertEqual(self.walls["strict_filter"], not self.SANITIZED)
        self.assertEqual(self.walls["memory_limit"], not self.SANITIZED)
        limits = (self.proc / "limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        if not self.SANITIZED:
            # i915-GVTg_V5_4: see ugvt_worker_memory_limit().
            limit = (256 << 20) + (128 + 512 << 20) // 4096 * 8 + 1920 * 1200 * 16
            self.assertRegex(limits, rf"Max data size +{limit} +{limit} ")

    def test_shown(self):
        shown = self.ok("show", UUID)
        self.assertRegex(shown, r"\nWalls: +seccomp, .*no new privileges, no capabilities, not dumpable")
        self.assertIn("\nWithout walls: ", shown)

    def test_descriptors(self):
        """What it inherits, what it makes itself, and nothing of the file system but its lock and its log."""
        if os.geteuid() != 0:
            self.skipTest("only root may look")
        kinds = re.compile(r"/dev/null|socket:|anon_inode:|/memfd:ugvt-")
        others = {}
        for fd in (self.proc / "fd").iterdir():
            target = os.readlink(fd)
            if not kinds.match(target):
                others[int(fd.name)] = target
        self.assertLessEqual(set(others), {1, 2, 5}, others)


class BadWorkers(Case):
    """A worker is a stranger: here are some that misbehave."""

    SHAKE_HANDS = """
import array, json, mmap, os, socket, sys, time
listener = socket.socket(fileno=3)
listener.setblocking(True)
control = listener.accept()[0]
def answer(reply, fds=()):
    data = json.dumps(reply).encode() + b"\\n"
    control.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])
def requests():
    data, fds = b"", array.array("i")
    while True:
        more, ancillary, *_ = control.recvmsg(65536, socket.CMSG_SPACE(16))
        if not more:
            return
        for _, _, content in ancillary:
            fds.frombytes(content)
        data += more
        while b"\\n" in data:
            line, data = data.split(b"\\n", 1)
            request = json.loads(line)
            request["files"] = [fds.pop(0) for _ in range(request.get("fds", 0))]
            yield request
def done(request, **more):
    return {"jsonrpc": "2.0", "id": request["id"], "result": None, **more}
"""

    def start_with(self, program):
        worker = self.top / "worker"
        worker.write_text(f"#!{sys.executable}\n{self.SHAKE_HANDS}{program}", encoding="utf-8")
        worker.chmod(0o755)
        self.start_manager("--worker", str(worker))

    def start_fails(self, program, says):
        self.start_with(program)
        self.fails(FAILED_WORKER, "start", "-u", UUID, "-t", V5_4, says=[UUID, says])
        self.assertEqual(self.ok("list"), "")
        self.assertEqual(sorted(os.listdir(self.run_dir)), ["control", "ugvtd.pid"])
        self.assertIn(f"  {V5_4}\n    Available instances: 5\n", self.ok("types"))

    def test_exits(self):
        self.start_fails("sys.exit(3)", "exited with status 3")

    def test_refuses(self):
        self.start_fails("""
for request in requests():
    answer({"jsonrpc": "2.0", "id": request["id"], "error": {"code": 1, "message": "no\\x1b[31m way"}})
""", "no?[31m way")

    def test_hangs_up(self):
        self.start_fails("control.close(); time.sleep(100)",
                         "closed its connection to the manager")

    def test_asks(self):
        self.start_fails('answer({"jsonrpc": "2.0", "id": 1, "method": "list"}); time.sleep(100)',
                         "sent its manager a request")

    def test_floods(self):
        self.start_fails("""
try:
    control.sendall(b"x" * 1000000)
except OSError:
    pass
time.sleep(100)
""", "closed its connection")

    def test_not_executable_format(self):
        worker = self.top / "worker"
        worker.write_text("no program", encoding="ascii")
        worker.chmod(0o755)
        self.start_manager("--worker", str(worker))
        self.fails(FAILED_WORKER, "start", "-t", V5_4, says="exited with status 127")
        self.assertIn("can't run", self.log())

    LIES = """
pictures = iter({pictures})
for request in requests():
    if request["method"] == "stop":
        answer(done(request))
        break
    elif request["method"] == "stats":
        answer(done(request, result={stats}))
    elif request["method"] == "walls":
        answer(done(request, result={walls}))
    elif request["method"] == "screenshot":
        answer(done(request, result=next(pictures)(request["files"][0])))
    else:
        answer(done(request))
"""

    def lies(self, stats="None", walls="None", pictures="[]", before=""):
        self.start_with(before + self.LIES.format(stats=stats, walls=walls, pictures=pictures))
        self.start("-u", UUID, "-t", V5_4)

    def test_pictures(self):
        """The manager makes the file, and takes it only if nobody can change it any more."""
        self.lies(pictures="[unwritten, huge, still_mapped, sized_otherwise, unsized, shrunk, honest]", before="""
PNG = b"\\x89PNG\\r\\n\\x1a\\n"
def unwritten(file): return {"size": 100}
def huge(file): os.write(file, PNG); return {"size": 1 << 40}
def still_mapped(file): global kept; kept = mmap.mmap(file, 4096); kept[:8] = PNG; return {"size": 8}
def sized_otherwise(file): os.write(file, PNG); return {"size": "8"}
def unsized(file): os.write(file, PNG); return None
def shrunk(file): os.write(file, PNG); os.ftruncate(file, 8); return {"size": 100}
def honest(file): os.write(file, PNG + b"x" * 100); return {"size": 108}
""")
        for lie in range(6):
            with self.subTest(lie):
                self.fails(FAILED_WORKER, "screenshot", UUID, "x.png", says="no picture")
                self.assertFalse((self.top / "x.png").exists())
        self.ok("screenshot", UUID, "x.png")
        self.assertEqual((self.top / "x.png").read_bytes(), b"\x89PNG\r\n\x1a\n" + b"x" * 100)

    def test_descriptors_of_strangers(self):
        """Nothing that a worker sends is kept."""
        self.start_with("""
for request in requests():
    answer(done(request, fds=1), [os.open("/etc/hostname", os.O_RDONLY)])
""")
        self.start("-u", UUID, "-t", V5_4)
        self.show(UUID)
        before = len(os.listdir(f"/proc/{self.manager.pid}/fd"))
        for _ in range(5):
            self.assertNotIn("stats", self.show(UUID))
            self.fails(FAILED_WORKER, "screenshot", UUID, "x.png", says="no picture")
        self.assertEqual(len(os.listdir(f"/proc/{self.manager.pid}/fd")), before)
        self.stubborn = True

    def test_figures(self):
        self.lies("{'\\x1b[31m': 1}")
        self.assertNotIn("stats", self.show(UUID))

    def test_more_figures(self):
        self.lies("{'a': 'x' * 100000}")
        self.assertNotIn("stats", self.show(UUID))

    def test_good_figures(self):
        self.lies("{'a': 1, 'rcs0': {'b': 2}}")
        self.assertEqual(self.show(UUID)["stats"], {"a": 1, "rcs0": {"b": 2}})

    WALLS = ["seccomp", "strict_filter", "no_new_privileges", "no_capabilities", "not_dumpable", "empty_root", "landlock",
             "no_network", "own_ipc", "memory_limit"]

    def test_walls(self):
        """The kernel knows better, of most."""
        self.lies(walls=repr({**{wall: True for wall in self.WALLS}, "\x1b[31m": True, "moat": True}))
        walls = self.show(UUID)["walls"]
        self.assertEqual(list(walls), self.WALLS)
        lies = [wall for wall in self.WALLS if not walls[wall]]
        self.assertLessEqual({"seccomp", "strict_filter", "no_new_privileges", "memory_limit"}, set(lies))
        if os.geteuid() == 0:
            self.assertLessEqual({"no_capabilities", "empty_root", "no_network", "own_ipc"}, set(lies))
        self.assertRegex(self.ok("show", UUID), r"Without walls: .*\bseccomp\b.*memory limit")

    def test_walls_of_another_kind(self):
        for walls in ("[1]", "{'seccomp': 1, 'landlock': 'yes', 'empty_root': {}}", "7"):
            with self.subTest(walls):
                self.lies(walls=walls)
                self.assertFalse([wall for wall, stands in self.show(UUID)["walls"].items()
                                  if stands and wall != "no_capabilities"])
                self.ok("stop", UUID)
                self.end_manager(self.manager)


class Protocol(Case):
    """The control socket, without the command."""

    def setUp(self):
        super().setUp()
        self.start_manager()

    def ask(self, connection, line):
        connection.sendall(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
        data = b""
        while not data.endswith(b"\n"):
            more = connection.recv(65536)
            if not more:
                return None
            data += more
        return json.loads(data)

    def call(self, connection, method, **params):
        return self.ask(connection, {"jsonrpc": "2.0", "id": 7, "method": method, "params": params})

    def test_methods(self):
        client = self.client()
        self.assertEqual(self.call(client, "version")["result"]["pid"], self.manager.pid)
        self.assertEqual(self.call(client, "list"), {"jsonrpc": "2.0", "id": 7, "result": []})
        self.assertEqual(self.call(client, "nix")["error"]["code"], -32601)
        self.assertEqual(self.call(client, "list", more=1)["error"]["code"], -32602)
        self.assertEqual(self.call(client, "start", type=1)["error"]["code"], -32602)
        self.assertEqual(self.call(client, "start", type=V5_4, colour="red")["error"]["code"], -32602)
        self.assertEqual(self.call(client, "show")["error"]["code"], -32602)
        self.assertEqual(self.call(client, "start", type="nix")["error"]["code"], NOT_FOUND)
        self.assertEqual(self.call(client, "start", type=V5_4, uuid=UUID)["result"], {"uuid": UUID})
        self.assertEqual(self.call(client, "start", type=V5_4, uuid=UUID)["error"]["code"], IN_USE)
        self.assertEqual(self.call(client, "stop", uuid=UUID)["result"], {})

    def test_garbage(self):
        client = self.client()
        self.assertEqual(self.ask(client, b"hello\n")["error"]["code"], -32700)
        self.assertEqual(self.ask(client, b"[" * 1000 + b"\n")["error"]["code"], -32700)
        self.assertEqual(self.ask(client, b"[]\n")["error"]["code"], -32600)
        self.assertEqual(self.ask(client, bytes(range(128, 256)) + b"\n")["error"]["code"], -32700)
        self.assertEqual(self.call(client, "list")["result"], [])
        # Half a message, and gone.
        client.sendall(b'{"jsonrpc":"2.0","id":1,"meth')
        client.close()
        big = self.client()
        self.assertIn("65536 bytes", self.ask(big, b"x" * 70000)["error"]["message"])
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(big.recv(1), b"")
        self.assertEqual(self.ok("list"), "")

    def test_descriptors_are_not_taken(self):
        client = self.client()
        fds = array.array("i", [0])
        self.call(client, "list")
        before = len(os.listdir(f"/proc/{self.manager.pid}/fd"))
        client.sendmsg([b'{"jsonrpc":"2.0","id":1,"method":"list"}\n'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        with contextlib.suppress(ConnectionResetError):
            while client.recv(4096):
                pass
        wait_until(lambda: len(os.listdir(f"/proc/{self.manager.pid}/fd")) < before, "the client is cut off")
        self.assertEqual(self.ok("list"), "")

    def test_many_clients(self):
        clients = [self.client() for _ in range(100)]
        for client in clients:
            client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"list"}\n' * 10)
        for client in clients:
            data = b""
            while data.count(b"\n") < 10:
                data += client.recv(65536)
        self.assertEqual(self.ok("list"), "")

    def test_too_many_clients(self):
        """The 257th waits for one to leave."""
        clients = [self.client() for _ in range(257)]
        clients[256].sendall(b'{"jsonrpc":"2.0","id":1,"method":"list"}\n')
        self.assertEqual(self.call(clients[255], "list")["result"], [])
        clients[256].settimeout(0.1)
        with self.assertRaises(TimeoutError):
            clients[256].recv(1)
        clients[0].close()
        clients[256].settimeout(LONG)
        self.assertTrue(clients[256].recv(4096))

    def test_slow_reader(self):
        """Who asks and asks and never reads costs the manager little, and the others nothing."""
        lazy = self.client()
        lazy.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 100000000:
                sent += lazy.send(b'{"jsonrpc":"2.0","id":1,"method":"types"}\n' * 100)
        self.assertLess(sent, 100000000)
        self.assertEqual(self.ok("list"), "")
        with open(f"/proc/{self.manager.pid}/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
        with open(f"/proc/{self.manager.pid}/maps", encoding="utf-8") as file:
            sanitized = "libasan" in file.read()
        if not sanitized:
            self.assertLess(pages * os.sysconf("SC_PAGE_SIZE"), 64 << 20)

    def test_pipelined_starts(self):
        """All at once, from one client, which says no more then."""
        client = self.client()
        request = {"jsonrpc": "2.0", "id": 1, "method": "start", "params": {"type": V5_8}}
        client.sendall(b"".join(json.dumps({**request, "id": i}).encode() + b"\n" for i in range(9)))
        wait_until(lambda: self.ok("list").count("manual\n") == 7, "seven run")
        answers = b""
        while answers.count(b"\n") < 9:
            answers += client.recv(65536)
        codes = sorted(json.loads(line).get("error", {}).get("code", 0) for line in answers.splitlines())
        self.assertEqual(codes, [0] * 7 + [NO_ROOM] * 2)
        for line in self.ok("list").splitlines():
            client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "stop", "params": {"uuid": line.split()[0]}})
                           .encode() + b"\n")
        client.shutdown(socket.SHUT_WR)
        answers = b""
        while more := client.recv(65536):
            answers += more
        self.assertEqual(answers.count(b'"result":{}'), 7)
        self.assertEqual(self.ok("list"), "")


class Parents(Case):
    def test_several(self):
        self.start_manager(config="[parent 0000:00:02.0]\naperture = 256M\n"
                                  "[parent 0000:01:00.0]\ndevice = cfl\naperture = 512M\n")
        dump = {name: [(n, t["available_instances"]) for entry in types for n, t in entry.items()]
                for parent in json.loads(self.ok("types", "--dumpjson")) for name, types in parent.items()}
        self.assertEqual(dump, {"0000:00:02.0": [(V5_4, 1), (V5_8, 2), ("direct", 1)],
                                "0000:01:00.0": [(V5_2, 1), (V5_4, 3), (V5_8, 6), ("direct", 1)]})
        first = self.start("-t", V5_4)
        self.assertEqual(self.show(first)["parent"], "0000:00:02.0")
        self.assertEqual(self.show(first)["device"], "skl")
        # The first is full; the second takes over, unless it was said which.
        second = self.start("-t", V5_4)
        self.assertEqual((self.show(second)["parent"], self.show(second)["device"]), ("0000:01:00.0", "cfl"))
        self.fails(NO_ROOM, "start", "-t", V5_4, "-p", "0000:00:02.0", says="0000:00:02.0")
        self.fails(NOT_FOUND, "start", "-t", V5_2, "--parent", "0000:00:02.0", says="does not offer")
        self.assertEqual(self.show(self.start("-t", V5_2))["parent"], "0000:01:00.0")
        self.assertEqual(self.ok("list", "-p", "0000:00:02.0").count("\n"), 1)
        self.fails(NO_ROOM, "start", "-t", "direct")

    def available(self, parent=0):
        dump = json.loads(self.ok("types", "--dumpjson"))
        return {n: t["available_instances"] for types in dump[parent].values() for e in types for n, t in e.items()}

    def test_types_of_its_own(self):
        self.start_manager(config="[type i915-4k]\nlow_gm = 256M\nhigh_gm = 768M\nfences = 8\nweight = 33\n"
                                  "resolution = 3840x2160\ndeadline = off\n[type direct]\nweight = 5\n")
        self.assertIn("  i915-4k\n    Available instances: 3\n    Device API: vfio-pci\n    Name: 4k\n    Description: "
                      "low_gm_size: 256MB, high_gm_size: 768MB, fence: 8, resolution: 3840x2160, weight: 33\n",
                      self.ok("types"))
        uuids = [self.start("-t", "i915-4k") for _ in range(3)]
        self.fails(NO_ROOM, "start", "-t", "i915-4k", says=["256 MB low and 768 MB high", "8 fences"])
        shown = self.show(uuids[0])
        self.assertEqual([shown[key] for key in ("low_gm", "fences", "width", "height", "weight", "deadline_s")],
                         [256 << 20, 8, 3840, 2160, 33, 0])
        self.ok("screenshot", uuids[0], "4k.png")
        self.assertEqual(struct.unpack(">II", (self.top / "4k.png").read_bytes()[16:24]), (3840, 2160))

    def test_limit_of_its_own(self):
        """As many as it says, whatever they take together."""
        self.start_manager(config="[parent a]\nvgpus = 20\n")
        kinds = (V5_1, V5_2, V5_4, V5_8, "direct")
        self.assertEqual(set(self.available().values()), {20})
        for i in range(20):
            self.start("-t", kinds[i % 5])
        self.assertEqual(set(self.available().values()), {0})
        self.fails(NO_ROOM, "start", "-t", V5_8, says=["takes 20 vGPUs", "'vgpus'"])
        self.ok("stop", "--all")
        self.assertEqual(set(self.available().values()), {20})

    def test_many_rounds(self):
        """Vgpus of all types come and go in any order, and the parent is as it was."""
        self.start_manager()
        before = self.available()
        chance = random.Random(3)
        alive_ones = []
        for _ in range(300):
            if alive_ones and chance.random() < 0.5:
                self.ok("stop", alive_ones.pop(chance.randrange(len(alive_ones))))
                continue
            done = self.ugvt("start", "-t", chance.choice((V5_1, V5_2, V5_4, V5_8, "direct")))
            self.assertIn(done.returncode, (0, NO_ROOM), done.stderr)
            if done.returncode == 0:
                alive_ones.append(done.stdout.strip())
        self.assertEqual({line.split()[0] for line in self.ok("list").splitlines()}, set(alive_ones))
        self.ok("stop", "--all")
        self.assertEqual(self.available(), before)
        self.assertEqual(sorted(os.listdir(self.run_dir)), ["control", "ugvtd.pid"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
