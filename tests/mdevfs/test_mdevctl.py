#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_mdevctl.py UGVT UGVTD UGVT-VGPU UGVT-MDEVFS UGVT-MDEVCTL [TEST...]

The system's own mdevctl on the tree: in a mount namespace where the tree is /sys, and a temporary folder /etc/mdevctl.d.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from fixture import DIRECT, LONG, NOBODY, PARENT, UGVT, V5_1, V5_2, V5_4, V5_8, Case, copied, environment, main, uuid

MDEVCTL = next(copied([sys.argv.pop(5)]))
NAMESPACES = "-m" if os.geteuid() == 0 else "-mr"
SETTINGS = "/etc/mdevctl.d"
HIDE = f'mount --bind "$0" {SETTINGS} && exec "$@"'


def description(low, high, resolution, weight, fence=4):
    return f"low_gm_size: {low}MB, high_gm_size: {high}MB, fence: {fence}, resolution: {resolution}, weight: {weight}"


TYPES = {
    DIRECT: (1, description(1024, 3072, "1920x1200", 16, 32)),
    V5_1: (1, description(512, 2048, "1920x1200", 16)),
    V5_2: (2, description(256, 1024, "1920x1200", 8)),
    V5_4: (5, description(128, 512, "1920x1200", 4)),
    V5_8: (7, description(64, 384, "1024x768", 2)),
}
TYPES_TEXT = f"{PARENT}\n" + "".join(
    f"  {name}\n    Available instances: {available}\n    Device API: vfio-pci\n    Name: {name.replace('i915-', '')}\n"
    f"    Description: {text}\n" for name, (available, text) in TYPES.items())
TYPES_JSON = [{PARENT: [{name: {"available_instances": available, "device_api": "vfio-pci",
                                "name": name.replace("i915-", ""), "description": text}}
                        for name, (available, text) in TYPES.items()]}]


def works_for_others():
    return subprocess.run(["unshare", "-mr", "true"], user=NOBODY, group=NOBODY, capture_output=True, check=False).returncode == 0


class Mdevctl(Case):
    def setUp(self):
        super().setUp()
        (self.definitions / "scripts.d/callouts").mkdir(parents=True)
        (self.definitions / "scripts.d/notifiers").mkdir()
        self.sys = self.top / "run-mdevfs"
        self.begin()

    def mdevctl(self, *arguments):
        return subprocess.run(["unshare", NAMESPACES, "--", "sh", "-c", HIDE, str(self.definitions), MDEVCTL, *arguments],
                              capture_output=True, text=True, timeout=LONG, check=False,
                              env={**environment(), "UGVT_RUN_DIR": str(self.run_dir)})

    def ok(self, *arguments):
        done = self.mdevctl(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{arguments}\n{self.log()}")
        return done.stdout

    def says(self, wanted, *arguments):
        """But for empty lines, whose number differs between versions."""
        lines = [line for line in self.ok(*arguments).splitlines() if line]
        self.assertEqual(lines, wanted.splitlines())

    def json(self, *arguments):
        return json.loads(self.ok(*arguments, "--dumpjson"))

    def fails(self, text, *arguments):
        done = self.mdevctl(*arguments)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(text, done.stderr)

    def vgpus(self):
        return [(v["uuid"], v["type"], v["state"]) for v in self.call("list")]

    def test_types(self):
        self.says(TYPES_TEXT, "types")
        self.says(TYPES_TEXT, "types", "-p", PARENT)
        self.assertEqual(self.json("types"), TYPES_JSON)

    def test_start_list_stop(self):
        self.says("", "list")
        self.assertEqual(self.json("list"), [])
        self.says("", "start", "-u", uuid(1), "-p", PARENT, "-t", V5_4)
        self.assertEqual(self.vgpus(), [(uuid(1), V5_4, "running")])
        self.says(f"{uuid(1)} {PARENT} {V5_4} manual\n", "list")
        self.says(f"{uuid(1)} {PARENT} {V5_4} manual\n", "list", "-v")
        one = {"mdev_type": V5_4, "start": "manual", "attrs": []}
        self.assertEqual(self.json("list"), [{PARENT: [{uuid(1): one}]}])
        self.assertEqual(self.json("list", "-u", uuid(1)), one)
        self.assertEqual(json.loads(self.ugvt("list", "--dumpjson").stdout), self.json("list"))
        self.fails("already exists", "start", "-u", uuid(1), "-p", PARENT, "-t", V5_4)
        second = self.ok("start", "-p", PARENT, "-t", V5_8).strip()
        self.assertEqual(self.vgpus()[1], (second, V5_8, "running"))
        self.assertEqual(self.json("list"), [{PARENT: [{u: {**one, "mdev_type": t}} for u, t in
                                                       sorted(((uuid(1), V5_4), (second, V5_8)))]}])
        for gone in (uuid(1), second):
            self.says("", "stop", "-u", gone)
        self.assertEqual(self.vgpus(), [])
        self.fails("", "stop", "-u", uuid(1))

    def test_no_room(self):
        self.ok("start", "-u", uuid(1), "-p", PARENT, "-t", V5_1)
        self.fails("No available instances", "start", "-u", uuid(2), "-p", PARENT, "-t", V5_1)
        self.fails("nothing", "start", "-u", uuid(2), "-p", PARENT, "-t", "nothing")
        self.fails("0000:00:03.0", "start", "-u", uuid(2), "-p", "0000:00:03.0", "-t", V5_1)
        self.assertEqual(len(self.vgpus()), 1)

    def test_defined(self):
        self.ok("define", "-u", uuid(1), "-p", PARENT, "-t", V5_4)
        for index, (name, value) in enumerate((("intel_vgpu/weight", "7"), ("intel_vgpu/cap", "50"))):
            self.ok("modify", "-u", uuid(1), f"--addattr={name}", f"--value={value}", f"--index={index}")
        one = {"mdev_type": V5_4, "start": "manual", "attrs": [{"intel_vgpu/weight": "7"}, {"intel_vgpu/cap": "50"}]}
        self.assertEqual(self.json("list", "-d"), [{PARENT: [{uuid(1): one}]}])
        self.assertEqual(json.loads((self.definitions / PARENT / uuid(1)).read_text()), one)
        self.says(f"{uuid(1)} {PARENT} {V5_4} manual\n", "list", "-d")
        self.assertEqual(self.vgpus(), [])
        self.says("", "start", "-u", uuid(1))
        self.says(f"{uuid(1)} {PARENT} {V5_4} manual (active)\n", "list", "-d")
        self.assertEqual([(self.vgpu(1) / "intel_vgpu" / name).read_text() for name in ("weight", "cap")], ["7\n", "50\n"])
        self.assertEqual([(v["weight"], v["cap"]) for v in self.call("list")], [(7, 50)])
        # The manager reads the same definitions, and starts the same from them.
        self.assertEqual(json.loads(self.ugvt("list", "-d", "--dumpjson").stdout), self.json("list", "-d"))
        self.ok("stop", "-u", uuid(1))
        self.assertEqual(self.ugvt("start", "-u", uuid(1)).returncode, 0, self.log())
        self.assertEqual([(v["weight"], v["cap"]) for v in self.call("list")], [(7, 50)])
        self.ok("stop", "-u", uuid(1))
        self.ok("undefine", "-u", uuid(1))
        self.assertEqual(self.json("list", "-d"), [])

    def test_defined_with_an_attribute_that_is_refused(self):
        """mdevctl takes the device away again."""
        self.ok("define", "-u", uuid(1), "-p", PARENT, "-t", V5_4)
        self.ok("modify", "-u", uuid(1), "--addattr=intel_vgpu/cap", "--value=x")
        self.fails("intel_vgpu/cap", "start", "-u", uuid(1))
        self.assertEqual(self.vgpus(), [])

    def test_auto(self):
        self.ok("start", "-u", uuid(1), "-p", PARENT, "-t", V5_4)
        self.ok("define", "-u", uuid(1), "--auto")
        self.ok("define", "-u", uuid(2), "-p", PARENT, "-t", V5_8, "--auto")
        self.ok("define", "-u", uuid(3), "-p", PARENT, "-t", V5_8)
        self.ok("stop", "-u", uuid(1))
        self.assertEqual(self.json("list", "-d"), [{PARENT: [
            {uuid(1): {"mdev_type": V5_4, "start": "auto", "attrs": []}},
            {uuid(2): {"mdev_type": V5_8, "start": "auto", "attrs": []}},
            {uuid(3): {"mdev_type": V5_8, "start": "manual", "attrs": []}}]}])
        # What udev runs when a parent appears.
        self.ok("start-parent-mdevs", PARENT)
        self.assertEqual(sorted(self.vgpus()), [(uuid(1), V5_4, "running"), (uuid(2), V5_8, "running")])

    @unittest.skipUnless(os.geteuid() == 0 and works_for_others(), "needs root, to be another user who can have namespaces")
    def test_ordinary_user(self):
        """With a manager, a tree and definitions of their own."""
        self.end_mount(self.mount_process)
        self.end_manager(self.manager)
        self.user = NOBODY
        shutil.rmtree(self.definitions)
        shutil.rmtree(self.run_dir)
        os.chown(self.top, NOBODY, NOBODY)
        os.chown(self.sys, NOBODY, NOBODY)
        self.definitions = self.top / "config/ugvt/mdevctl.d"
        self.begin()
        done = self.shell(f"""
            export UGVT_RUN_DIR={self.run_dir} XDG_CONFIG_HOME={self.top}/config
            {MDEVCTL} define -u {uuid(1)} -p {PARENT} -t {V5_8}
            {UGVT} list -d
            {MDEVCTL} start -u {uuid(1)}
            {UGVT} list
            {MDEVCTL} stop -u {uuid(1)}
            """)
        line = f"{uuid(1)} {PARENT} {V5_8} manual"
        self.assertEqual((done.stdout, done.stderr), (f"{line}\n{line} (defined)\n", ""), self.log())
        self.assertTrue((self.definitions / PARENT / uuid(1)).exists())

    def test_without_tree(self):
        done = subprocess.run([MDEVCTL, "list"], capture_output=True, text=True, timeout=LONG, check=False,
                              env={**environment(), "UGVT_RUN_DIR": str(self.top)})
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn(f"no tree is mounted at {self.top}-mdevfs", done.stderr)


def missing():
    if not shutil.which("mdevctl", path=os.environ["PATH"] + ":/usr/sbin"):
        return "there is no mdevctl"
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["unshare", NAMESPACES, "--", "sh", "-c", HIDE, folder, "mount", "--bind", folder, "/sys"],
                               capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"mount namespaces can't be used: {tried.stderr.strip()}".replace("\n", "; ")
    return None


main(missing())
