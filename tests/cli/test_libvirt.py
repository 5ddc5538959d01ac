#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: test_libvirt.py UGVT UGVTD UGVT-VGPU [TEST...]

The domain that `ugvt libvirt-xml` prints, checked by libvirt's own schema and as what QEMU gets from it.
"""

import json
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import case
from case import INVALID, NOT_FOUND, UUID, V5_4

QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"


class LibvirtXml(case.Case):
    def setUp(self):
        super().setUp()
        # A path that XML and JSON have to quote.
        self.run_dir = self.top / "it's <a> \"&\" b"
        self.start_manager()
        self.start("-u", UUID, "-t", V5_4)

    def test_device(self):
        domain = ElementTree.fromstring(self.ok("libvirt-xml", UUID.upper(), "-m", "3G"))
        arguments = [arg.get("value") for arg in domain.iter(QEMU + "arg")]
        self.assertEqual(arguments[0], "-device")
        self.assertEqual(json.loads(arguments[1]), {
            "driver": "vfio-user-pci", "addr": "2.0",
            "socket": {"type": "unix", "path": str(self.run_dir / UUID / "vfio")}})
        self.assertEqual((domain.find("memory").get("unit"), domain.find("memory").text), ("GiB", "3"))
        self.assertEqual(domain.find("memoryBacking/source").get("type"), "memfd")
        self.assertEqual(domain.find("memoryBacking/access").get("mode"), "shared")
        self.assertEqual([model.get("type") for model in domain.findall("devices/video/model")], ["none"])
        slots = {address.get("slot") for address in domain.iter("address")}
        self.assertNotIn("0x02", slots)

    @unittest.skipUnless(shutil.which("virt-xml-validate"), "there is no virt-xml-validate")
    def test_schema(self):
        for size in ("1G", "512", "4096M", "1t", "1048576k"):
            file = self.top / "domain.xml"
            file.write_text(self.ok("libvirt-xml", "-u", UUID, "--memory", size), encoding="utf-8")
            done = subprocess.run(["virt-xml-validate", file, "domain"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # It would tell.
        file.write_text(file.read_text(encoding="utf-8").replace("memoryBacking", "memory-backing"), encoding="utf-8")
        done = subprocess.run(["virt-xml-validate", file, "domain"], capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)

    def test_errors(self):
        self.fails(INVALID, "libvirt-xml", says="the UUID is missing")
        self.fails(INVALID, "libvirt-xml", "nix", says="no UUID")
        self.fails(INVALID, "libvirt-xml", UUID, "-m", "0G", says="'0G'")
        self.fails(NOT_FOUND, "libvirt-xml", UUID[:-1] + "0", says="no vGPU")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
