/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/gt.h"
#include "gpu/mem/tiling.h"
#include "vgpu/vgpu_state.h"

/*
 * BAR2: the first part of the GGTT. Where a fence covers an address, the CPU sees the surface linear: PRM SKL vol
 * 5, "Fence Registers"; i915_reg.h FENCE_REG_GEN6_LO: valid bit 0, Y-tiled bit 1, first page 31:12; _HI: last page 31:12, pitch in
 * units of 128 bytes, less one, in 11:0.
 */

struct fence {
	uint64_t start, end; // bytes of GGTT, end excluded
	enum ugvt_tiling tiling;
	uint32_t pitch; // bytes
};

static bool fence_decode(const struct ugvt_regfile *regs, unsigned i, struct fence *fence)
{
	uint32_t lo = ugvt_regfile_peek(regs, UGVT_FENCE_LO + 8 * i);
	uint32_t hi = ugvt_regfile_peek(regs, UGVT_FENCE_LO + 8 * i + 4);

	if (!(lo & UGVT_BIT(0))) {
		return false;
	}
	*fence = (struct fence){
		.start = lo & UGVT_MASK(31, 12),
		.end = (uint64_t)(hi & UGVT_MASK(31, 12)) + UGVT_PAGE_SIZE,
		.tiling = (lo & UGVT_BIT(1)) ? UGVT_TILING_Y : UGVT_TILING_X,
		.pitch = ((hi & UGVT_MASK(11, 0)) + 1) * 128,
	};
	/* An X-tiled pitch that is no multiple of a tile has no meaning. */
	return fence->pitch % ugvt_tile_width(fence->tiling) == 0;
}

static bool fence_find(const struct ugvt_vgpu *vgpu, uint64_t addr, struct fence *fence)
{
	for (unsigned i = 0; i < vgpu->config.fences; i++) {
		if (fence_decode(&vgpu->regs, i, fence) && addr >= fence->start &&
			addr < fence->end) {
			return true;
		}
	}
	return false;
}

/* Where the byte that the CPU sees at addr lies in the GGTT; *run: how many bytes from there are in order. */
static ugvt_gpu_addr addr_detile(const struct ugvt_vgpu *vgpu, uint64_t addr, uint64_t *run)
{
	struct fence fence;
	uint64_t at;
	uint32_t x, y;

	*run = UGVT_PAGE_SIZE - addr % UGVT_PAGE_SIZE;
	if (!fence_find(vgpu, addr, &fence)) {
		return addr;
	}
	at = addr - fence.start;
	x = (uint32_t)(at % fence.pitch);
	y = (uint32_t)(at / fence.pitch);
	*run = UGVT_MIN(*run, ugvt_tile_run(fence.tiling, x));
	return fence.start + ugvt_tile_offset(fence.tiling, fence.pitch, x, y);
}

static void aperture_begin(struct ugvt_vgpu *vgpu)
{
	atomic_fetch_add_explicit(&vgpu->counters.aperture_accesses, 1, memory_order_relaxed);
	ugvt_guest_memory_begin(vgpu->device.memory);
	ugvt_aspace_window(&vgpu->aperture);
}

void ugvt_vgpu_aperture_read(struct ugvt_vgpu *vgpu, uint64_t offset, void *data, size_t size)
{
	char *out = data;

	aperture_begin(vgpu);
	while (size > 0) {
		uint64_t run;
		ugvt_gpu_addr addr = addr_detile(vgpu, offset, &run);
		size_t part = UGVT_MIN(size, run);

		ugvt_aspace_read(&vgpu->aperture, addr, out, part);
		out += part;
		offset += part;
		size -= part;
	}
	ugvt_guest_memory_end(vgpu->device.memory);
}

void ugvt_vgpu_aperture_write(
	struct ugvt_vgpu *vgpu, uint64_t offset, const void *data, size_t size)
{
	const char *in = data;

	aperture_begin(vgpu);
	while (size > 0) {
		uint64_t run;
		ugvt_gpu_addr addr = addr_detile(vgpu, offset, &run);
		size_t part = UGVT_MIN(size, run);

		ugvt_aspace_write(&vgpu->aperture, addr, in, part);
		in += part;
		offset += part;
		size -= part;
	}
	ugvt_guest_memory_end(vgpu->device.memory);
}
