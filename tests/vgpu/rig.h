/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_VGPU_RIG_H
#define UGVT_TESTS_VGPU_RIG_H

#include <stdatomic.h>

#include "base/loop.h"
#include "tests/driver/driver.h"
#include "vgpu/vgpu.h"

/* A vGPU in this process, with guest memory, an interrupt sink that counts, and a driver on top. */

#define RIG_MEMORY_SIZE (64u << 20)

struct rig {
	struct ugvt_loop *loop;
	struct ugvt_vgpu *vgpu;
	struct ugvt_pci_device *device;
	struct ugvt_irq_sink sink;
	atomic_uint msis;
	atomic_bool intx;
	struct driver_bus bus;
	void *memory;
	struct driver driver;
};

struct rig_options {
	bool direct; // type without PVINFO
	uint64_t deadline_ns;
	struct ugvt_turns *turns;
};

/* Asserts on failure. */
void rig_init(struct rig *rig, bool direct);
void rig_init_options(struct rig *rig, const struct rig_options *options);
void rig_finish(struct rig *rig);

/* What the device has written to guest memory, in order with what it wrote before. */
uint32_t rig_word(const volatile uint32_t *word);
/* Waits until *word is value; fails after many seconds, so that a hang is a failure and not a stuck test. */
void rig_wait_word(const volatile uint32_t *word, uint32_t value);
/* The same for more than count MSIs since the rig's start. */
void rig_wait_msi(struct rig *rig, unsigned count);

/* The same for the bits of a register: all of them set. */
void rig_wait_reg(struct rig *rig, uint32_t offset, uint32_t bits);

/* Config space, as the client sees it. */
uint32_t rig_config_read(struct rig *rig, unsigned offset, size_t size);
void rig_config_write(struct rig *rig, unsigned offset, uint32_t value, size_t size);

#endif
