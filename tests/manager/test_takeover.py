#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_takeover.py UGVT UGVTD UGVT-VGPU TEST-WORKER-DRIVE [TEST...]

Managers come and go while vGPUs run: each finds what the one before it left.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
# pylint: disable=wrong-import-position
from case import LONG, NO_MANAGER, NO_ROOM, UUID, V5_1, V5_4, V5_8, Case, alive, wait_until  # noqa: E402

DRIVE = str(pathlib.Path(sys.argv[4]).resolve())
OTHER_UUID = "11111111-2222-4333-8444-555555555555"


class Takeover(Case):
    def setUp(self):
        super().setUp()
        self.start_manager()

    def replace(self, sig=signal.SIGTERM, **how):
        """Another manager instead."""
        self.manager.send_signal(sig)
        self.manager.wait(LONG)
        self.fails(NO_MANAGER, "list")
        self.start_manager(**how)

    def drive(self, uuid):
        drive = subprocess.Popen([DRIVE, str(self.run_dir / uuid / "vfio")])
        self.cleanup.callback(drive.wait)
        self.cleanup.callback(drive.kill)
        return drive

    def batches(self, uuid):
        return self.show(uuid)["stats"]["rcs0"]["contexts"]

    def wait_for_work(self, uuid):
        before = self.batches(uuid)
        wait_until(lambda: self.batches(uuid) > before + 10, "the engine works")

    def available(self, kind=V5_8):
        dump = json.loads(self.ok("types", "--dumpjson"))
        return {n: t["available_instances"] for entry in dump[0].values() for e in entry for n, t in e.items()}[kind]

    def locked(self, uuid):
        """Some thread of its worker is there."""
        with open(self.run_dir / uuid / "lock", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def reason(self, uuid):
        return self.show(uuid).get("reason", "")

    def check_clean(self):
        self.ok("stop", "--all")
        self.assertEqual(sorted(os.listdir(self.run_dir)), ["control", "ugvtd.pid"])
        self.assertEqual(self.available(), 7)

    def test_while_guests_run(self):
        self.start("-u", UUID, "-t", V5_4)
        self.start("-u", OTHER_UUID, "-t", V5_8)
        before = {uuid: {k: v for k, v in self.show(uuid).items() if k != "stats"} for uuid in (UUID, OTHER_UUID)}
        lines = sorted(self.ok("list").splitlines())
        drives = [self.drive(uuid) for uuid in (UUID, OTHER_UUID)]
        room = self.available()
        for sig in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGKILL):
            self.wait_for_work(UUID)
            done = self.batches(UUID)
            self.replace(sig)
            self.assertEqual(sorted(self.ok("list").splitlines()), lines)
            self.assertGreaterEqual(self.batches(UUID), done)
            for uuid in (UUID, OTHER_UUID):
                self.wait_for_work(uuid)
                self.assertEqual({k: v for k, v in self.show(uuid).items() if k != "stats"}, before[uuid])
            self.assertEqual(self.available(), room)
            self.ok("screenshot", UUID, "picture.png")
        self.assertEqual([drive.poll() for drive in drives], [None, None])
        self.ok("stop", UUID)
        self.assertFalse(alive(before[UUID]["pid"]))
        self.wait_for_work(OTHER_UUID)
        self.check_clean()
        self.assertFalse(alive(before[OTHER_UUID]["pid"]))

    def test_nothing_is_held_twice(self):
        """Descriptors of a manager that took over are those of one that started the vGPUs itself, less none."""
        def fds():
            return len(os.listdir(f"/proc/{self.manager.pid}/fd"))
        bare = fds()
        for _ in range(3):
            self.start("-t", V5_8)
        self.replace()
        wait_until(lambda: fds() > bare, "they are there")
        self.check_clean()
        wait_until(lambda: fds() <= bare, "all are closed")

    def test_parent_and_type_are_gone(self):
        mine = "[parent mine]\ndevice = kbl\n[type big]\nlow_gm = 256M\nhigh_gm = 1G\nweight = 77\n"
        self.replace(config=mine)
        self.start("-u", UUID, "-t", "big")
        before = self.show(UUID)
        self.replace()
        self.assertEqual(self.ok("list"), f"{UUID} mine big manual\n")
        shown = self.show(UUID)
        for key in ("parent", "type", "device", "low_gm", "weight", "pid"):
            self.assertEqual(shown[key], before[key], key)
        self.assertEqual(self.available(), 7)
        # The type is another one now: this vGPU keeps the one it has.
        self.replace(config=mine.replace("256M", "512M"))
        self.assertEqual(self.show(UUID)["low_gm"], 256 << 20)
        self.assertEqual(self.available(), 4)
        self.ok("stop", UUID)
        self.assertEqual(self.available(), 7)

    def test_room_is_gone(self):
        for _ in range(5):
            self.start("-t", V5_4)
        self.replace(config="[parent 0000:00:02.0]\naperture = 256M\n")
        self.assertEqual(self.ok("list").count(V5_4), 5)
        uuids = [line.split()[0] for line in self.ok("list").splitlines()]
        self.fails(NO_ROOM, "start", "-t", V5_8)
        for uuid in uuids[1:]:
            self.assertEqual(self.available(), 0)
            self.ok("stop", uuid)
        self.fails(NO_ROOM, "start", "-t", V5_8)
        self.ok("stop", uuids[0])
        self.assertEqual(self.available(), 2)

    def test_died_meanwhile(self):
        self.start("-u", UUID, "-t", V5_1)
        pid = self.show(UUID)["pid"]
        self.leave_manager()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not self.locked(UUID), "the worker ends")
        self.start_manager()
        self.assertIn("(failed: ended while there was no manager", self.ok("list"))
        self.assertFalse((self.run_dir / UUID).exists())
        self.assertEqual(self.available(V5_1), 1)
        self.start("-u", UUID)
        self.assertEqual(self.show(UUID)["type"], V5_1)

    def test_dies_afterwards(self):
        self.start("-u", UUID, "-t", V5_4)
        pid = self.show(UUID)["pid"]
        self.replace()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: "(failed" in self.ok("list"), "the death is noticed")
        self.assertIn("how is unknown, since an earlier manager started it", self.reason(UUID))
        self.assertEqual(self.available(), 7)
        self.start("-u", UUID)
        self.assertNotEqual(self.show(UUID)["pid"], pid)
        self.check_clean()

    def test_silent_worker(self):
        """One that does not answer keeps nobody waiting, and can be stopped."""
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        os.kill(pid, signal.SIGSTOP)
        self.stubborn = True
        self.replace()
        self.assertEqual(self.ok("list"), f"{UUID} 0000:00:02.0 {V5_8} manual\n")
        self.start("-t", V5_8)
        self.ok("stop", UUID)
        self.assertFalse(alive(pid))
        self.check_clean()

    def test_half_stopped(self):
        """What was to stop when its manager died is stopped by the next one."""
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        os.kill(pid, signal.SIGSTOP)
        client = self.client()
        client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "stop", "params": {"uuid": UUID}}).encode() + b"\n")
        wait_until(lambda: "(stopping)" in self.ok("list"), "it is to stop")
        self.replace(signal.SIGKILL)
        wait_until(lambda: not alive(pid), "it is stopped")
        wait_until(lambda: self.ok("list") == "", "it is forgotten")
        self.check_clean()

    def half_started(self, sig):
        worker = self.top / "worker"
        worker.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(1000)\n", encoding="utf-8")
        worker.chmod(0o755)
        self.leave_manager()
        self.start_manager("--worker", str(worker))
        client = self.client()
        client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "start", "params": {"uuid": UUID, "type": V5_8}})
                       .encode() + b"\n")
        wait_until(lambda: "(starting)" in self.ok("list"), "it starts")
        pid = self.show(UUID)["pid"]
        self.replace(sig)
        wait_until(lambda: not alive(pid), "it is ended")
        wait_until(lambda: self.ok("list") == "", "it is forgotten")
        self.check_clean()

    def test_half_started(self):
        self.half_started(signal.SIGTERM)

    def test_half_started_and_killed(self):
        self.half_started(signal.SIGKILL)

    def test_bad_states(self):
        """What the file says is believed only if all of it makes sense."""
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        state = self.run_dir / UUID / "state"
        good = state.read_text(encoding="ascii")
        about = json.loads(good)
        self.assertEqual((about["pid"], about["state"], about["type"]["id"]), (pid, "running", V5_8))
        self.leave_manager()

        def changed(key, value):
            return json.dumps({**about, key: value})
        for bad in ("", "{}", good[:-2], good + "x", "[" * 5000, changed("pid", 0), changed("pid", "1"), changed("cap", 101),
                    changed("weight", 0), changed("type", {}), changed("parent", None), changed("state", "odd"),
                    changed("parent", {**about["parent"], "name": "../.."}),
                    changed("type", {**about["type"], "low_gm": 1 << 63}),
                    # Somebody with that pid, who is not the one that was born then.
                    changed("born", about["born"] + 1), changed("pid", os.getpid())):
            state.write_text(bad, encoding="utf-8")
            self.start_manager()
            self.assertEqual(self.ok("list"), "", bad)
            self.assertIn(f"process {pid} still serves vGPU {UUID}, of which nothing is known", self.log())
            self.fails(5, "start", "-u", UUID, "-t", V5_8, says=f"kill {pid}")
            self.leave_manager()
        self.assertTrue(alive(pid))
        state.write_text(good, encoding="ascii")
        self.start_manager()
        self.assertEqual(self.show(UUID)["pid"], pid)
        self.check_clean()

    def test_lock_is_closed(self):
        """A worker can let go of its lock. It is found all the same, and has the room it has."""
        worker = self.top / "worker"
        worker.write_text(f"""#!{sys.executable}
import json, os, socket
os.close(5)
listener = socket.socket(fileno=3)
listener.setblocking(True)
while True:
    control = listener.accept()[0]
    for line in control.makefile("rb"):
        request = json.loads(line)
        control.sendall(json.dumps({{"jsonrpc": "2.0", "id": request["id"], "result": {{}}}}).encode() + b"\\n")
        if request["method"] == "stop":
            os._exit(0)
""", encoding="utf-8")
        worker.chmod(0o755)
        self.leave_manager()
        self.start_manager("--worker", str(worker))
        self.start("-u", UUID, "-t", V5_1)
        pid = self.show(UUID)["pid"]
        self.assertFalse(self.locked(UUID))
        self.replace()
        self.assertEqual(self.show(UUID)["pid"], pid)
        self.assertEqual(self.available(V5_1), 0)
        self.ok("stop", UUID)
        self.assertFalse(alive(pid))
        self.check_clean()

    def test_intruder(self):
        """Somebody else connects to the worker, and the manager comes back."""
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as intruder:
            intruder.connect(str(self.run_dir / UUID / "control"))
            wait_until(lambda: "stats" not in self.show(UUID), "the manager is cut off")
            intruder.settimeout(LONG)
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(intruder.recv(100), b"")
        wait_until(lambda: "stats" in self.show(UUID), "the manager is back")
        self.assertEqual(self.show(UUID)["pid"], pid)
        self.check_clean()

    def test_many_times(self):
        self.start("-u", UUID, "-t", V5_8)
        drive = self.drive(UUID)
        for _ in range(10):
            self.replace(signal.SIGKILL)
            self.wait_for_work(UUID)
        self.assertIsNone(drive.poll())
        self.check_clean()

    def test_clients_that_wait(self):
        """A manager that ends tells those who wait for a vGPU to start, or leaves them a closed connection."""
        self.start("-u", UUID, "-t", V5_8)
        pid = self.show(UUID)["pid"]
        os.kill(pid, signal.SIGSTOP)
        self.stubborn = True
        client = self.client()
        client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "stop", "params": {"uuid": UUID}}).encode() + b"\n")
        wait_until(lambda: "(stopping)" in self.ok("list"), "it is to stop")
        started = time.monotonic()
        self.leave_manager()
        self.assertLess(time.monotonic() - started, LONG)
        self.assertFalse(alive(pid))
        self.assertIn(client.recv(4096)[:10], (b"", b'{"jsonrpc"'))
        self.start_manager()
        self.check_clean()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]])
