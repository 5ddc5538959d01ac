# SPDX-License-Identifier: MIT
"""Scenes of glmark2 on `ugvt run` and on llvmpipe, without a device or windows: see stage.c."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

# As glmark2 itself runs them.
SCENES = [
    "build:use-vbo=false",
    "build:use-vbo=true",
    "texture:texture-filter=nearest",
    "texture:texture-filter=linear",
    "texture:texture-filter=mipmap",
    "shading:shading=gouraud",
    "shading:shading=blinn-phong-inf",
    "shading:shading=phong",
    "shading:shading=cel",
    "bump:bump-render=high-poly",
    "bump:bump-render=normals",
    "bump:bump-render=height",
    "effect2d:kernel=0,1,0;1,-4,1;0,1,0;",
    "effect2d:kernel=1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;",
    "pulsar:quads=5:texture=false:light=false",
    "desktop:windows=4:effect=blur:blur-radius=5:passes=1:separable=true",
    "desktop:windows=4:effect=shadow",
    "buffer:update-fraction=0.5:update-dispersion=0.9:columns=200:update-method=map:interleave=false",
    "buffer:update-fraction=0.5:update-dispersion=0.9:columns=200:update-method=subdata:interleave=false",
    "buffer:update-fraction=0.5:update-dispersion=0.9:columns=200:update-method=map:interleave=true",
    "ideas:speed=duration",
    "jellyfish",
    "terrain",
    "shadow",
    "refract",
    "conditionals:vertex-steps=0:fragment-steps=0",
    "conditionals:vertex-steps=0:fragment-steps=5",
    "conditionals:vertex-steps=5:fragment-steps=0",
    "function:fragment-steps=5:fragment-complexity=low",
    "function:fragment-steps=5:fragment-complexity=medium",
    "loop:vertex-steps=5:fragment-steps=5:fragment-loop=false",
    "loop:vertex-steps=5:fragment-steps=5:fragment-uniform=false",
    "loop:vertex-steps=5:fragment-steps=5:fragment-uniform=true",
]


class Stage:
    """glmark2, built if it is not there yet; ends the program with status 77 where it can't be."""

    def __init__(self, build, size):
        done = subprocess.run([HERE / "glmark2-build"], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            print("glmark2 can't be built")
            sys.exit(done.returncode)
        self.program = done.stdout.strip()
        self.ugvt = build / "cli/ugvt"
        self.library = build / "tests/gl/libugvt-stage.so"
        self.size = size
        if not self.library.exists():
            print(f"there is no {self.library}: build with EGL and GLES first")
            sys.exit(77)

    def command(self, llvmpipe, scene):
        glmark2 = [self.program, "--off-screen", "-s", self.size, "--winsys-options", "drm-device=/dev/null", "-b", scene]
        return glmark2 if llvmpipe else [str(self.ugvt), "run", "--", *glmark2]

    def environment(self, llvmpipe, more):
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        software = {"LIBGL_ALWAYS_SOFTWARE": "1"} if llvmpipe else {}
        return {**keep, "LC_ALL": "C", "LD_PRELOAD": str(self.library), **software, **more}

    def run(self, llvmpipe, scene, more, limit, options=()):
        """What it printed; None if it failed. more: of the environment."""
        try:
            done = subprocess.run([*self.command(llvmpipe, scene), *options], env=self.environment(llvmpipe, more),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  errors="replace", timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return None
        return None if done.returncode else done.stdout
