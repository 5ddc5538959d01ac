/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/fast.h"

/*
 * Surface and sampler states, then messages, all from the input, over a little memory whose pages are apart: what is outside of
 * the surface, or not there, must not be touched. Null surfaces are what most random states become, so a byte of the input
 * may mend some fields. What goes the fast way, too, must come to the same.
 */

enum {
	PAGES = 12,
	MESSAGES = 4,
};

struct input {
	const uint8_t *data;
	size_t size;
};

/* What is missing is zeros. */
static void input_read(struct input *in, void *out, size_t size)
{
	size_t part = UGVT_MIN(size, in->size);

	memset(out, 0, size);
	memcpy(out, in->data, part);
	in->data += part;
	in->size -= part;
}

/* Every other page of the first 16 MB and some of those above lead to pages that are each an allocation. */
struct pages {
	struct ugvt_texel_memory memory;
	const struct ugvt_surface *surface;
	char *page[PAGES];
};

static struct ugvt_aspace_span pages_span(
	struct ugvt_texel_memory *memory, ugvt_gpu_addr addr, uint64_t size)
{
	struct pages *pages = ugvt_container_of(memory, struct pages, memory);
	const struct ugvt_surface *surface = pages->surface;
	uint64_t number = addr >> UGVT_PAGE_SHIFT;
	uint64_t left = UGVT_PAGE_SIZE - addr % UGVT_PAGE_SIZE;
	uint64_t end = ((addr + left - surface->base) & UGVT_GPU_ADDR_MASK);

	/* Pages that the surface has nothing in are not asked for. */
	if (end == 0 || end >= surface->size + UGVT_PAGE_SIZE) {
		abort();
	}
	return (struct ugvt_aspace_span){
		number % 5 == 3 ? NULL : pages->page[number % PAGES] + addr % UGVT_PAGE_SIZE,
		UGVT_MIN(size, left)};
}

static const struct ugvt_texel_memory_impl pages_impl = {.span = pages_span};

/* A plain 2D surface of a few kilobytes, of a format that there is. */
static void state_simplify(uint32_t *dw)
{
	static const uint32_t formats[] = {0xc7, 0xc0, 0xc8, 0xcb, 0x140, 0x106, 0xd8, 0x0, 0x84,
		0x100, 0xc2, 0x2, 0x186, 0x272};

	dw[0] = (dw[0] & ~(UGVT_MASK(31, 29) | UGVT_MASK(27, 18))) | 1u << 29 |
		formats[dw[0] % UGVT_ARRAY_SIZE(formats)] << 18;
	dw[1] &= ~UGVT_MASK(14, 5);
	dw[2] &= 0x003f003f;
	dw[3] = (dw[3] & UGVT_MASK(23, 21)) | 2047;
	dw[4] &= UGVT_MASK(19, 18);
	dw[5] &= UGVT_MASK(5, 4) | UGVT_MASK(2, 0) | UGVT_BIT(25) | UGVT_BIT(21);
}

/* Makes some sense of a surface state: sizes that fit the pitch, tiles, a known type. */
static void state_mend(uint32_t *dw, uint8_t how)
{
	if (how & 1) {
		dw[2] &= 0x003f003f;
		dw[3] |= 0xfff;
	}
	if (how & 2) {
		dw[0] &= ~UGVT_MASK(31, 31);
		dw[5] &= ~UGVT_MASK(19, 18);
	}
	if (how & 4) {
		dw[3] = (dw[3] & UGVT_MASK(31, 21)) | 2047;
	}
	if (how & 8) {
		dw[4] &= ~UGVT_MASK(5, 3);
	}
	if (how & 32) {
		state_simplify(dw);
	}
	if (how & 16) {
		dw[0] = (dw[0] & ~UGVT_MASK(27, 18)) | (dw[0] & UGVT_MASK(26, 18));
	}
}

/* Any that is no number is as good as another. */
static bool is_same(uint32_t a, uint32_t b)
{
	return a == b || ((a & 0x7fffffff) > 0x7f800000 && (b & 0x7fffffff) > 0x7f800000);
}

static void same_check(
	const struct ugvt_texels *a, const struct ugvt_texels *b, uint16_t mask, unsigned first)
{
	for (unsigned i = first; i < first + 8; i++) {
		for (unsigned c = 0; c < 4 && (mask >> i & 1); c++) {
			if (!is_same(a->c[c][i], b->c[c][i])) {
				abort();
			}
		}
	}
}

static void fast_one(struct ugvt_texture *texture, const struct ugvt_sampler *sampler,
	const struct ugvt_sample *sample, const struct ugvt_texels *want)
{
	static struct ugvt_page_map map;
	struct ugvt_fast_lanes lanes[2];
	struct ugvt_texels got;
	struct ugvt_fast fast;

	if (sample->compare || !texture->simple || !ugvt_texture_map(texture, &map) ||
		!ugvt_fast_init(&fast, texture, sampler, sample->op)) {
		return;
	}
	for (unsigned half = 0; half < 2; half++) {
		unsigned first = 8 * half;

		lanes[half] = (struct ugvt_fast_lanes){
			.u = (const uint8_t *)&sample->coordinates[0][first],
			.v = (const uint8_t *)&sample->coordinates[1][first],
			.layer = (const uint8_t *)&sample->coordinates[2][first],
			.lod = (const uint8_t *)&sample->lod[first],
			.out = {&got.c[0][first], &got.c[1][first], &got.c[2][first],
				&got.c[3][first]},
			.mask = (uint8_t)(sample->mask >> first),
		};
		ugvt_fast_sample(&fast, &lanes[half], 1);
		same_check(&got, want, sample->mask, first);
	}
	ugvt_fast_sample(&fast, lanes, 2);
	same_check(&got, want, sample->mask, 0);
	same_check(&got, want, sample->mask, 8);
}

/* Leaves only what the fast way does. */
static void sampler_mend(struct ugvt_sampler *sampler)
{
	sampler->disable = false;
	sampler->min_filter %= UGVT_MAP_ANISOTROPIC;
	sampler->mag_filter %= UGVT_MAP_ANISOTROPIC;
	for (unsigned axis = 0; axis < 3; axis++) {
		sampler->wrap[axis] = sampler->unnormalized
					      ? UGVT_WRAP_CLAMP
					      : sampler->wrap[axis] % UGVT_WRAP_BORDER;
	}
}

static void sample_one(struct input *in, struct ugvt_texture *texture, struct ugvt_texels *texels)
{
	uint32_t dw[UGVT_SAMPLER_STATE_DWORDS];
	struct ugvt_sampler sampler;
	struct ugvt_sample sample = {0};
	uint8_t choice[8];

	input_read(in, choice, sizeof(choice));
	input_read(in, dw, sizeof(dw));
	ugvt_sampler_decode(&sampler, dw);
	input_read(in, sampler.border, sizeof(sampler.border));
	if (choice[7] & 2) {
		sampler_mend(&sampler);
	}
	sample.op = choice[0] % (UGVT_SAMPLE_GATHER + 1);
	sample.compare = choice[1] & 1;
	sample.gather = choice[1] >> 1 & 3;
	sample.mask = choice[2] | choice[3] << 8;
	if (choice[7] & 1) {
		memcpy(sample.offset, choice + 4, sizeof(sample.offset));
	}
	input_read(in, sample.coordinates, sizeof(sample.coordinates));
	input_read(in, sample.lod, sizeof(sample.lod));
	input_read(in, sample.ref, sizeof(sample.ref));
	input_read(in, &sample.gradients, sizeof(sample.gradients));
	input_read(in, sample.offsets, sizeof(sample.offsets));
	ugvt_sample(texture, &sampler, &sample, texels);
	if (!(choice[7] & 1)) {
		fast_one(texture, &sampler, &sample, texels);
	}
}

static void fast_load_one(
	struct ugvt_texture *texture, const struct ugvt_load *load, const struct ugvt_texels *want)
{
	static struct ugvt_page_map map;
	struct ugvt_texels got;
	struct ugvt_fast fast;

	if (!texture->simple || !ugvt_texture_map(texture, &map) ||
		!ugvt_fast_init_load(&fast, texture)) {
		return;
	}
	for (unsigned first = 0; first < UGVT_LANES; first += 8) {
		struct ugvt_fast_lanes lanes = {
			.u = (const uint8_t *)&load->coordinates[0][first],
			.v = (const uint8_t *)&load->coordinates[1][first],
			.layer = (const uint8_t *)&load->coordinates[2][first],
			.lod = (const uint8_t *)&load->lod[first],
			.out = {&got.c[0][first], &got.c[1][first], &got.c[2][first],
				&got.c[3][first]},
			.mask = (uint8_t)(load->mask >> first),
		};

		ugvt_fast_load(&fast, &lanes, 1);
		same_check(&got, want, load->mask, first);
	}
}

static void load_one(struct input *in, struct ugvt_texture *texture, struct ugvt_texels *texels)
{
	struct ugvt_load load;

	input_read(in, &load, sizeof(load));
	load.multisampled = load.mask & 1;
	if (load.mask & 2) {
		memset(load.offset, 0, sizeof(load.offset));
		ugvt_load(texture, &load, texels);
		fast_load_one(texture, &load, texels);
	} else {
		ugvt_load(texture, &load, texels);
	}
	ugvt_resinfo(texture->surface, (const uint32_t *)load.lod, texels);
	ugvt_sampleinfo(texture->surface, texels);
}

static void mcs_one(struct input *in, struct pages *pages, struct ugvt_texels *texels)
{
	static struct ugvt_texture texture;
	const struct ugvt_surface *surface = pages->surface;
	struct ugvt_surface mcs;
	struct ugvt_load load;

	if (ugvt_surface_mcs(surface, &mcs)) {
		pages->surface = &mcs;
		ugvt_texture_init(&texture, &mcs, &pages->memory);
		input_read(in, &load, sizeof(load));
		load.multisampled = false;
		ugvt_load_mcs(&texture, &load, texels);
		pages->surface = surface;
	}
}

static void messages_run(struct input *in, struct pages *pages)
{
	static struct ugvt_texture texture;
	struct ugvt_texels texels;
	uint8_t choice;

	ugvt_texture_init(&texture, pages->surface, &pages->memory);
	for (unsigned i = 0; i < MESSAGES && in->size > 0; i++) {
		input_read(in, &choice, sizeof(choice));
		if (choice < 170) {
			sample_one(in, &texture, &texels);
		} else if (choice < 230) {
			load_one(in, &texture, &texels);
		} else {
			mcs_one(in, pages, &texels);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct pages pages = {.memory.impl = &pages_impl};
	struct input in = {data, size};
	struct ugvt_surface surface;
	uint8_t how;

	input_read(&in, &how, sizeof(how));
	input_read(&in, dw, sizeof(dw));
	state_mend(dw, how);
	ugvt_surface_decode(&surface, dw);
	pages.surface = &surface;
	for (unsigned i = 0; i < PAGES; i++) {
		pages.page[i] = malloc(UGVT_PAGE_SIZE);
		memset(pages.page[i], (int)(i * 37), UGVT_PAGE_SIZE);
	}
	messages_run(&in, &pages);
	for (unsigned i = 0; i < PAGES; i++) {
		free(pages.page[i]);
	}
	return 0;
}
