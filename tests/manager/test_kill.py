#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_kill.py UGVT UGVTD UGVT-VGPU TEST-WORKER-DRIVE UGVT-MDEVFS ROUNDS [SEED]

While clients define, modify, start and stop vGPUs all the time, something is killed at a random moment, ROUNDS times: a
worker, the manager, a virtual machine (a program that drives a vGPU stands in for one) or the mount of the mdev tree.
Nothing of what was said to be done is lost, nothing is half done, nothing is left, and the others never notice.
"""

import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import uuid as uuids

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
# pylint: disable=wrong-import-position
from case import LONG, V5_4, V5_8, WORKER, Case, alive, wait_until  # noqa: E402

DRIVE, MDEVFS = (str(pathlib.Path(program).resolve()) for program in sys.argv[4:6])
ROUNDS = int(sys.argv[6])
SEED = int(sys.argv[7]) if len(sys.argv) > 7 else 1
PARENT = "0000:00:02.0"
CONFIG = f"[parent {PARENT}]\nvgpus = 32\n"
CLIENTS = 3
SLACK_KB = 4096
# The address sanitizer of GCC 13 and later keeps stacks of its own for each thread, which would count as a worker's memory.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_stack_use_after_return=0"


class Refused(Exception):
    """The manager said no."""


class Lost(Exception):
    """The connection went before the answer came."""


class Connection:
    """To whichever manager there is now."""

    def __init__(self, run_dir):
        self.path = str(run_dir / "control")
        self.socket = None
        self.data = b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def connect(self):
        deadline = time.monotonic() + LONG
        while not self.socket:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(LONG)
            try:
                connection.connect(self.path)
                self.socket, self.data = connection, b""
            except OSError:
                connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.005)

    def call(self, method, **params):
        self.connect()
        try:
            self.socket.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
            while b"\n" not in self.data:
                more = self.socket.recv(65536)
                if not more:
                    raise Lost
                self.data += more
        except TimeoutError:
            raise
        except OSError as error:
            self.close()
            raise Lost from error
        except Lost:
            self.close()
            raise
        line, self.data = self.data.split(b"\n", 1)
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"]["message"])
        return answer["result"]


class Client(threading.Thread):
    """Works on vGPUs of its own, and knows what their definitions may be by now."""

    def __init__(self, case, seed):
        super().__init__()
        self.case = case
        self.random = random.Random(seed)
        self.uuids = [str(uuids.UUID(int=self.random.getrandbits(128), version=4)) for _ in range(4)]
        self.known = {uuid: [None] for uuid in self.uuids}  # what may be on the disk
        self.connection = Connection(case.run_dir)
        self.end = False
        self.trouble = None
        self.done = 0
        self.refused = {}

    def run(self):
        try:
            while not self.end:
                self.step()
        except Exception as error:  # pylint: disable=broad-except
            self.trouble = error
        finally:
            self.connection.close()

    def step(self):
        uuid = self.random.choice(self.uuids)
        method = self.random.choice([self.define, self.undefine, self.modify, self.modify, self.start_it, self.stop_it])
        before = self.known[uuid]
        try:
            method(uuid)
            self.done += 1
        except Refused as refusal:
            # It does nothing then.
            self.known[uuid] = before
            self.refused[str(refusal)[:40]] = self.refused.get(str(refusal)[:40], 0) + 1
        except Lost:
            self.known[uuid] = before + [state for state in self.known[uuid] if state not in before]
            self.settle(uuid)

    def settle(self, uuid):
        """After a manager died: it is one of those it may be, and remains it."""
        self.connection.connect()
        self.known[uuid] = [self.case.definition(uuid)] if self.case.definition(uuid) in self.known[uuid] else []
        assert self.known[uuid], f"{uuid}: {self.case.definition(uuid)}"

    def expect(self, uuid, definition):
        """As of now, this may be on the disk as well."""
        self.known[uuid] = self.known[uuid] + [definition]

    def finish(self, uuid):
        """It was said to be done: so it is that."""
        self.known[uuid] = self.known[uuid][-1:]
        found = self.case.definition(uuid)
        assert found == self.known[uuid][0], f"{uuid}: {found}, not {self.known[uuid][0]}"

    def define(self, uuid):
        weight = self.random.randrange(1, 1000)
        self.expect(uuid, (V5_8, "manual", weight))
        self.connection.call("define", uuid=uuid, parent=PARENT, type=V5_8, weight=weight)
        self.finish(uuid)

    def undefine(self, uuid):
        self.expect(uuid, None)
        self.connection.call("undefine", uuid=uuid)
        self.finish(uuid)

    def modify(self, uuid):
        weight = self.random.randrange(1, 1000)
        self.expect(uuid, (V5_8, "manual", weight))
        if self.known[uuid][0] is None:
            self.known[uuid] = [None]  # only what runs is modified
        self.connection.call("modify", uuid=uuid, weight=weight)
        self.finish(uuid)

    def start_it(self, uuid):
        if self.known[uuid] == [None]:
            self.connection.call("start", uuid=uuid, type=V5_8)
        else:
            self.connection.call("start", uuid=uuid)

    def stop_it(self, uuid):
        self.connection.call("stop", uuid=uuid)


class Kill(Case):
    def definition(self, uuid):
        """What a vGPU's file says; None if there is none."""
        try:
            text = (self.definitions / PARENT / uuid).read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        about = json.loads(text)
        return (about["mdev_type"], about["start"], int(about["attrs"][0]["intel_vgpu/weight"]))

    def drive(self, uuid):
        drive = subprocess.Popen([DRIVE, str(self.run_dir / uuid / "vfio")])
        self.cleanup.callback(drive.wait)
        self.cleanup.callback(drive.kill)
        return drive

    def workers(self):
        """All processes of this test's copy of the program."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(entry / "exe") == str(WORKER) and alive(int(entry.name)):
                    found.append(int(entry.name))
        return found

    def contexts(self, uuid):
        """What an engine of it has done; the manager may be one that was killed a moment ago."""
        connection = Connection(self.run_dir)
        for _ in range(100):
            with contextlib.suppress(Lost):
                shown = connection.call("show", uuid=uuid)
                if "stats" in shown:
                    connection.close()
                    return shown["stats"]["rcs0"]["contexts"]
        connection.close()
        self.fail(f"{uuid} tells no figures")

    def wait_for_work(self, uuid):
        before = self.contexts(uuid)
        wait_until(lambda: self.contexts(uuid) > before, f"{uuid} works")

    def memory_kb(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return int(file.read().split("RssAnon:")[1].split()[0])

    def fds(self, pid):
        try:
            return len(os.listdir(f"/proc/{pid}/fd"))
        except PermissionError:
            return 0

    def mount(self):
        if not self.tree:
            return
        self.mdevfs = subprocess.Popen([MDEVFS, "-f", "--run-dir", str(self.run_dir), str(self.tree)],
                                       stderr=subprocess.DEVNULL)
        wait_until(lambda: self.mdevfs.poll() is not None or self.tree_shows(), "the tree is mounted")
        self.assertIsNone(self.mdevfs.poll())

    def tree_shows(self):
        """The vGPUs that live through it all."""
        try:
            return set(self.survivors) <= set(os.listdir(self.tree / "bus/mdev/devices"))
        except OSError:
            return False

    def unmount(self):
        if self.mdevfs:
            self.mdevfs.kill()
            self.mdevfs.wait()
            subprocess.run(["umount", "-l", str(self.tree)], stderr=subprocess.DEVNULL, check=False)

    # What is killed, and what brings it back.

    def kill_worker(self):
        pid = self.show(self.victim)["pid"]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: "(failed: killed by signal 9" in self.ok("list", "-u", self.victim) or
                   "(failed: ended" in self.ok("list", "-u", self.victim), "its death is reported")
        self.driver.kill()  # its device is gone
        self.driver.wait()
        self.start("-u", self.victim)
        self.driver = self.drive(self.victim)

    def kill_manager(self):
        self.manager.kill()
        self.manager.wait()
        self.start_manager(config=CONFIG)

    def kill_machine(self):
        self.driver.kill()
        self.driver.wait()
        self.driver = self.drive(self.victim)

    def kill_mount(self):
        self.unmount()
        self.mount()

    def set_up_vgpus(self):
        self.survivors = [self.start("-t", V5_4) for _ in range(2)]
        self.victim = self.start("-t", V5_8)
        self.drivers = [self.drive(uuid) for uuid in self.survivors]
        self.driver = self.drive(self.victim)
        self.pids = [self.show(uuid)["pid"] for uuid in self.survivors]
        for uuid in self.survivors:
            self.wait_for_work(uuid)

    def test_kill(self):
        chance = random.Random(SEED)
        self.mdevfs = None
        self.tree = self.top / "tree" if os.geteuid() == 0 and os.path.exists("/dev/fuse") else None
        self.cleanup.callback(self.unmount)
        self.start_manager(config=CONFIG)
        self.set_up_vgpus()
        self.mount()
        sizes = [(self.memory_kb(pid), self.fds(pid)) for pid in self.pids]
        clients = [Client(self, SEED * 100 + i) for i in range(CLIENTS)]
        kills = [self.kill_worker, self.kill_manager, self.kill_machine] + ([self.kill_mount] if self.tree else [])
        for client in clients:
            client.start()
        try:
            for number in range(ROUNDS):
                time.sleep(chance.random() * 0.1)
                kills[number % len(kills)]()
                self.check_survivors(clients)
        finally:
            for client in clients:
                client.end = True
            for client in clients:
                client.join()
        self.check_survivors(clients)
        self.check_end(clients, sizes)

    def check_survivors(self, clients):
        self.assertEqual([client.trouble for client in clients], [None] * CLIENTS)
        self.assertEqual([driver.poll() for driver in self.drivers], [None, None])
        for uuid in self.survivors:
            self.wait_for_work(uuid)
        self.wait_for_work(self.victim)

    def check_end(self, clients, sizes):
        """Definitions are what they are known to be, and all else is gone once all vGPUs are stopped."""
        for client in clients:
            self.assertGreater(client.done, 0, client.refused)
            for uuid in client.uuids:
                self.assertIn(self.definition(uuid), client.known[uuid])
        self.assertEqual([self.show(uuid)["pid"] for uuid in self.survivors], self.pids)
        for pid, (memory, fds) in zip(self.pids, sizes):
            self.assertLess(self.memory_kb(pid), memory + SLACK_KB)
            self.assertLessEqual(self.fds(pid), fds + 1)
        leftovers = [file.name for file in (self.definitions / PARENT).glob(".*")] if self.definitions.exists() else []
        # A manager that was killed while it wrote left as much; the next one cleans up what is old.
        self.assertLessEqual(len(leftovers), ROUNDS)
        listed = {line.split()[0] for line in self.ok("list").splitlines()}
        running = {line.split()[0] for line in self.ok("list").splitlines() if "(failed" not in line}
        self.assertLessEqual(set(self.survivors), running)
        self.assertEqual({path.parent.name for path in self.run_dir.glob("*/lock")}, running)
        self.assertEqual(len(self.workers()), len(running))
        self.unmount()
        self.ok("stop", "--all")
        self.assertEqual(self.ok("list"), "", listed)
        self.assertEqual(sorted(os.listdir(self.run_dir)), ["control", "ugvtd.pid"])
        wait_until(lambda: not self.workers(), "no worker is left")
        dump = json.loads(self.ok("types", "--dumpjson"))
        self.assertEqual({t["available_instances"] for entry in dump[0][PARENT] for t in entry.values()}, {32})
        with open("/proc/self/mounts", encoding="utf-8") as file:
            self.assertNotIn(str(self.top), file.read())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
