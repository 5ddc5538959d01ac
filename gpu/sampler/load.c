/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/sample.h"

/* The messages without filters: PRM SNB vol 4 part 1, "ld", "resinfo", "sampleinfo". */

/* Adds a level that counts from the surface's first; what is negative or too large stays outside. */
static uint32_t level_of(const struct ugvt_surface *surface, int32_t lod)
{
	return lod < 0 || lod >= surface->levels ? UINT32_MAX
						 : surface->first_level + (uint32_t)lod;
}

static void fetch_make(
	const struct ugvt_surface *surface, const struct ugvt_load *load, struct ugvt_fetch *fetch)
{
	bool line = surface->type == UGVT_SURFACE_1D;
	bool buffer = surface->type == UGVT_SURFACE_BUFFER || surface->type == UGVT_SURFACE_STRBUF;

	*fetch = (struct ugvt_fetch){.mask = load->mask};
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		fetch->x[i] = (uint32_t)load->coordinates[0][i] + (uint32_t)load->offset[0];
		fetch->lod[i] = level_of(surface, load->lod[i]);
		if (buffer) {
			fetch->lod[i] = 0;
		} else if (line) {
			fetch->z[i] = surface->array ? (uint32_t)load->coordinates[1][i] : 0;
		} else {
			bool deep = surface->array || surface->type == UGVT_SURFACE_3D;

			fetch->y[i] = (uint32_t)load->coordinates[1][i] + (uint32_t)load->offset[1];
			fetch->z[i] = deep ? (uint32_t)load->coordinates[2][i] : 0;
			if (surface->type == UGVT_SURFACE_3D) {
				fetch->z[i] += (uint32_t)load->offset[2];
			}
		}
	}
}

/* All bits that a pixel's control word has are set: it has the clear colour. */
static bool is_clear(const struct ugvt_surface *surface, uint64_t mcs)
{
	static const uint64_t clear[] = {0, 0x3, 0xff, UINT32_MAX, UINT64_MAX};

	return mcs == clear[surface->samples_log2];
}

/* Which slice has a sample's colour: so many bits of the word for each sample (1, 2, 4 and 4). */
static uint32_t slice_of(const struct ugvt_surface *surface, uint64_t mcs, uint32_t sample)
{
	static const uint8_t bits[] = {0, 1, 2, 4, 4};
	unsigned count = bits[surface->samples_log2];

	return mcs >> (sample * count) & ((1u << surface->samples_log2) - 1);
}

static bool has_mcs(const struct ugvt_surface *surface)
{
	return surface->samples_log2 > 0 &&
	       (surface->aux == UGVT_AUX_CCS_D || surface->aux == UGVT_AUX_CCS_E);
}

static void lane_put(struct ugvt_texels *texels, unsigned lane, const struct ugvt_texels *from)
{
	for (unsigned c = 0; c < 4; c++) {
		texels->c[c][lane] = from->c[c][lane];
	}
}

/* Samples of one lane may be in another slice than those of the next. */
static void samples_load(struct ugvt_texture *texture, const struct ugvt_load *load,
	struct ugvt_fetch *fetch, struct ugvt_texels *texels)
{
	const struct ugvt_surface *surface = texture->surface;
	uint32_t last = (1u << surface->samples_log2) - 1;
	struct ugvt_texels lane_texels;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint64_t mcs = ugvt_u64(load->mcs[0][i], load->mcs[1][i]);
		bool controlled = load->multisampled && has_mcs(surface);

		fetch->mask = load->mask & 1u << i;
		fetch->sample = UGVT_MIN(load->sample[i], last);
		if (controlled && !is_clear(surface, mcs)) {
			fetch->sample = slice_of(surface, mcs, fetch->sample);
		}
		ugvt_texture_fetch(texture, fetch, &lane_texels);
		for (unsigned c = 0; controlled && is_clear(surface, mcs) && c < 4; c++) {
			lane_texels.c[c][i] = surface->clear[c];
		}
		lane_put(texels, i, &lane_texels);
	}
}

void ugvt_load(
	struct ugvt_texture *texture, const struct ugvt_load *load, struct ugvt_texels *texels)
{
	struct ugvt_fetch fetch;

	fetch_make(texture->surface, load, &fetch);
	if (texture->surface->samples_log2 > 0) {
		samples_load(texture, load, &fetch, texels);
	} else {
		ugvt_texture_fetch(texture, &fetch, texels);
	}
	ugvt_texels_select(texture->surface, texels);
}

void ugvt_load_mcs(
	struct ugvt_texture *mcs, const struct ugvt_load *load, struct ugvt_texels *texels)
{
	struct ugvt_fetch fetch;

	fetch_make(mcs->surface, load, &fetch);
	ugvt_texture_fetch(mcs, &fetch, texels);
}

static uint32_t layers(const struct ugvt_surface *surface, uint32_t lod)
{
	if (surface->type == UGVT_SURFACE_3D) {
		return surface->level[surface->first_level + lod].slices;
	}
	return surface->array ? surface->depth : 0;
}

void ugvt_resinfo(
	const struct ugvt_surface *surface, const uint32_t *lod, struct ugvt_texels *texels)
{
	memset(texels, 0, sizeof(*texels));
	for (unsigned i = 0; surface->format && i < UGVT_LANES; i++) {
		const struct ugvt_surface_level *level;

		texels->c[3][i] = surface->levels;
		if (lod[i] >= surface->levels) {
			continue;
		}
		level = &surface->level[surface->first_level + lod[i]];
		texels->c[0][i] = level->width;
		if (surface->type == UGVT_SURFACE_1D) {
			texels->c[1][i] = layers(surface, lod[i]);
		} else if (surface->type != UGVT_SURFACE_BUFFER) {
			texels->c[1][i] = level->height;
			texels->c[2][i] = layers(surface, lod[i]);
		}
	}
}

void ugvt_sampleinfo(const struct ugvt_surface *surface, struct ugvt_texels *texels)
{
	memset(texels, 0, sizeof(*texels));
	for (unsigned i = 0; surface->format && i < UGVT_LANES; i++) {
		texels->c[0][i] = 1u << surface->samples_log2;
		texels->c[3][i] = surface->palette_index + 1;
	}
}
