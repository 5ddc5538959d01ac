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
#define SLOT_PLACES 4 // where a surface may be kept

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

static bool translations_are(
	const struct ugvt_functions_translations *known, const struct ugvt_aspace *as)
{
	return known->as == as && known->kind == as->kind &&
	       known->memory_generation == as->memory_generation &&
	       known->ggtt_generation == as->ggtt_generation &&
	       known->invalidations == as->invalidations &&
	       memcmp(known->roots, as->roots, sizeof(known->roots)) == 0;
}

static void translations_check(struct ugvt_functions *functions, struct ugvt_aspace *as)
{
	struct ugvt_functions_translations *known = &functions->translations;

	functions->as = as;
	if (translations_are(known, as)) {
		return;
	}
	known->as = as;
	known->kind = as->kind;
	known->memory_generation = as->memory_generation;
	known->ggtt_generation = as->ggtt_generation;
	known->invalidations = as->invalidations;
	memcpy(known->roots, as->roots, sizeof(known->roots));
	functions->epoch++;
	for (unsigned i = 0; i < UGVT_FUNCTIONS_SURFACES; i++) {
		functions->surfaces[i].fresh = false;
	}
}

/* Surfaces are mostly those of the last draw: what is known about them is kept as long as it holds. */
void ugvt_functions_surfaces_begin(struct ugvt_functions *functions, struct ugvt_aspace *as)
{
	translations_check(functions, as);
	functions->epoch++;
	for (unsigned i = 0; i < UGVT_FUNCTIONS_SURFACES; i++) {
		functions->surfaces[i].current = false;
	}
}

void ugvt_functions_surfaces_window(struct ugvt_functions *functions)
{
	if (functions->as) {
		translations_check(functions, functions->as);
	}
	for (unsigned i = 0; i < UGVT_FUNCTIONS_SURFACES; i++) {
		if (functions->surfaces[i].fresh) {
			ugvt_texture_forget(&functions->surfaces[i].texture);
		}
	}
}

void ugvt_functions_surfaces_finish(struct ugvt_functions *functions)
{
	for (unsigned i = 0; i < UGVT_FUNCTIONS_SURFACES; i++) {
		ugvt_page_map_finish(&functions->surfaces[i].map);
	}
}

static void surface_decode(struct ugvt_functions_surface *slot)
{
	const uint32_t none[UGVT_SURFACE_STATE_DWORDS] = {UINT32_MAX};
	struct ugvt_surface whole;

	ugvt_surface_decode(&slot->surface, slot->state);
	if (slot->mcs) {
		whole = slot->surface;
		if (!ugvt_surface_mcs(&whole, &slot->surface)) {
			ugvt_surface_decode(&slot->surface, none);
		}
	}
}

/* Reads the state anew, and decodes it if it has changed. */
static void surface_read(struct ugvt_functions *functions, struct ugvt_functions_surface *slot)
{
	uint32_t state[UGVT_SURFACE_STATE_DWORDS];

	slot->current = true;
	ugvt_aspace_read(functions->as, slot->addr, state, sizeof(state));
	if (!slot->valid || memcmp(state, slot->state, sizeof(state)) != 0) {
		memcpy(slot->state, state, sizeof(state));
		slot->valid = true;
		slot->fresh = false;
		surface_decode(slot);
	}
	if (slot->fresh) {
		ugvt_texture_forget(&slot->texture);
	}
}

static void texture_make(struct ugvt_functions *functions, struct ugvt_functions_surface *slot)
{
	struct ugvt_texture *texture = &slot->texture;

	slot->fresh = true;
	ugvt_texture_init(texture, &slot->surface, &functions->texels.base);
	if (texture->simple && texture->host_size < slot->surface.size) {
		ugvt_texture_map(texture, &slot->map);
	}
}

/* Which slot an address takes; neighbours take neighbours. */
static unsigned slot_of(ugvt_gpu_addr addr, unsigned unit, unsigned count)
{
	return (unsigned)(addr / unit) % count;
}

/* The surface's slot, or the one that is to become it: best one that the draw has not used, of which nobody knows anything. */
static struct ugvt_functions_surface *slot_find(
	struct ugvt_functions *functions, ugvt_gpu_addr addr, bool mcs)
{
	unsigned first = slot_of(addr, 64, UGVT_FUNCTIONS_SURFACES) + mcs;
	struct ugvt_functions_surface *slot = &functions->surfaces[first % UGVT_FUNCTIONS_SURFACES];

	for (unsigned i = 0; i < SLOT_PLACES; i++) {
		struct ugvt_functions_surface *near =
			&functions->surfaces[(first + 5 * i) % UGVT_FUNCTIONS_SURFACES];

		if (near->addr == addr && near->mcs == mcs) {
			return near;
		}
		if (slot->current && !near->current) {
			slot = near;
		}
	}
	if (slot->current) {
		functions->epoch++;
	}
	slot->addr = addr;
	slot->mcs = mcs;
	slot->valid = false;
	slot->current = false;
	return slot;
}

struct ugvt_functions_surface *ugvt_functions_surface_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message, bool mcs)
{
	struct ugvt_functions_surface *slot =
		slot_find(functions, state_addr(functions, message), mcs);

	if (!slot->current) {
		surface_read(functions, slot);
	}
	if (!slot->fresh) {
		texture_make(functions, slot);
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
