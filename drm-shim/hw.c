/* SPDX-License-Identifier: MIT */
#include "drm-shim/hw.h"

#include <stdlib.h>
#include <time.h>

#include "base/bits.h"
#include "base/clock.h"
#include "drm-shim/executor.h"
#include "gen/hooks_engine.h"
#include "gpu/cs/regs.h"
#include "gpu/render/pipeline.h"

/* Cost units between two looks at the clock: some milliseconds. */
#define RUN_BUDGET 1000000
/* How long to leave a batch alone that waits for memory to change: grows while it goes on waiting. */
#define PAUSE_MIN_NS (5 * UGVT_NS_PER_US)
#define PAUSE_MAX_NS (1 * UGVT_NS_PER_MS)

static struct ugvt_drm_hw *hw_from_host(struct ugvt_cs_host *host)
{
	return ugvt_container_of(host, struct ugvt_drm_hw, host);
}

static uint64_t hw_timestamp(const struct ugvt_drm_hw *hw)
{
	return hw->time > 0 ? hw->time : ugvt_drm_device_timestamp(hw->device);
}

static uint64_t host_timestamp(struct ugvt_cs_host *host)
{
	return hw_timestamp(hw_from_host(host));
}

static uint32_t unit_read(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	const struct ugvt_drm_hw *hw = ugvt_container_of(unit, struct ugvt_drm_hw, unit);

	switch (access->row->hook) {
	case UGVT_ENGINE_HOOK_TIMESTAMP: return ugvt_lo32(hw_timestamp(hw));
	case UGVT_ENGINE_HOOK_TIMESTAMP_UDW: return ugvt_hi32(hw_timestamp(hw));
	default: return access->value;
	}
}

/* Execlists and resets are the driver's business, and that is this library. */
static void unit_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
}

static const struct ugvt_reg_unit_impl unit_impl = {
	.read = unit_read,
	.write = unit_write,
};

static uint32_t host_reg_read(struct ugvt_cs_host *host, uint32_t offset)
{
	return ugvt_regfile_read(&hw_from_host(host)->regs, offset);
}

static void host_reg_write(struct ugvt_cs_host *host, uint32_t offset, uint32_t value)
{
	ugvt_regfile_write(&hw_from_host(host)->regs, offset, value);
}

/* Nobody listens: who waits is told when the batch ends. */
static void host_interrupt(struct ugvt_cs_host *host, enum ugvt_engine_id engine, uint32_t bits)
{
}

/* There is no display to wait for. */
static bool host_display_command(struct ugvt_cs_host *host, const uint32_t *dw, unsigned n)
{
	return true;
}

static bool host_command(struct ugvt_cs_host *host, const struct ugvt_cs_command *command)
{
	struct ugvt_drm_hw *hw = hw_from_host(host);

	if (hw->watch && !hw->watch->impl->command(hw->watch, command)) {
		hw->stopped = true;
	}
	return !hw->stopped;
}

static const struct ugvt_cs_host_impl host_impl = {
	.reg_read = host_reg_read,
	.reg_write = host_reg_write,
	.interrupt = host_interrupt,
	.timestamp = host_timestamp,
	.display_command = host_display_command,
	.command = host_command,
};

/* What the kernel's driver lets programs write beside what the hardware itself does: i915 gt/intel_workarounds.c,
 * gen9_whitelist_build() and after it. */
static void nonpriv_set(struct ugvt_drm_hw *hw)
{
	static const uint32_t offsets[] = {0x2248, 0x2580, 0x7304, 0xb118};

	for (unsigned i = 0; hw->engine == UGVT_RCS && i < UGVT_ARRAY_SIZE(offsets); i++) {
		ugvt_regfile_poke(&hw->regs,
			ugvt_engines[hw->engine].base + RING_FORCE_TO_NONPRIV + 4 * i, offsets[i]);
	}
}

/* false: out of memory. */
static bool pipelines_create(struct ugvt_drm_hw *hw)
{
	hw->render = ugvt_pipeline_create();
	hw->compute = ugvt_compute_create();
	return hw->render && hw->compute;
}

struct ugvt_drm_hw *ugvt_drm_hw_create(struct ugvt_drm_device *device,
	struct ugvt_guest_memory *memory, enum ugvt_engine_id engine)
{
	struct ugvt_drm_hw *hw = calloc(1, sizeof(*hw));

	if (!hw) {
		return NULL;
	}
	hw->host.impl = &host_impl;
	hw->device = device;
	hw->id = ++device->ids;
	hw->engine = engine;
	if (!ugvt_regfile_init(&hw->regs, device->info->platform)) {
		free(hw);
		return NULL;
	}
	hw->unit.impl = &unit_impl;
	hw->regs.units[UGVT_UNIT_ENGINE] = &hw->unit;
	if (engine == UGVT_RCS && !pipelines_create(hw)) {
		ugvt_drm_hw_destroy(hw);
		return NULL;
	}
	hw->cs = ugvt_cs_create(&(struct ugvt_cs_config){
		.engine = engine,
		.host = &hw->host,
		.regs = &hw->regs,
		.memory = memory,
		.ggtt = &device->ggtt,
		.render = hw->render,
		.compute = hw->compute,
	});
	if (!hw->cs) {
		ugvt_drm_hw_destroy(hw);
		return NULL;
	}
	nonpriv_set(hw);
	return hw;
}

void ugvt_drm_hw_destroy(struct ugvt_drm_hw *hw)
{
	if (!hw) {
		return;
	}
	ugvt_drm_executor_forget(hw->device->executor, hw->id);
	ugvt_cs_destroy(hw->cs);
	ugvt_render_destroy(hw->render);
	ugvt_compute_destroy(hw->compute);
	ugvt_regfile_finish(&hw->regs);
	free(hw);
}

static void reset(struct ugvt_drm_hw *hw)
{
	ugvt_regfile_reset(&hw->regs);
	nonpriv_set(hw);
	ugvt_cs_reset(hw->cs);
}

bool ugvt_drm_hw_run(struct ugvt_drm_hw *hw, uint64_t addr)
{
	uint64_t deadline = ugvt_clock_ns() + hw->device->deadline_ns;
	uint64_t pause = PAUSE_MIN_NS;
	enum ugvt_cs_stop stop;

	hw->stopped = false;
	ugvt_cs_batch_begin(hw->cs, addr);
	while ((stop = ugvt_cs_run(hw->cs, RUN_BUDGET)) != UGVT_CS_IDLE && !hw->stopped) {
		if (stop == UGVT_CS_HUNG || ugvt_clock_ns() >= deadline) {
			ugvt_guest_log(&hw->log_limit, "%s: the batch at %#llx is given up: %s",
				ugvt_engines[hw->engine].name, (unsigned long long)addr,
				stop == UGVT_CS_HUNG ? "it hangs" : "it takes too long");
			reset(hw);
			return false;
		}
		if (stop == UGVT_CS_WAIT) {
			nanosleep(&(struct timespec){.tv_nsec = (long)pause}, NULL);
			pause = UGVT_MIN(2 * pause, PAUSE_MAX_NS);
		}
	}
	return true;
}
