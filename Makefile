# SPDX-License-Identifier: MIT
# The commands a person types; meson does the building. See `make help`.

BUILD ?= build

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

$(BUILD)/build.ninja:
	@scripts/setup
	@meson setup $(BUILD)

demo:
	@scripts/setup
	@scripts/demo

check:
	@scripts/setup
	@scripts/check $(TESTS)

check-kill: all
	@python3 tests/manager/test_kill.py $(BUILD)/cli/ugvt $(BUILD)/manager/ugvtd $(BUILD)/worker/ugvt-vgpu \
		$(BUILD)/tests/worker/test-worker-drive $(BUILD)/mdevfs/ugvt-mdevfs $(or $(ROUNDS),800)
	@UGVT_BUILD=$(abspath $(BUILD)) UGVT_KILLS=$(or $(KILLS),200) tests/guest/kill.test $(abspath $(BUILD))/kill

conformance: all
	@tests/conformance --write

check-piglit: all
	@tests/gl/piglit --write

check-igt: all
	@tests/guest/igt $(TESTS)

check-igt-more: all
	@tests/guest/igt --type direct --timeout 300 --list tests/guest/igt.display --list tests/guest/igt.engines

conformance-gl: all
	@tests/gl/glmark2 --write

bench:
	@scripts/setup
	@bench/run --write

install: all
	@meson install -C $(BUILD) --no-rebuild

uninstall:
	@ninja -C $(BUILD) uninstall

clean:
	rm -rf build build-asan build-bench build-fuzz build-tsan

help:
	@echo 'make              build ugvt in $(BUILD)/ (installs missing Debian packages: as root or through sudo)'
	@echo 'make demo         two virtual machines with a vGPU each; pictures of their screens in build/demo/'
	@echo 'make check        build and run all tests; TESTS="PATTERN..." runs some, see scripts/check --help'
	@echo 'make check-kill   kill workers, managers, machines and mounts under load, 800 times (ROUNDS=N), and QEMU 200 times'
	@echo 'make conformance  boot all guests there are (an hour), and rewrite the table in docs/conformance.md'
	@echo 'make check-piglit   run 1,273 tests of OpenGL on ugvt run (five minutes), and rewrite their tables in docs/conformance.md'
	@echo 'make check-igt    run the tests of i915 itself (IGT, fast feedback) in guests, and print what does not pass and why'
	@echo 'make check-igt-more  run more of them: of display, engines and memory (hours), and print the same'
	@echo 'make conformance-gl compare frames of glmark2 with llvmpipe (two minutes), and rewrite their table in docs/conformance.md'
	@echo 'make bench        measure, and rewrite the results in docs/performance.md'
	@echo 'make install      install what was built: programs, man pages, systemd units (DESTDIR is respected)'
	@echo 'make uninstall    remove what the last make install installed'
	@echo 'make clean        remove all that was built; the cache of the lab in ~/.cache/ugvt stays'

.PHONY: all demo check check-igt check-igt-more check-kill check-piglit conformance conformance-gl bench install uninstall clean help
