#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_truth.py UGVT UGVTD UGVT-VGPU UGVT-MDEVFS [TEST...]

The command, the tree and the control socket show one truth, and nothing is left behind. UGVT_CHURN in the environment is how
often a vGPU is made and removed (200 if unset), UGVT_KILLS how often the mount is killed (200).
"""

import contextlib
import errno
import json
import os
import random
import threading
import time

from fixture import (DIRECT, LONG, PARENT, V5_1, V5_2, V5_4, V5_8, Case, descriptors, main, uuid, wait_until, write)

CLIENTS = 32
ROUNDS = 8
CHURN = int(os.environ.get("UGVT_CHURN", "200"))
KILLS = int(os.environ.get("UGVT_KILLS", "200"))
PARENTS = (PARENT, "gpu-1")
TYPES = (V5_1, V5_2, V5_4, V5_8, DIRECT)
EMPTY = {V5_1: 1, V5_2: 2, V5_4: 5, V5_8: 7, DIRECT: 1}
# What may come of a request that races with others: exit statuses and error codes as ugvt(1) has them, and errnos.
IN_USE, NO_ROOM, NOT_FOUND = 5, 6, 4
LOST = {"cli": {0, IN_USE, NO_ROOM, NOT_FOUND}, "socket": {0, IN_USE, NO_ROOM, NOT_FOUND},
        "tree": {0, errno.EEXIST, errno.ENOSPC, errno.ENOENT, errno.ENODEV}}


class Truth(Case):
    # The ways to do it: 0, or why not.

    def start(self, way, n, name, parent):
        if way == "tree":
            return write(self.type(name, parent) / "create", uuid(n).encode())
        if way == "cli":
            return self.ugvt("start", "-u", uuid(n), "-t", name, "-p", parent).returncode
        reply = self.call("start", uuid=uuid(n), type=name, parent=parent)
        return reply if isinstance(reply, int) else 0

    def stop(self, way, n):
        if way == "tree":
            return write(self.vgpu(n) / "remove", b"1\n")
        if way == "cli":
            return self.ugvt("stop", "-u", uuid(n)).returncode
        reply = self.call("stop", uuid=uuid(n))
        return reply if isinstance(reply, int) else 0

    # What each of them shows: {(UUID, parent, type)}, and {parent: {type: available}}.

    def socket_shows(self):
        return ({(v["uuid"], v["parent"], v["type"]) for v in self.call("list")},
                {p["parent"]: {t["type"]: t["available_instances"] for t in p["types"]} for p in self.call("types")})

    def cli_shows(self):
        vgpus = {(u, parent, v["mdev_type"]) for entry in json.loads(self.ugvt("list", "--dumpjson").stdout)
                 for parent, list_ in entry.items() for one in list_ for u, v in one.items()}
        types = {parent: {name: t["available_instances"] for one in list_ for name, t in one.items()}
                 for entry in json.loads(self.ugvt("types", "--dumpjson").stdout) for parent, list_ in entry.items()}
        return vgpus, types

    def tree_shows(self):
        bus = {(path.name, path.resolve().parent.name, (path / "mdev_type").resolve().name)
               for path in (self.sys / "bus/mdev/devices").iterdir()}
        folders = {(path.name, parent, (path / "mdev_type").resolve().name)
                   for parent in PARENTS for path in self.parent(parent).iterdir() if (path / "remove").exists()}
        types = {(path.name, parent, name) for parent in PARENTS for name in TYPES
                 for path in (self.type(name, parent) / "devices").iterdir()}
        self.assertEqual(bus, folders)
        self.assertEqual(bus, types)
        return bus, {parent: self.available(parent) for parent in PARENTS}

    def agree(self):
        shown = self.socket_shows()
        self.assertEqual(self.cli_shows(), shown)
        self.assertEqual(self.tree_shows(), shown)
        return shown

    def begin_two(self):
        self.start_manager("".join(f"[parent {parent}]\n" for parent in PARENTS))
        mount = self.mount()
        self.assertEqual(self.agree(), (set(), {parent: EMPTY for parent in PARENTS}))
        return mount

    def nothing_left(self, mount, before):
        self.assertEqual(self.agree(), (set(), {parent: EMPTY for parent in PARENTS}))
        # Fewer than before are as good: then, the manager had not yet closed the connection of who asked last.
        wait_until(lambda: descriptors(self.manager.pid) <= before[0] and descriptors(mount.pid) <= before[1],
                   f"descriptors are closed, down to {before}")
        with open(f"/proc/{self.manager.pid}/task/{self.manager.pid}/children", encoding="ascii") as children:
            self.assertEqual(children.read(), "")
        self.assertEqual([name for name in os.listdir(self.run_dir) if len(name) == 36], [])

    def client(self, seed, rounds):
        """One of many: something at random, then a pause in which all is compared."""
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            way, n = chance.choice(("tree", "tree", "cli", "socket")), chance.randrange(CLIENTS // 2)
            if chance.random() < 0.6:
                got = self.start(way, n, chance.choice(TYPES), chance.choice(PARENTS))
            else:
                got = self.stop(way, n)
            if got not in LOST[way]:
                self.wrong.append(f"{way}: {got}")
            self.won += got == 0
            with contextlib.suppress(threading.BrokenBarrierError):
                rounds.wait(LONG)  # all are done
                rounds.wait(LONG)  # all is compared

    def test_many_clients(self):
        mount = self.begin_two()
        before = descriptors(self.manager.pid), descriptors(mount.pid)
        rounds = threading.Barrier(CLIENTS + 1)
        self.wrong, self.won, most = [], 0, 0
        clients = [threading.Thread(target=self.client, args=(seed, rounds), daemon=True) for seed in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for _ in range(ROUNDS):
                rounds.wait(LONG)
                most = max(most, len(self.agree()[0]))
                rounds.wait(LONG)
        except BaseException:
            rounds.abort()
            raise
        finally:
            for client in clients:
                client.join(LONG)
        self.assertEqual(self.wrong, [], self.log())
        self.assertGreater(self.won, ROUNDS)
        self.assertGreater(most, 2)
        for vgpu in self.call("list"):
            self.assertErrno(write(self.sys / "bus/mdev/devices" / vgpu["uuid"] / "remove", b"1"), 0)
        self.nothing_left(mount, before)

    def test_churn(self):
        mount = self.begin_two()
        before = descriptors(self.manager.pid), descriptors(mount.pid)
        chance = random.Random(1)
        for i in range(CHURN):
            ways = ("tree", "socket")
            name, parent = chance.choice(TYPES), chance.choice(PARENTS)
            self.assertEqual(self.start(ways[i % 2], 1, name, parent), 0, self.log()[-2000:])
            self.assertEqual(self.stop(ways[i // 2 % 2], 1), 0, self.log()[-2000:])
        self.nothing_left(mount, before)

    def churn_through_tree(self, n, parent, stop):
        """Whatever comes of it."""
        while not stop.is_set():
            with contextlib.suppress(OSError):
                self.won += self.create(n, V5_8, parent) == 0
                os.listdir(self.sys / "bus/mdev/devices")
                self.remove(n)

    def test_mount_is_killed(self):
        """At random moments under load: a restart heals it, and nobody else has noticed."""
        mount = self.begin_two()
        self.assertEqual(self.start("socket", 1, V5_8, PARENT), 0)
        self.won = 0
        pid, chance, stop = self.call("show", uuid=uuid(1))["pid"], random.Random(1), threading.Event()
        clients = [threading.Thread(target=self.churn_through_tree, args=(n, parent, stop), daemon=True)
                   for n, parent in ((2, PARENT), (3, PARENTS[1]), (4, PARENTS[1]))]
        for client in clients:
            client.start()
        try:
            for _ in range(KILLS):
                time.sleep(chance.random() / 20)
                mount.kill()
                mount.wait(LONG)
                self.assertEqual(self.call("show", uuid=uuid(1))["pid"], pid)
                mount = self.mount()
            # Kills may have come too fast for any client to get through.
            wait_until(lambda: self.won > 0, "a client makes a vGPU")
        finally:
            stop.set()
            for client in clients:
                client.join(LONG)
        self.agree()
        with open("/proc/self/mounts", encoding="ascii") as mounts:
            self.assertEqual(sum(str(self.sys) in line for line in mounts), 1)
        self.assertEqual(self.call("show", uuid=uuid(1))["pid"], pid)


main()
