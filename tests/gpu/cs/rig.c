/* SPDX-License-Identifier: MIT */
#include "tests/gpu/cs/rig.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/cs/regs.h"

static struct rig *rig_from_host(struct ugvt_cs_host *host)
{
	return ugvt_container_of(host, struct rig, host);
}

static uint32_t host_reg_read(struct ugvt_cs_host *host, uint32_t offset)
{
	return ugvt_regfile_read(&rig_from_host(host)->regs, offset);
}

static void host_reg_write(struct ugvt_cs_host *host, uint32_t offset, uint32_t value)
{
	rig_from_host(host)->written_offset = offset;
	ugvt_regfile_write(&rig_from_host(host)->regs, offset, value);
}

static void host_interrupt(struct ugvt_cs_host *host, enum ugvt_engine_id engine, uint32_t bits)
{
	struct rig *rig = rig_from_host(host);

	rig->irqs |= bits;
	rig->irq_count++;
}

static uint64_t host_timestamp(struct ugvt_cs_host *host)
{
	return rig_from_host(host)->time++;
}

static bool host_display_command(struct ugvt_cs_host *host, const uint32_t *dw, unsigned n)
{
	rig_from_host(host)->display_commands++;
	return rig_from_host(host)->event;
}

static const struct ugvt_cs_host_impl host_impl = {
	.reg_read = host_reg_read,
	.reg_write = host_reg_write,
	.interrupt = host_interrupt,
	.timestamp = host_timestamp,
	.display_command = host_display_command,
};

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static void global_map(struct rig *rig, uint32_t addr, unsigned pages)
{
	ugvt_gpa gpa = space_alloc(&rig->space, pages * UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);

	for (unsigned i = 0; i < pages; i++) {
		uint64_t pte = (gpa + i * UGVT_PAGE_SIZE) | 1;

		ugvt_ggtt_write(&rig->space.ggtt, 8 * (addr / UGVT_PAGE_SIZE + i), &pte, 8);
	}
}

static void user_map(struct rig *rig, uint64_t addr, unsigned pages)
{
	uint64_t size = pages * UGVT_PAGE_SIZE;

	space_map(&rig->space, addr, space_alloc(&rig->space, size, UGVT_PAGE_SIZE), size);
}

/* The host memory behind an address. */
static uint32_t *global_host(struct rig *rig, uint32_t addr)
{
	uint64_t pte;

	ugvt_ggtt_read(&rig->space.ggtt, 8 * (addr / UGVT_PAGE_SIZE), &pte, 8);
	check(pte & 1);
	return (uint32_t *)((char *)space_host(&rig->space, pte & ~UINT64_C(0xfff)) + addr % 4096);
}

static uint32_t *user_host(struct rig *rig, uint64_t addr)
{
	uint64_t pte = *space_entry(&rig->space, addr, 0);

	check(pte & 1);
	return (uint32_t *)((char *)space_host(&rig->space, pte & ~UINT64_C(0xfff)) + addr % 4096);
}

/* As i915 makes a new context: gt/intel_lrc.c, __lrc_init_regs() with inhibit. */
static void context_make(struct rig *rig)
{
	static const uint16_t ring[] = {0x244, 0x34, 0x30, 0x38, 0x3c, 0x168, 0x140, 0x110, 0x11c,
		0x114, 0x118, 0x1c0, 0x1c4, 0x1c8};
	static const uint16_t pdp[] = {
		0x3a8, 0x28c, 0x288, 0x284, 0x280, 0x27c, 0x278, 0x274, 0x270};

	rig_image_set(rig, 1, 0x1100101b);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(ring); i++) {
		rig_image_set(rig, 2 + 2 * i, rig->info->base + ring[i]);
	}
	rig_image_set(rig, 0x21, 0x11001011);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(pdp); i++) {
		rig_image_set(rig, 0x22 + 2 * i, rig->info->base + pdp[i]);
	}
	rig_image_set(rig, 3, 0x00090009); // inhibit synchronous switch, and restoring
	rig_image_set(rig, 9, RIG_RING);
	rig_image_set(rig, 11, (RIG_RING_SIZE - UGVT_PAGE_SIZE) | 1);
	rig_image_set(rig, 0x31, ugvt_hi32(rig->space.pml4));
	rig_image_set(rig, 0x33, ugvt_lo32(rig->space.pml4));
}

static void init(struct rig *rig, enum ugvt_engine_id engine, struct ugvt_render *render,
	struct ugvt_compute *compute)
{
	*rig = (struct rig){
		.engine = engine, .info = &ugvt_engines[engine], .host.impl = &host_impl};
	space_init(&rig->space, UINT64_C(4) << 20);
	ugvt_guest_memory_end(rig->space.memory);
	check(ugvt_regfile_init(&rig->regs, UGVT_SKL));
	global_map(rig, RIG_RING, RIG_RING_SIZE / UGVT_PAGE_SIZE);
	global_map(rig, RIG_HWSP, 1);
	global_map(rig, RIG_CONTEXT, rig->info->context_pages);
	global_map(rig, RIG_GLOBAL, RIG_PAGES);
	global_map(rig, RIG_GLOBAL_BATCH, 4);
	user_map(rig, RIG_USER, RIG_PAGES);
	user_map(rig, RIG_BATCH, RIG_PAGES);
	context_make(rig);
	rig_reg_set(rig, RING_HWS_PGA, RIG_HWSP);
	rig_reg_set(rig, RING_EMR, ~1u); // as i915: instruction errors are heard of
	rig->cs = ugvt_cs_create(&(struct ugvt_cs_config){
		.engine = engine,
		.host = &rig->host,
		.regs = &rig->regs,
		.memory = rig->space.memory,
		.ggtt = &rig->space.ggtt,
		.render = render,
		.compute = compute,
	});
	check(rig->cs);
}

void rig_init(struct rig *rig, enum ugvt_engine_id engine)
{
	init(rig, engine, NULL, NULL);
}

void rig_init_render(struct rig *rig, struct ugvt_render *render)
{
	init(rig, UGVT_RCS, render, NULL);
}

void rig_init_compute(struct rig *rig, struct ugvt_compute *compute)
{
	init(rig, UGVT_RCS, NULL, compute);
}

void rig_finish(struct rig *rig)
{
	ugvt_cs_destroy(rig->cs);
	ugvt_regfile_finish(&rig->regs);
	ugvt_guest_memory_begin(rig->space.memory);
	space_finish(&rig->space);
}

uint32_t rig_global_read(struct rig *rig, uint32_t addr)
{
	return *global_host(rig, addr);
}

void rig_global_write(struct rig *rig, uint32_t addr, uint32_t value)
{
	*global_host(rig, addr) = value;
}

uint32_t rig_user_read(struct rig *rig, uint64_t addr)
{
	return *user_host(rig, addr);
}

void rig_user_write(struct rig *rig, uint64_t addr, uint32_t value)
{
	*user_host(rig, addr) = value;
}

void rig_user_fill(struct rig *rig, uint64_t addr, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		rig_user_write(rig, addr + 4 * i, dw[i]);
	}
}

void rig_global_fill(struct rig *rig, uint32_t addr, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		rig_global_write(rig, addr + 4 * i, dw[i]);
	}
}

uint32_t rig_reg(const struct rig *rig, uint32_t offset)
{
	return ugvt_regfile_peek(&rig->regs, rig->info->base + offset);
}

void rig_reg_set(struct rig *rig, uint32_t offset, uint32_t value)
{
	ugvt_regfile_poke(&rig->regs, rig->info->base + offset, value);
}

uint32_t rig_image(struct rig *rig, unsigned at)
{
	return rig_global_read(rig, RIG_CONTEXT + UGVT_PAGE_SIZE + 4 * at);
}

void rig_image_set(struct rig *rig, unsigned at, uint32_t value)
{
	rig_global_write(rig, RIG_CONTEXT + UGVT_PAGE_SIZE + 4 * at, value);
}

void rig_emit(struct rig *rig, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		rig_global_write(rig, RIG_RING + rig->tail, dw[i]);
		rig->tail = (rig->tail + 4) % RIG_RING_SIZE;
	}
}

void rig_submit(struct rig *rig)
{
	if (rig->tail % 8 != 0) {
		RIG_EMIT(rig, 0); // a tail is a multiple of 8
	}
	rig_image_set(rig, 7, rig->tail);
}

enum ugvt_cs_stop rig_continue(struct rig *rig)
{
	enum ugvt_cs_stop stop = UGVT_CS_BUDGET;

	for (unsigned i = 0; stop == UGVT_CS_BUDGET && i < 100000; i++) {
		stop = ugvt_cs_run(rig->cs, 1000);
	}
	return stop;
}

enum ugvt_cs_stop rig_run(struct rig *rig)
{
	rig_submit(rig);
	check(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	return rig_continue(rig);
}
