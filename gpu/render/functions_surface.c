/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/render/functions_state.h"

/* Surface and sampler state: PRM BXT vol 2c, "BINDING_TABLE_STATE", "SAMPLER_BORDER_COLOR_STATE"; the numbers that are no entries of
 * binding tables: Mesa's brw_eu_defines.h. */

#define TABLE_ENTRY UGVT_MASK(31, 6)
#define BTI_BINDLESS 252
#define HANDLE UGVT_MASK(31, 12) // of the extended descriptor: units of 64 bytes
#define HANDLE_UNIT 64

bool ugvt_functions_is_bindless(const struct ugvt_eu_message *message)
{
	return ugvt_eu_surface(message->desc) == BTI_BINDLESS;
}

static ugvt_gpu_addr state_addr(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned index = ugvt_eu_surface(message->desc);
	uint32_t entry;

	if (ugvt_functions_is_bindless(message)) {
		return (functions->bindless_base +
			       (uint64_t)UGVT_GET(HANDLE, message->ex_desc) * HANDLE_UNIT) &
		       UGVT_GPU_ADDR_MASK;
	}
	entry = ugvt_aspace_read32(functions->as, functions->binding_table + index * sizeof(entry));
	return (functions->surface_base + (entry & TABLE_ENTRY)) & UGVT_GPU_ADDR_MASK;
}

static void surface_decode(struct ugvt_functions *functions, struct ugvt_functions_surface *slot)
{
	uint32_t state[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_surface whole;

	ugvt_aspace_read(functions->as, slot->addr, state, sizeof(state));
	ugvt_surface_decode(&slot->surface, state);
	if (slot->mcs) {
		whole = slot->surface;
		if (!ugvt_surface_mcs(&whole, &slot->surface)) {
			memset(state, 0xff, sizeof(state)); // no surface at all
			ugvt_surface_decode(&slot->surface, state);
		}
	}
}

/* Which slot an address takes; neighbours take neighbours. */
static unsigned slot_of(ugvt_gpu_addr addr, unsigned unit, unsigned count)
{
	return (unsigned)(addr / unit) % count;
}

struct ugvt_functions_surface *ugvt_functions_surface_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message, bool mcs)
{
	ugvt_gpu_addr addr = state_addr(functions, message);
	struct ugvt_functions_surface *slot =
		&functions->surfaces[(slot_of(addr, 64, UGVT_FUNCTIONS_SURFACES) + mcs) %
				     UGVT_FUNCTIONS_SURFACES];

	if (!slot->valid || slot->addr != addr || slot->mcs != mcs) {
		slot->valid = true;
		slot->addr = addr;
		slot->mcs = mcs;
		slot->fresh = false;
		surface_decode(functions, slot);
	}
	if (!slot->fresh) {
		slot->fresh = true;
		ugvt_texture_init(&slot->texture, &slot->surface, &functions->texels.base);
	}
	return slot;
}

/* Else its offset may be anything. */
static bool has_border(const struct ugvt_sampler *sampler)
{
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(sampler->wrap); i++) {
		if (sampler->wrap[i] == UGVT_WRAP_BORDER ||
			sampler->wrap[i] == UGVT_WRAP_HALF_BORDER) {
			return true;
		}
	}
	return false;
}

static void border_read(struct ugvt_functions *functions, struct ugvt_sampler *sampler)
{
	ugvt_gpu_addr addr = functions->dynamic_base + sampler->border_offset;

	ugvt_aspace_read(
		functions->as, addr & UGVT_GPU_ADDR_MASK, sampler->border, sizeof(sampler->border));
}

const struct ugvt_sampler *ugvt_functions_sampler_find(
	struct ugvt_functions *functions, ugvt_gpu_addr addr)
{
	struct ugvt_functions_sampler *slot =
		&functions->sampler_states[slot_of(addr, 16, UGVT_FUNCTIONS_SAMPLERS)];
	uint32_t state[UGVT_SAMPLER_STATE_DWORDS];

	if (!slot->valid || slot->addr != addr) {
		slot->valid = true;
		slot->addr = addr;
		ugvt_aspace_read(functions->as, addr, state, sizeof(state));
		ugvt_sampler_decode(&slot->sampler, state);
		if (has_border(&slot->sampler)) {
			border_read(functions, &slot->sampler);
		}
	}
	return &slot->sampler;
}
