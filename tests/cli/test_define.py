#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_define.py UGVT UGVTD UGVT-VGPU [TEST...]

Definitions: the commands, the files, mdevctl beside them, and what starts by itself.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from case import (DENIED, IN_USE, INVALID, NO_ROOM, NOT_FOUND, UUID, UUID_FORM, V5_1, V5_4, V5_8, Case, alive,
                  environment, wait_until)

PARENT = "0000:00:02.0"
OTHER_UUID = "11111111-2222-4333-8444-555555555555"


class Definitions(Case):
    def setUp(self):
        super().setUp()
        self.start_manager()

    def file(self, uuid=UUID, parent=PARENT):
        return self.definitions / parent / uuid

    def content(self, uuid=UUID):
        return json.loads(self.file(uuid).read_text(encoding="utf-8"))

    def put(self, text, uuid=UUID, parent=PARENT):
        self.file(uuid, parent).parent.mkdir(parents=True, exist_ok=True)
        self.file(uuid, parent).write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")

    def restart(self, **how):
        self.leave_manager()
        self.start_manager(**how)

    def share(self, uuid=UUID):
        shown = self.show(uuid)
        return shown["weight"], shown["cap"]

    def test_define_list_start_undefine(self):
        self.assertEqual(self.ok("define", "-u", UUID, "-p", PARENT, "-t", V5_4), "")
        self.assertEqual(self.file().read_text(encoding="ascii"),
                         f'{{\n  "mdev_type": "{V5_4}",\n  "start": "manual",\n  "attrs": []\n}}')
        self.assertEqual(self.ok("list"), "")
        self.assertEqual(self.ok("list", "-d"), f"{UUID} {PARENT} {V5_4} manual\n")
        made = self.ok("define", "--type", V5_8, "--auto", "--weight", 9, "--cap", 50)
        self.assertRegex(made, UUID_FORM)
        made = made.strip()
        self.assertEqual(self.content(made), {
            "mdev_type": V5_8, "start": "auto", "attrs": [{"intel_vgpu/weight": "9"}, {"intel_vgpu/cap": "50"}]})
        self.assertEqual(self.ok("list", "-d", "-u", made, "-v"),
                         f'{made} {PARENT} {V5_8} auto\n  Attrs:\n    @{{0}}: {{"intel_vgpu/weight":"9"}}\n'
                         '    @{1}: {"intel_vgpu/cap":"50"}\n')
        self.assertEqual(json.loads(self.ok("list", "-d", "--dumpjson", "-u", made)), self.content(made))
        dump = json.loads(self.ok("list", "--defined", "--dumpjson"))
        self.assertEqual({u: d for entry in dump[0][PARENT] for u, d in entry.items()},
                         {UUID: self.content(), made: self.content(made)})
        self.assertEqual(self.ok("start", UUID), UUID + "\n")
        self.assertEqual(self.ok("start", "-u", made), made + "\n")
        self.assertEqual(self.share(UUID), (4, 0))
        self.assertEqual(self.share(made), (9, 50))
        self.assertEqual(set(self.ok("list").splitlines()),
                         {f"{UUID} {PARENT} {V5_4} manual (defined)", f"{made} {PARENT} {V5_8} auto (defined)"})
        self.assertIn(f"{UUID} {PARENT} {V5_4} manual (active)\n", self.ok("list", "-d"))
        self.assertIn('auto (defined)\n  Attrs:\n    @{0}: {"intel_vgpu/weight":"9"}\n', self.ok("list", "-v"))
        self.assertEqual(json.loads(self.ok("list", "--dumpjson", "-u", made)), self.content(made))
        self.ok("undefine", "-u", UUID)
        self.assertFalse(self.file().exists())
        self.assertIn(f"{UUID} {PARENT} {V5_4} manual\n", self.ok("list"))
        self.ok("stop", UUID)
        self.fails(INVALID, "start", UUID, says="-t")
        self.ok("stop", made)
        self.ok("undefine", made)
        self.assertEqual(self.ok("list", "-d"), "")

    def test_errors(self):
        self.fails(INVALID, "define", "-u", UUID, says="-t")
        self.fails(NOT_FOUND, "define", "-t", "nix", says="no type 'nix'")
        self.fails(NOT_FOUND, "define", "-t", V5_4, "-p", "nix", says="no parent 'nix'")
        self.fails(INVALID, "define", "-t", V5_4, "-u", "x", says="no UUID")
        self.fails(INVALID, "define", "-t", V5_4, "--weight", "0", says="weight must be a number from 1 to 1000")
        self.fails(INVALID, "define", "-t", V5_4, "--weight", "1e3", says="weight")
        self.fails(INVALID, "define", "-t", V5_4, "--cap", "101", says="cap must be a number from 0 to 100")
        self.fails(INVALID, "define", "--jsonfile", "/nonexistent", says="/nonexistent")
        self.fails(NOT_FOUND, "undefine", UUID, says="not defined")
        self.fails(NOT_FOUND, "modify", UUID, "--auto", says="not defined")
        self.fails(NOT_FOUND, "modify", UUID, "--weight", 3, says="not defined")
        self.fails(NOT_FOUND, "modify", UUID, "--weight", 3, "--live", says="that runs")
        self.fails(INVALID, "modify", UUID, says="say what to modify")
        self.fails(INVALID, "modify", UUID, "--auto", "--manual", says="either")
        self.fails(INVALID, "modify", UUID, "--live", "--defined", "--cap", 1, says="exclude")
        self.fails(INVALID, "modify", UUID, "--live", "--auto", says="only the weight and the cap")
        self.ok("define", "-u", UUID, "-t", V5_4)
        self.fails(IN_USE, "define", "-u", UUID, "-t", V5_8, says="defined on 0000:00:02.0 already")
        self.fails(NOT_FOUND, "modify", UUID, "--type", "nix", says="no type 'nix'")
        self.assertEqual(self.content()["mdev_type"], V5_4)

    def test_define_what_runs(self):
        self.start("-u", UUID, "-t", V5_8)
        self.ok("define", "-u", UUID, "--auto")
        self.assertEqual(self.content(), {"mdev_type": V5_8, "start": "auto", "attrs": []})

    def test_jsonfile(self):
        definition = {"mdev_type": V5_8, "start": "auto", "attrs": [{"intel_vgpu/weight": "7"}], "note": "kept"}
        (self.top / "file").write_text(json.dumps(definition), encoding="ascii")
        self.ok("define", "-u", UUID, "-p", PARENT, "--jsonfile", self.top / "file")
        self.assertEqual(self.content(), definition)
        self.fails(INVALID, "define", "-p", PARENT, "-t", V5_8, "--jsonfile", self.top / "file", says="has its type")
        (self.top / "file").write_text("[]", encoding="ascii")
        self.fails(INVALID, "define", "-p", PARENT, "--jsonfile", self.top / "file", says="no JSON object")
        (self.top / "file").write_text(json.dumps({"mdev_type": V5_8, "start": "auto", "attrs": 1}), encoding="ascii")
        self.fails(INVALID, "define", "-p", PARENT, "--jsonfile", self.top / "file", says="attrs")

    def test_modify(self):
        self.put({"note": [1, {"x": None}], "mdev_type": V5_4, "start": "manual",
                  "attrs": [{"assign_domain": "0xab"}, {"intel_vgpu/weight": "2"}]})
        self.ok("modify", UUID, "--auto", "-t", V5_8, "--weight", 5)
        self.assertEqual(self.content(), {"note": [1, {"x": None}], "mdev_type": V5_8, "start": "auto",
                                          "attrs": [{"assign_domain": "0xab"}, {"intel_vgpu/weight": "5"}]})
        self.ok("start", UUID)
        self.assertEqual(self.share(), (5, 0))
        # Both, the one that runs alone, the definition alone.
        self.ok("modify", "-u", UUID, "--cap", 20)
        self.assertEqual(self.share(), (5, 20))
        self.assertEqual(self.content()["attrs"][2], {"intel_vgpu/cap": "20"})
        self.ok("modify", "-u", UUID, "--weight", 1000, "--live")
        self.assertEqual(self.share(), (1000, 20))
        self.assertEqual(self.content()["attrs"][1], {"intel_vgpu/weight": "5"})
        self.ok("modify", "-u", UUID, "--weight", 6, "--defined", "--manual")
        self.assertEqual(self.share(), (1000, 20))
        self.assertEqual(self.content()["attrs"][1], {"intel_vgpu/weight": "6"})
        self.ok("modify", "-u", UUID, "--cap", 0)
        self.assertEqual(self.share(), (1000, 0))
        self.assertEqual(len(self.content()["attrs"]), 2)
        # What runs need not be defined.
        self.start("-u", OTHER_UUID, "-t", V5_8)
        self.ok("modify", OTHER_UUID, "--weight", 11, "--cap", 99)
        self.assertEqual(self.share(OTHER_UUID), (11, 99))
        self.assertFalse(self.file(OTHER_UUID).exists())
        # A share outlives the manager.
        self.restart()
        self.assertEqual((self.share(UUID), self.share(OTHER_UUID)), ((1000, 0), (11, 99)))

    def test_attributes(self):
        self.fails(NOT_FOUND, "modify", UUID, "--addattr", "a", "--value", "1", says="not defined")
        self.ok("define", "-u", UUID, "-t", V5_8)

        def attrs():
            return [f"{k}={v}" for attr in self.content()["attrs"] for k, v in attr.items()]
        self.ok("modify", UUID, "--addattr", "a", "--value", "1")
        self.ok("modify", UUID, "--addattr", "b/c", "--value", "")
        self.ok("modify", UUID, "--addattr=intel_vgpu/weight", "--value=5", "-i", 0)
        self.ok("modify", UUID, "--addattr", "d", "--value", "4", "--index", 1, "--auto")
        self.assertEqual(attrs(), ["intel_vgpu/weight=5", "d=4", "a=1", "b/c="])
        self.assertEqual(self.content()["start"], "auto")
        self.ok("modify", UUID, "--delattr")
        self.ok("modify", UUID, "--delattr", "--index", 1)
        self.assertEqual(attrs(), ["intel_vgpu/weight=5", "a=1"])
        for wrong, says in ((["--delattr", "-i", 2], "no attribute at that index"),
                            (["--addattr", "x", "--value", "1", "-i", 3], "no attribute at that index"),
                            (["--addattr", "x"], "needs a --value"), (["--value", "x", "--auto"], "needs a --value"),
                            (["--addattr", "x", "--value", "1", "--delattr"], "exclude"),
                            (["--auto", "-i", 0], "--index is for"), (["--delattr", "-i", "x"], "index must be a number"),
                            (["--delattr", "--live"], "only the weight"),
                            (["--addattr", "", "--value", "1"], "empty"),
                            (["--addattr", "intel_vgpu/cap", "--value", "101"], "can't be 101")):
            self.fails(INVALID, "modify", UUID, *wrong, says=says)
        self.assertEqual(attrs(), ["intel_vgpu/weight=5", "a=1"])
        self.ok("start", UUID)
        self.assertEqual(self.share(), (5, 0))
        self.ok("modify", UUID, "--delattr")
        self.ok("modify", UUID, "--delattr")
        self.fails(INVALID, "modify", UUID, "--delattr", says="there are 0")

    def test_autostart(self):
        self.ok("define", "-u", UUID, "-t", V5_4, "--auto", "--weight", 12)
        self.ok("define", "-u", OTHER_UUID, "-t", V5_8)
        self.restart()
        wait_until(lambda: self.ok("list") == f"{UUID} {PARENT} {V5_4} auto (defined)\n", "it starts by itself")
        pid = self.show(UUID)["pid"]
        self.assertEqual(self.share(), (12, 0))
        # What runs is taken over, not started again; what was stopped starts at the next time.
        self.restart()
        self.assertEqual(self.show(UUID)["pid"], pid)
        self.ok("stop", UUID)
        self.restart()
        wait_until(lambda: self.ok("list").count(UUID) == 1, "it starts again")
        self.assertNotEqual(self.show(UUID)["pid"], pid)
        # What died while there was no manager starts, too.
        wait_until(lambda: self.show(UUID)["state"] == "running", "it runs")
        pid = self.show(UUID)["pid"]
        self.leave_manager()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), "it is dead")
        self.start_manager()
        wait_until(lambda: self.show(UUID)["state"] != "running" or self.show(UUID)["pid"] != pid, "the death is seen")

    def test_autostart_failures(self):
        self.put({"mdev_type": V5_1, "start": "auto"})
        self.put({"mdev_type": V5_1, "start": "auto"}, OTHER_UUID)
        third, fourth = OTHER_UUID[:-1] + "6", OTHER_UUID[:-1] + "7"
        self.put({"mdev_type": "unknown", "start": "auto"}, third)
        self.put({"mdev_type": V5_8, "start": "auto"}, fourth, "0000:09:00.0")
        self.restart()
        wait_until(lambda: self.ok("list").count("\n") == 1, "one of them starts")
        running = self.ok("list").split()[0]
        lines = {line.split()[0]: line for line in self.ok("list", "-d").splitlines()}
        waiting = ({UUID, OTHER_UUID} - {running}).pop()
        self.assertIn("(active)", lines[running])
        self.assertIn(f"(failed: no room for {V5_1}", lines[waiting])
        self.assertIn("(failed: there is no type 'unknown'", lines[third])
        self.assertIn("(failed: there is no parent '0000:09:00.0'", lines[fourth])
        self.assertEqual(self.log().count("should start automatically, and does not"), 3)
        self.fails(NO_ROOM, "start", waiting)
        self.ok("stop", running)
        self.ok("start", waiting)
        self.assertIn(f"{waiting} {PARENT} {V5_1} auto (active)\n", self.ok("list", "-d"))

    def test_autostart_of_bad_worker(self):
        worker = self.top / "worker"
        worker.write_text(f"#!{sys.executable}\nimport sys\nsys.exit(3)\n", encoding="utf-8")
        worker.chmod(0o755)
        self.ok("define", "-u", UUID, "-t", V5_8, "-a")
        self.leave_manager()
        self.start_manager("--worker", str(worker))
        wait_until(lambda: "exited with status 3" in self.ok("list", "-d"), "the reason is shown")
        self.assertEqual(self.ok("list"), "")

    def test_broken_files(self):
        self.put('{"mdev_type": "i915')
        self.put({"mdev_type": V5_8, "start": "auto"}, OTHER_UUID)
        self.restart()
        wait_until(lambda: self.ok("list").count("\n") == 1, "the other one starts")
        self.assertIn(f"the definition {self.file()} is broken: it is no JSON object", self.log())
        done = self.ugvt("list", "-d")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, f"{OTHER_UUID} {PARENT} {V5_8} auto (active)\n")
        self.assertIn(f"the definition of {UUID} on {PARENT} is broken", done.stderr)
        for command in (["start", UUID], ["modify", UUID, "--auto"], ["undefine", UUID]):
            self.fails(INVALID, *command, says="is broken: it is no JSON object")
        self.fails(IN_USE, "define", "-u", UUID, "-t", V5_8)
        self.assertEqual(self.file().read_text(encoding="ascii"), '{"mdev_type": "i915')

    def test_two_parents(self):
        config = f"[parent {PARENT}]\n[parent second]\n"
        self.restart(config=config)
        self.ok("define", "-u", UUID, "-t", V5_4, "-p", PARENT)
        self.ok("define", "-u", UUID, "-t", V5_8, "-p", "second")
        self.fails(INVALID, "start", UUID, says="defined on 0000:00:02.0 and on second: say which parent with -p")
        self.fails(INVALID, "modify", UUID, "--auto", says="-p")
        self.ok("modify", UUID, "-p", "second", "--auto")
        self.assertIn(f"{UUID} second {V5_8} auto\n", self.ok("list", "-d"))
        self.ok("start", UUID, "-p", "second")
        self.assertEqual(self.show(UUID)["type"], V5_8)
        self.assertIn(f"{UUID} {PARENT} {V5_4} manual\n", self.ok("list", "-d"))
        self.ok("undefine", UUID)
        self.assertEqual(self.ok("list", "-d"), "")

    def test_unwritable(self):
        shutil.rmtree(self.definitions)
        self.definitions.write_text("no directory", encoding="ascii")
        self.assertEqual(self.ok("list", "-d"), "")
        self.fails(DENIED, "define", "-t", V5_8, says=["can't write", str(self.definitions)])
        self.definitions.unlink()
        self.ok("define", "-t", V5_8)
        self.assertEqual(self.ok("list", "-d").count("\n"), 1)

    @unittest.skipIf(os.geteuid() != 0 or not shutil.which("mdevctl"), "needs root and mdevctl")
    def test_mdevctl(self):
        """It and we read, change and write the same files; in a mount namespace, so that the machine's stay as they are."""
        for folder in ("callouts", "notifiers"):
            (self.definitions / "scripts.d" / folder).mkdir(parents=True)

        def mdevctl(*arguments):
            script = f'mount --bind "{self.definitions}" /etc/mdevctl.d && exec mdevctl "$@"'
            done = subprocess.run(["unshare", "-m", "sh", "-c", script, "mdevctl", *arguments], capture_output=True,
                                  text=True, check=False, env=environment())
            self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
            return done.stdout
        if not os.path.isdir("/etc/mdevctl.d"):
            self.skipTest("there is no /etc/mdevctl.d to mount over")
        mdevctl("define", "-u", UUID, "-p", PARENT, "-t", V5_4, "--auto")
        mdevctl("modify", "-u", UUID, "--addattr=intel_vgpu/weight", "--value=8")
        theirs = self.file().read_bytes()
        self.ok("define", "-u", OTHER_UUID, "-p", PARENT, "-t", V5_4, "--auto", "--weight", 8)
        self.assertEqual(self.file(OTHER_UUID).read_bytes(), theirs)
        self.ok("modify", UUID, "--weight", 7)
        self.ok("modify", UUID, "--weight", 8)
        self.assertEqual(self.file().read_bytes(), theirs)
        self.assertEqual(mdevctl("list", "-d").strip(), self.ok("list", "-d").strip())
        self.assertEqual(json.loads(mdevctl("list", "-d", "--dumpjson")), json.loads(self.ok("list", "-d", "--dumpjson")))
        self.ok("modify", OTHER_UUID, "--manual", "--cap", 30)
        self.assertIn(f"{OTHER_UUID} {PARENT} {V5_4} manual\n", mdevctl("list", "-d"))
        mdevctl("undefine", "-u", UUID)
        self.assertEqual(self.ok("list", "-d").count("\n"), 1)
        self.restart()
        self.assertEqual(self.ok("list"), "")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
