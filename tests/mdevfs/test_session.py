#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_session.py UGVT UGVTD UGVT-VGPU UGVT-MDEVFS [TEST...]

What a shell and the kernel's other users see in the tree: names, modes, contents, links, and what is answered to what they
write.
"""

import errno
import os
import pathlib
import signal
import stat
import subprocess
import threading
import unittest

from fixture import (DIRECT, LONG, MDEVFS, NOBODY, PARENT, UGVT, UGVTD, V5_1, V5_2, V5_4, V5_8, WORKER, Case, descriptors,
                     environment, main, mounted, read, unmount, uuid, wait_until, write)

DEVICE = f"devices/pci0000:00/{PARENT}"
FOLDER, READABLE, WRITABLE, BOTH = (stat.S_IFDIR | 0o755, stat.S_IFREG | 0o444, stat.S_IFREG | 0o200, stat.S_IFREG | 0o644)


def type_tree(name, available, description):
    return {
        f"{DEVICE}/mdev_supported_types/{name}": FOLDER,
        f"{DEVICE}/mdev_supported_types/{name}/available_instances": (READABLE, f"{available}\n"),
        f"{DEVICE}/mdev_supported_types/{name}/create": (WRITABLE, errno.EACCES),
        f"{DEVICE}/mdev_supported_types/{name}/description": (READABLE, description),
        f"{DEVICE}/mdev_supported_types/{name}/device_api": (READABLE, "vfio-pci\n"),
        f"{DEVICE}/mdev_supported_types/{name}/devices": FOLDER,
        f"{DEVICE}/mdev_supported_types/{name}/name": (READABLE, name.replace("i915-", "") + "\n"),
    }


def description(low, high, resolution, weight, fence=4):
    return f"low_gm_size: {low}MB\nhigh_gm_size: {high}MB\nfence: {fence}\nresolution: {resolution}\nweight: {weight}\n"


# Everything there is below the mount point with one vGPU, number 1 of type V5_4, on the default parent.
VGPU = f"{DEVICE}/{uuid(1)}"
TREE = {
    "bus": FOLDER,
    "bus/mdev": FOLDER,
    "bus/mdev/devices": FOLDER,
    f"bus/mdev/devices/{uuid(1)}": f"../../../{VGPU}",
    "bus/mdev/drivers": FOLDER,
    "bus/mdev/drivers/intel_vgpu_mdev": FOLDER,
    f"bus/mdev/drivers/intel_vgpu_mdev/{uuid(1)}": f"../../../../{VGPU}",
    "bus/pci": FOLDER,
    "bus/pci/devices": FOLDER,
    f"bus/pci/devices/{PARENT}": f"../../../{DEVICE}",
    "class": FOLDER,
    "class/mdev_bus": FOLDER,
    f"class/mdev_bus/{PARENT}": f"../../{DEVICE}",
    "devices": FOLDER,
    "devices/pci0000:00": FOLDER,
    DEVICE: FOLDER,
    f"{DEVICE}/mdev_supported_types": FOLDER,
    **type_tree(V5_1, 1, description(512, 2048, "1920x1200", 16)),
    **type_tree(V5_2, 2, description(256, 1024, "1920x1200", 8)),
    **type_tree(V5_4, 4, description(128, 512, "1920x1200", 4)),
    f"{DEVICE}/mdev_supported_types/{V5_4}/devices/{uuid(1)}": f"../../../{uuid(1)}",
    **type_tree(V5_8, 5, description(64, 384, "1024x768", 2)),
    **type_tree(DIRECT, 0, description(1024, 3072, "1920x1200", 16, 32)),
    f"{DEVICE}/subsystem": "../../../bus/pci",
    f"{DEVICE}/uevent": (BOTH, f"PCI_SLOT_NAME={PARENT}\n"),
    VGPU: FOLDER,
    f"{VGPU}/driver": "../../../../bus/mdev/drivers/intel_vgpu_mdev",
    f"{VGPU}/intel_vgpu": FOLDER,
    f"{VGPU}/intel_vgpu/cap": (BOTH, "0\n"),
    f"{VGPU}/intel_vgpu/vgpu_id": (READABLE, "1\n"),
    f"{VGPU}/intel_vgpu/weight": (BOTH, "4\n"),
    f"{VGPU}/mdev_type": f"../mdev_supported_types/{V5_4}",
    f"{VGPU}/power": FOLDER,
    f"{VGPU}/power/autosuspend_delay_ms": (BOTH, errno.EIO),
    f"{VGPU}/power/control": (BOTH, "auto\n"),
    f"{VGPU}/power/runtime_active_time": (READABLE, "0\n"),
    f"{VGPU}/power/runtime_status": (READABLE, "unsupported\n"),
    f"{VGPU}/power/runtime_suspended_time": (READABLE, "0\n"),
    f"{VGPU}/remove": (WRITABLE, errno.EACCES),
    f"{VGPU}/subsystem": "../../../../bus/mdev",
    f"{VGPU}/uevent": (BOTH, "DRIVER=intel_vgpu_mdev\n"),
    "devices/virtual": FOLDER,
    "devices/virtual/ugvt": FOLDER,
}


def tree_below(top):
    """The same of what is there."""
    found = {}
    for folder, names, files in os.walk(top):
        for name in names + files:
            path = pathlib.Path(folder) / name
            status = path.lstat()
            key = str(path.relative_to(top))
            if stat.S_ISLNK(status.st_mode):
                found[key] = os.readlink(path)
                assert status.st_size == len(found[key])
            elif stat.S_ISDIR(status.st_mode):
                found[key] = status.st_mode
            else:
                text = read(path)
                found[key] = status.st_mode, text if isinstance(text, int) else text.decode()
            assert (status.st_uid, status.st_gid) == (os.geteuid(), os.getegid())
    return found


class Tree(Case):
    def test_all_that_is_there(self):
        self.begin()
        self.assertErrno(self.create(1, V5_4), 0)
        self.assertEqual(tree_below(self.sys), TREE)
        self.assertErrno(self.remove(1), 0)
        self.assertEqual(tree_below(self.sys).keys(), {k for k in TREE if uuid(1) not in k})

    def test_links_lead_somewhere(self):
        self.begin()
        self.create(1, V5_4)
        device = self.sys / DEVICE
        for path in TREE:
            self.assertTrue((self.sys / path).exists(), path)
        for path in (f"bus/mdev/devices/{uuid(1)}", f"bus/mdev/drivers/intel_vgpu_mdev/{uuid(1)}",
                     f"{DEVICE}/mdev_supported_types/{V5_4}/devices/{uuid(1)}"):
            self.assertEqual((self.sys / path).resolve(), device / uuid(1))
        self.assertEqual((self.vgpu(1) / "mdev_type").resolve(), device / "mdev_supported_types" / V5_4)
        self.assertEqual((self.vgpu(1) / "subsystem").resolve(), self.sys / "bus/mdev")
        self.assertEqual((self.vgpu(1) / "driver").resolve(), self.sys / "bus/mdev/drivers/intel_vgpu_mdev")
        self.assertEqual((device / "subsystem").resolve(), self.sys / "bus/pci")

    def test_session_of_the_guides(self):
        self.begin()
        done = self.shell(f"""
            cd "{self.sys}/bus/pci/devices/{PARENT}"
            ls mdev_supported_types
            cat mdev_supported_types/{V5_4}/description
            cat mdev_supported_types/{V5_4}/available_instances
            echo "{uuid(1)}" > "mdev_supported_types/{V5_4}/create"
            cat mdev_supported_types/{V5_4}/available_instances
            ls mdev_supported_types/{V5_4}/devices "{self.sys}/bus/mdev/devices"
            cat {uuid(1)}/intel_vgpu/vgpu_id
            basename "$(readlink {uuid(1)}/mdev_type)"
            echo 1 > {uuid(1)}/remove
            cat mdev_supported_types/{V5_4}/available_instances
            ls "{self.sys}/bus/mdev/devices"
            """)
        self.assertEqual((done.returncode, done.stderr), (0, ""), self.log())
        self.assertEqual(done.stdout, f"{DIRECT}\n{V5_1}\n{V5_2}\n{V5_4}\n{V5_8}\n"
                         + description(128, 512, "1920x1200", 4)
                         + f"5\n4\n{self.sys}/bus/mdev/devices:\n{uuid(1)}\n\nmdev_supported_types/{V5_4}/devices:\n{uuid(1)}\n"
                         + f"1\n{V5_4}\n5\n")

    def test_what_there_is_room_for(self):
        """As many as kernel GVT-g's, for each aperture."""
        table = {"256M": {V5_8: 2, V5_4: 1}, "512M": {V5_8: 6, V5_4: 3, V5_2: 1}, "1G": {V5_8: 7, V5_4: 5, V5_2: 2, V5_1: 1}}
        self.begin("".join(f"[parent 0000:0{i}:02.0]\naperture = {aperture}\n" for i, aperture in enumerate(table)))
        for i, available in enumerate(table.values()):
            self.assertEqual(self.available(f"0000:0{i}:02.0"), {**available, DIRECT: 1})
        self.assertEqual(os.listdir(self.sys / "devices").sort(), ["pci0000:00", "pci0000:01", "pci0000:02", "virtual"].sort())

    def test_numbers_of_vgpus(self):
        self.begin()
        for n in range(1, 8):
            self.assertErrno(self.create(n), 0)
        self.assertEqual([read(self.vgpu(n) / "intel_vgpu/vgpu_id") for n in range(1, 8)], [b"%d\n" % n for n in range(1, 8)])
        self.assertErrno(self.create(8), errno.ENOSPC)
        self.assertIn("free", self.log())
        for n in (2, 5):
            self.assertErrno(self.remove(n), 0)
        for n in (9, 10):
            self.assertErrno(self.create(n), 0)
        self.assertEqual([read(self.vgpu(n) / "intel_vgpu/vgpu_id") for n in (1, 9, 3, 4, 10, 6, 7)],
                         [b"%d\n" % n for n in range(1, 8)])

    def test_parents_of_any_name(self):
        self.begin("[parent 0000:00:02.0]\n[parent gpu-1]\n[parent 0000:03:00.0]\n[parent 0000:03:00.1]\n")
        names = ("0000:00:02.0", "0000:03:00.0", "0000:03:00.1", "gpu-1")
        self.assertEqual(sorted(os.listdir(self.sys / "class/mdev_bus")), sorted(names))
        self.assertEqual(sorted(os.listdir(self.sys / "bus/pci/devices")), sorted(names[:3]))
        self.assertEqual(sorted(os.listdir(self.sys / "devices")), ["pci0000:00", "pci0000:03", "virtual"])
        self.assertEqual(sorted(os.listdir(self.sys / "devices/pci0000:03")), ["0000:03:00.0", "0000:03:00.1"])
        self.assertEqual(os.listdir(self.sys / "devices/virtual/ugvt"), ["gpu-1"])
        for n, parent in enumerate(names):
            self.assertErrno(self.create(n, V5_8, parent), 0)
            self.assertErrno(self.create(n, V5_8, names[0]), errno.EEXIST)
            self.assertEqual(self.vgpu(n).resolve(), self.parent(parent).resolve() / uuid(n))
            self.assertEqual(os.listdir(self.type(V5_8, parent) / "devices"), [uuid(n)])
            self.assertEqual((self.vgpu(n) / "subsystem").resolve(), self.sys / "bus/mdev")
            self.assertEqual(read(self.vgpu(n) / "intel_vgpu/vgpu_id"), b"1\n")
        self.assertEqual(os.readlink(self.vgpu(3)), f"../../../devices/virtual/ugvt/gpu-1/{uuid(3)}")
        self.assertFalse((self.parent("gpu-1") / "subsystem").exists())


class Writes(Case):
    def test_create(self):
        self.begin()
        create, good = self.type(V5_4) / "create", uuid(1).encode()
        for wrong in (b"\n", b"x", b"1", good[:-1], good[:-1] + b"\n", good + b"\n\n", good + b"12", b" " + good, good[:-1] + b"g",
                      good.replace(b"-", b""), b"{" + good + b"}", good[:10] + b"\0" + good[11:], b"\0" * 36, b"\xff" * 37,
                      b"x" * 4096, (good + b"\n") * 100):
            self.assertErrno(write(create, wrong), errno.EINVAL, wrong[:50])
        self.assertEqual(self.call("list"), [])
        # With and without a newline, or whatever else is one byte; anywhere in the file; in any case.
        for good in (uuid(1), uuid(1) + "\n", uuid(1) + "\0", uuid(1).upper(), uuid(1) + "x"):
            for offset in (None, 1, 4095, 1 << 40):
                self.assertErrno(write(create, good.encode(), offset), 0, good)
                self.assertErrno(write(create, good.encode(), offset), errno.EEXIST, good)
                self.assertErrno(write(self.type(V5_8) / "create", good.encode()), errno.EEXIST, good)
                self.assertErrno(self.remove(1), 0)
        self.assertEqual(self.call("list"), [])

    def test_no_room(self):
        self.begin()
        self.assertErrno(self.create(1, V5_1), 0)
        self.assertErrno(self.create(2, V5_1), errno.ENOSPC)
        self.assertErrno(self.create(2, DIRECT), errno.ENOSPC)
        self.assertErrno(self.create(1, V5_1), errno.EEXIST)
        self.assertErrno(self.remove(1), 0)
        self.assertErrno(self.create(2, DIRECT), 0)

    def test_more_than_a_page(self):
        """sysfs takes a page of it, and create finds that too long; remove finds a number in it."""
        self.begin()
        self.create(1)
        for size in (4097, 100_000, 1_000_000):
            with open(self.vgpu(1) / "remove", "wb", buffering=0) as file:
                self.assertEqual(file.write(b"0\0" + b"x" * (size - 2)), 4096)
            self.assertErrno(write(self.type(V5_8) / "create", b"1" * size), errno.EINVAL)
        self.assertTrue(self.vgpu(1).exists())

    def test_remove(self):
        self.begin()
        for gone in (b"1", b"1\n", b"+1", b"0x1\n", b"017", b"255", b"1\0garbage"):
            self.assertErrno(self.create(1), 0)
            remove = self.vgpu(1) / "remove"
            for wrong in (b"\n", b"x", b"-1", b" 1", b"1 ", b"1\n\n", b"1x", b"0x", b"1" * 40, b"\0", b"\xff", b"1" * 4096):
                self.assertErrno(write(remove, wrong), errno.EINVAL, wrong[:50])
            self.assertErrno(write(remove, b"0\n"), 0)
            self.assertTrue(self.vgpu(1).exists())
            self.assertErrno(write(remove, gone), 0)
            self.assertErrno(write(remove, gone), errno.ENOENT)
            self.assertFalse(os.path.lexists(self.vgpu(1)))

    def test_descriptor_outlives_device(self):
        self.begin()
        self.create(1)
        with open(self.vgpu(1) / "remove", "wb", buffering=0) as remove, \
                open(self.vgpu(1) / "intel_vgpu/vgpu_id", "rb", buffering=0) as number:
            self.assertEqual(number.read(), b"1\n")
            self.assertEqual(remove.write(b"1"), 1)
            for access in (lambda: remove.write(b"1"), lambda: os.pread(number.fileno(), 10, 0)):
                with self.assertRaises(OSError) as caught:
                    access()
                self.assertErrno(caught.exception.errno, errno.ENODEV)

    def test_reads_anywhere(self):
        self.begin()
        text = description(128, 512, "1920x1200", 4).encode()
        fd = os.open(self.type(V5_4) / "description", os.O_RDONLY)
        self.cleanup.callback(os.close, fd)
        self.assertEqual(os.read(fd, 10) + os.read(fd, 7) + os.read(fd, 10_000) + os.read(fd, 10), text)
        for offset in (0, 1, len(text) - 1, len(text), 4096, 1 << 40):
            self.assertEqual(os.pread(fd, 1_000_000, offset), text[offset:])

    def test_who_may_open_what(self):
        """Not even root reads what nobody can read."""
        self.begin()
        self.create(1)
        for path, way, answer in (
                (self.type(V5_4) / "create", os.O_RDONLY, errno.EACCES),
                (self.type(V5_4) / "create", os.O_RDWR, errno.EACCES),
                (self.type(V5_4) / "create", os.O_WRONLY | os.O_TRUNC | os.O_CREAT | os.O_APPEND, 0),
                (self.type(V5_4) / "name", os.O_WRONLY, errno.EACCES),
                (self.type(V5_4) / "name", os.O_RDWR, errno.EACCES),
                (self.type(V5_4) / "nothing", os.O_RDONLY, errno.ENOENT),
                (self.type(V5_4) / "nothing", os.O_WRONLY | os.O_CREAT, errno.EACCES),
                (self.type("nothing") / "create", os.O_WRONLY, errno.ENOENT),
                (self.type(V5_4) / "name/more", os.O_RDONLY, errno.ENOTDIR),
                (self.type(V5_4), os.O_WRONLY, errno.EISDIR),
                (self.vgpu(1) / "remove", os.O_RDONLY, errno.EACCES),
                (self.vgpu(1) / "intel_vgpu/vgpu_id", os.O_WRONLY, errno.EACCES),
                (self.vgpu(1) / "intel_vgpu/weight", os.O_RDWR, 0),
                (self.sys / "bus/mdev/devices" / uuid(1).upper(), os.O_RDONLY, errno.ENOENT),
                (self.sys / ("x" * 255), os.O_RDONLY, errno.ENOENT)):
            try:
                os.close(os.open(path, way))
                got = 0
            except OSError as error:
                got = error.errno
            self.assertErrno(got, answer, f"{path} {way:#x}")

    def test_what_sysfs_does_not_do(self):
        self.begin()
        file, folder, new = self.type(V5_4) / "name", self.type(V5_4), self.sys / "new"
        for what, answer in (
                (lambda: os.mkdir(new), errno.EPERM), (lambda: os.rmdir(folder), errno.EPERM),
                (lambda: os.unlink(file), errno.EPERM), (lambda: os.rename(file, new), errno.EPERM),
                (lambda: os.symlink("x", new), errno.EPERM), (lambda: os.link(file, new), errno.EPERM),
                (lambda: os.mkfifo(new), errno.EPERM), (lambda: os.chmod(file, 0o777), errno.EPERM),
                (lambda: os.utime(file), errno.EPERM)):
            with self.assertRaises(OSError) as caught:
                what()
            self.assertErrno(caught.exception.errno, answer)

    def test_uevent_and_power(self):
        self.begin()
        self.create(1)
        for path in (self.vgpu(1) / "uevent", self.parent() / "uevent"):
            for text, answer in ((b"add", 0), (b"change\n", 0), (b"nonsense", errno.EINVAL), (b"", 0), (b"add\nx", errno.EINVAL)):
                self.assertErrno(write(path, text), answer, text)
        self.assertErrno(write(self.vgpu(1) / "power/control", b"auto\n"), 0)
        self.assertErrno(write(self.vgpu(1) / "power/control", b"x"), errno.EINVAL)
        self.assertErrno(write(self.vgpu(1) / "power/autosuspend_delay_ms", b"1"), errno.EIO)

    def test_weight_and_cap(self):
        self.begin()
        self.create(1, V5_4)
        weight, cap = (self.vgpu(1) / "intel_vgpu" / name for name in ("weight", "cap"))
        for path, text in ((weight, b"7\n"), (cap, b"25\n"), (weight, b"1"), (cap, b"0")):
            self.assertErrno(write(path, text), 0, text)
            self.assertEqual(read(path), text.rstrip() + b"\n")
        for text in (b"-1", b"x", b"0x5", b"", b"\n", b"4 4", b"99999999999999999999", b"4294967296", b"\xff", b"1" * 5000):
            for path in (weight, cap):
                self.assertErrno(write(path, text), errno.EINVAL if text else 0, text[:50])
        self.assertErrno(write(cap, b"101"), errno.EINVAL)
        self.assertErrno(write(weight, b"0"), errno.EINVAL)
        self.assertEqual((read(weight), read(cap)), (b"1\n", b"0\n"))
        self.assertEqual([(v["weight"], v["cap"]) for v in self.call("list")], [(1, 0)])
        # From whoever it comes.
        self.assertEqual(self.ugvt("modify", "-u", uuid(1), "--weight", "9", "--cap", "30").returncode, 0)
        self.assertEqual((read(weight), read(cap)), (b"9\n", b"30\n"))

    def test_weight_is_not_the_definitions(self):
        self.begin()
        self.assertEqual(self.call("define", uuid=uuid(1), type=V5_4, parent=PARENT, weight=3), {"uuid": uuid(1)})
        before = (self.definitions / PARENT / uuid(1)).read_bytes()
        self.call("start", uuid=uuid(1))
        self.assertEqual(read(self.vgpu(1) / "intel_vgpu/weight"), b"3\n")
        self.assertErrno(write(self.vgpu(1) / "intel_vgpu/weight", b"8"), 0)
        self.assertEqual(read(self.vgpu(1) / "intel_vgpu/weight"), b"8\n")
        self.assertEqual((self.definitions / PARENT / uuid(1)).read_bytes(), before)


class Life(Case):
    def test_worker_dies(self):
        """What has failed stays until it is removed."""
        self.begin()
        self.create(1)
        os.kill(self.call("show", uuid=uuid(1))["pid"], signal.SIGKILL)
        wait_until(lambda: self.call("list")[0]["state"] == "failed", "the manager sees it")
        self.assertEqual(read(self.vgpu(1) / "intel_vgpu/vgpu_id"), b"1\n")
        self.assertEqual(self.available()[V5_8], 7)
        self.assertErrno(self.create(1), errno.EEXIST)
        self.assertErrno(self.remove(1), 0)
        self.assertErrno(self.create(1), 0)

    def test_worker_does_not_start(self):
        self.begin("", "--worker", "/bin/false")
        self.assertErrno(self.create(1), errno.EIO)
        self.assertEqual(os.listdir(self.sys / "bus/mdev/devices"), [])
        self.assertEqual(self.available()[V5_8], 7)

    def test_manager_comes_and_goes(self):
        """The shape stays, with nothing behind it; the next manager is simply there."""
        self.mount()
        self.assertEqual(sorted(os.listdir(self.sys)), ["bus", "class", "devices"])
        self.assertErrno(read(self.sys / "class/mdev_bus" / PARENT), errno.ENODEV)
        with self.assertRaises(OSError) as caught:
            os.listdir(self.sys / "bus/mdev/devices")
        self.assertErrno(caught.exception.errno, errno.ENODEV)
        for n in range(3):
            manager = self.start_manager()
            self.assertErrno(self.create(n), 0)
            with open(self.type(V5_8) / "available_instances", "rb", buffering=0) as file:
                self.assertEqual(os.pread(file.fileno(), 10, 0), b"6\n")
                self.end_manager(manager)
                with self.assertRaises(OSError) as caught:
                    os.pread(file.fileno(), 10, 0)
                self.assertErrno(caught.exception.errno, errno.ENODEV)

    def test_slow_create_blocks_nobody(self):
        """A worker that waits before it begins."""
        gate, slow = self.top / "gate", self.top / "slow"
        slow.write_text(f"#!/bin/sh\nuntil [ -e {gate} ]; do sleep 0.05; done\nexec {WORKER} \"$@\"\n")
        slow.chmod(0o755)
        self.begin("[parent a]\n[parent b]\n", "--worker", str(slow))
        answers = {}
        creators = [threading.Thread(target=lambda n=n: answers.update({n: self.create(n, V5_8, "ab"[n % 2])}))
                    for n in range(2)]
        for creator in creators:
            creator.start()
        wait_until(lambda: len(os.listdir(self.sys / "bus/mdev/devices")) == 2, "both begin")
        for parent in "ab":
            self.assertEqual(self.available(parent)[V5_8], 6)
            self.assertEqual(read(self.type(V5_4, parent) / "name"), b"GVTg_V5_4\n")
        self.assertErrno(write(
            self.type(V5_4, "a") / "create", b"x"), errno.EINVAL)
        self.assertEqual(answers, {})
        gate.touch()
        for creator in creators:
            creator.join(LONG)
        self.assertEqual(answers, {0: 0, 1: 0}, self.log())

    def test_thousands_of_open_files(self):
        process = self.start_manager() and self.mount()
        self.create(1)
        before = descriptors(process.pid)
        files = [os.open(path, os.O_RDONLY) for _ in range(150) for path in
                 (self.type(V5_8) / "name", self.vgpu(1) / "intel_vgpu/vgpu_id", self.vgpu(1), self.sys)]
        self.assertLessEqual(descriptors(process.pid), before)
        for fd in files:
            os.close(fd)
        self.assertErrno(self.remove(1), 0)

    def test_ends_and_unmounts(self):
        self.start_manager()
        for end in (lambda p: p.terminate(), lambda p: p.send_signal(signal.SIGINT), lambda p: unmount(self.sys)):
            process = self.mount()
            end(process)
            self.assertEqual(process.wait(LONG), 0, self.log())
            self.assertFalse(mounted(self.sys))

    def test_dead_mount_is_replaced(self):
        self.start_manager()
        for _ in range(3):
            process = self.mount()
            process.kill()
            process.wait()
            self.assertErrno(read(self.sys), errno.ENOTCONN)
        self.mount()
        self.assertErrno(self.create(1), 0)
        self.mount(status=5)  # that one lives
        self.assertErrno(self.remove(1), 0)

    def test_in_the_background(self):
        self.start_manager()
        self.sys = self.top / "run-mdevfs"  # the default
        done = subprocess.run([MDEVFS, "--run-dir", str(self.run_dir)], capture_output=True, text=True, env=environment(),
                              timeout=LONG, check=False)
        self.cleanup.callback(unmount, self.sys)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.available()[V5_8], 7)
        unmount(self.sys)

    def test_arguments(self):
        for arguments, status, text in ((["--help"], 0, "Usage: ugvt-mdevfs"), (["--version"], 0, "ugvt-mdevfs "),
                                        (["a", "b"], 2, "MOUNTPOINT"),
                                        (["--log-level", "x", "a"], 2, "log level"),
                                        (["--nonsense", str(self.sys)], 2, "nonsense"),
                                        (["--run-dir", "", str(self.sys)], 2, "run directory"),
                                        ([str(self.top / "no/such")], 7, "no/such"),
                                        (["-f", MDEVFS], 2, "no directory")):
            done = subprocess.run([MDEVFS, *arguments], capture_output=True, text=True, timeout=LONG, check=False,
                                  env={**environment(), "UGVT_RUN_DIR": str(self.run_dir)}, cwd=self.top)
            self.assertEqual(done.returncode, status, f"{arguments}: {done.stderr}")
            self.assertIn(text, done.stdout + done.stderr)
            self.assertFalse(mounted(self.sys))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be another user")
    def test_others_may_look(self):
        self.begin()
        self.top.chmod(0o755)
        done = self.shell(f"cd sys/class/mdev_bus/{PARENT}/mdev_supported_types/{V5_8}; cat available_instances; "
                          f"echo {uuid(1)} > create", user=NOBODY)
        self.assertEqual(done.stdout, "7\n", done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertEqual(self.call("list"), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be another user")
    def test_ordinary_user(self):
        """With a manager and a tree of their own, also after it died."""
        self.user = NOBODY
        os.chown(self.top, NOBODY, NOBODY)
        self.start_manager()
        process = self.mount()
        process.kill()
        process.wait()
        process = self.mount()
        done = self.shell(f"""
            cd sys/class/mdev_bus/{PARENT}/
            stat -c '%U %A' mdev_supported_types/{V5_8}/create
            echo {uuid(1)} > mdev_supported_types/{V5_8}/create
            {UGVT} --run-dir {self.run_dir} list
            echo 1 > {uuid(1)}/remove
            ls -d {uuid(1)} 2>&1 || :
            """)
        self.assertEqual(done.stdout, f"nobody --w-------\n{uuid(1)} {PARENT} {V5_8} manual\n"
                         f"ls: cannot access '{uuid(1)}': No such file or directory\n", done.stderr + self.log())
        self.assertEqual(self.shell(f"fusermount3 -u {self.sys}").returncode, 0)
        self.assertEqual(process.wait(LONG), 0)


main()
