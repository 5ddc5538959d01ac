/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/fast.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/mem/tiling.h"
#include "gpu/sampler/fast_avx2.h"
#include "gpu/sampler/filter.h"
#include "gpu/sampler/lanes.h"

/* Asking the machine itself is slow where it is a virtual one: the compiler's library has asked before. */
static bool machine_can(void)
{
#if defined(__x86_64__) && !defined(__clang__) && __GNUC__ >= 12
	return __builtin_cpu_supports("x86-64-v3"); // with AVX2 and F16C
#elif defined(__x86_64__)
	unsigned a, b, c, d; // not all compilers know "f16c" by name

	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
	       __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
#else
	return false;
#endif
}

static bool wraps(enum ugvt_wrap wrap, bool unnormalized)
{
	switch (wrap) {
	case UGVT_WRAP_REPEAT:
	case UGVT_WRAP_MIRROR: return !unnormalized;
	case UGVT_WRAP_CLAMP:
	case UGVT_WRAP_CUBE:
	case UGVT_WRAP_MIRROR_ONCE: return true;
	case UGVT_WRAP_BORDER:
	case UGVT_WRAP_HALF_BORDER: break;
	}
	return false;
}

/* No element lies across pages. */
static bool is_mapped(const struct ugvt_texture *texture)
{
	const struct ugvt_surface *surface = texture->surface;

	return texture->map && surface->base % surface->element == 0 &&
	       surface->pitch % surface->element == 0;
}

static bool surface_fits(const struct ugvt_texture *texture)
{
	const struct ugvt_surface *surface = texture->surface;

	return texture->simple && surface->type == UGVT_SURFACE_2D &&
	       surface->format->kind == UGVT_FORMAT_PLAIN &&
	       (surface->element & (surface->element - 1)) == 0 &&
	       (texture->host_size >= surface->size || is_mapped(texture));
}

static bool sampler_fits(const struct ugvt_sampler *sampler)
{
	return !sampler->disable && sampler->min_filter != UGVT_MAP_ANISOTROPIC &&
	       sampler->mag_filter != UGVT_MAP_ANISOTROPIC &&
	       wraps(sampler->wrap[0], sampler->unnormalized) &&
	       wraps(sampler->wrap[1], sampler->unnormalized);
}

static bool channels_are(
	const struct ugvt_format *format, enum ugvt_channel_type type, unsigned bits)
{
	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &format->channels[c];

		if (channel->type != UGVT_CHANNEL_NONE &&
			(channel->type != type || channel->bits != bits ||
				channel->shift % bits != 0)) {
			return false;
		}
	}
	return true;
}

static enum ugvt_fast_texels texels_of(const struct ugvt_format *format)
{
	if (channels_are(format, UGVT_CHANNEL_UNORM, 8)) {
		return format->flags & UGVT_FORMAT_SRGB ? UGVT_FAST_SRGB : UGVT_FAST_CODES;
	}
	if (channels_are(format, UGVT_CHANNEL_FLOAT, 32)) {
		return UGVT_FAST_FLOATS;
	}
	return channels_are(format, UGVT_CHANNEL_FLOAT, 16) ? UGVT_FAST_HALVES : UGVT_FAST_OTHER;
}

static void axes_init(struct ugvt_fast *fast, const struct ugvt_sampler *sampler)
{
	for (unsigned i = 0; i < 2; i++) {
		fast->axis[i] = (struct ugvt_fast_axis){
			.wrap = sampler->wrap[i] == UGVT_WRAP_CUBE ? UGVT_WRAP_CLAMP
								   : sampler->wrap[i],
			.half_min = sampler->round_min[i] ? 0.5f : 0,
			.half_mag = sampler->round_mag[i] ? 0.5f : 0,
		};
	}
}

static void levels_init(struct ugvt_fast *fast, const struct ugvt_surface *surface)
{
	for (unsigned lod = 0; lod < UGVT_SURFACE_LODS; lod++) {
		const struct ugvt_surface_level *level = &surface->level[lod];

		fast->width[lod] = (int32_t)level->width;
		fast->height[lod] = (int32_t)level->height;
		fast->x[lod] = (int32_t)((level->x + surface->x_offset) * surface->element);
		fast->y[lod] = (int32_t)(level->y + surface->y_offset);
	}
	fast->levels = surface->levels;
	fast->last = surface->first_level + surface->levels - 1;
	fast->slices = (int32_t)surface->level[surface->first_level].slices;
	fast->layered = fast->first_layer > 0 || (fast->array && fast->slices > 1);
}

/* Whether LODs make no difference: one level, and one filter for magnification and minification. */
static bool lods_are_idle(const struct ugvt_sampler *sampler)
{
	return sampler->mip_filter == UGVT_MIP_NONE && sampler->min_filter == sampler->mag_filter &&
	       memcmp(sampler->round_min, sampler->round_mag, sizeof(sampler->round_min)) == 0;
}

/* The limits are those of ugvt_plan_lods(). */
static bool lods_init(struct ugvt_fast *fast, const struct ugvt_surface *surface,
	const struct ugvt_sampler *sampler)
{
	float last = surface->levels - 1;
	float resource = surface->min_lod - surface->first_level;
	const struct ugvt_surface_level *level = &surface->level[surface->first_level];

	fast->fixed = lods_are_idle(sampler);
	fast->preclamp = sampler->preclamp;
	fast->unnormalized = sampler->unnormalized;
	fast->mip = sampler->mip_filter;
	fast->mag_mip = sampler->mag_mip;
	fast->linear_min = sampler->min_filter != UGVT_MAP_NEAREST;
	fast->linear_mag = sampler->mag_filter != UGVT_MAP_NEAREST;
	fast->bias = sampler->bias;
	fast->base_level = surface->base_level;
	fast->min = fminf(fmaxf(fminf(sampler->min_lod, last), fmaxf(resource, 0)), last);
	fast->max = fminf(sampler->max_lod, last);
	fast->floor_min = floorf(fast->min);
	fast->ceil_max = ceilf(fast->max);
	fast->single =
		surface->first_level + (int32_t)fmaxf(fminf(0, fast->ceil_max), fast->floor_min);
	fast->preclamp_min = sampler->min_lod;
	fast->preclamp_max = sampler->max_lod;
	fast->gradient[0] = sampler->unnormalized ? 1 : level->width;
	fast->gradient[1] = sampler->unnormalized ? 1 : level->height;
	return resource <= last;
}

/* The sum that channel c of the format is in. */
static unsigned sum_of(const struct ugvt_fast *fast, unsigned c)
{
	return fast->texels == UGVT_FAST_CODES ? fast->format->channels[c].shift / 8 : c;
}

static float one_of(const struct ugvt_fast *fast, unsigned c)
{
	if (fast->texels == UGVT_FAST_CODES) {
		return UGVT_CODE_ONE * UGVT_WEIGHT_ONE * UGVT_WEIGHT_ONE;
	}
	return ugvt_format_has_code(fast->format, c) ? UGVT_CODE_ONE : 1;
}

static enum ugvt_fast_order order_of(const int8_t source[4])
{
	static const int8_t rgba[] = {0, 1, 2, 3}, bgra[] = {2, 1, 0, 3};

	if (memcmp(source, rgba, sizeof(rgba)) == 0) {
		return UGVT_FAST_ORDER_RGBA;
	}
	return memcmp(source, bgra, sizeof(bgra)) == 0 ? UGVT_FAST_ORDER_BGRA
						       : UGVT_FAST_ORDER_OTHER;
}

static void outputs_init(struct ugvt_fast *fast, const uint8_t *swizzle)
{
	const struct ugvt_format *format = fast->format;

	for (unsigned i = 0; i < 4; i++) {
		unsigned select = swizzle[i];
		unsigned c = select - UGVT_SELECT_RED;

		fast->source[i] = -1;
		fast->one[i] = 1;
		if (select < UGVT_SELECT_RED) {
			fast->constant[i] =
				select == UGVT_SELECT_ONE ? ugvt_channel_default(format, 3) : 0;
		} else if (format->channels[c].type == UGVT_CHANNEL_NONE) {
			fast->constant[i] = ugvt_channel_default(format, c);
		} else {
			fast->source[i] = (int8_t)sum_of(fast, c);
			fast->one[i] = one_of(fast, c);
		}
	}
	fast->order = order_of(fast->source);
}

static void steps_init(struct ugvt_fast *fast)
{
	int32_t pitch = fast->pitch;

	switch (fast->tile_mode) {
	case UGVT_TILE_MODE_X:
		fast->column = (struct ugvt_fast_steps){9, UGVT_PAGE_SIZE - UGVT_TILE_X_WIDTH};
		fast->row = (struct ugvt_fast_steps){
			3, (pitch - UGVT_TILE_X_WIDTH) * UGVT_TILE_X_HEIGHT};
		fast->row_log2 = 9;
		break;
	case UGVT_TILE_MODE_Y:
		fast->column =
			(struct ugvt_fast_steps){4, UGVT_TILE_Y_COLUMN_SIZE - UGVT_TILE_Y_COLUMN};
		fast->row = (struct ugvt_fast_steps){
			5, (pitch - UGVT_TILE_Y_COLUMN) * UGVT_TILE_Y_HEIGHT};
		fast->row_log2 = 4;
		break;
	default: fast->row = (struct ugvt_fast_steps){0, pitch - 1}; break;
	}
}

static void windows_init(struct ugvt_fast *fast, const struct ugvt_surface *surface)
{
	fast->windows = surface->tile_mode == UGVT_TILE_MODE_Y && fast->skew == 0;
	fast->columns = (int32_t)(surface->pitch / UGVT_TILE_Y_COLUMN);
}

static void surface_init(struct ugvt_fast *fast, struct ugvt_texture *texture)
{
	const struct ugvt_surface *surface = texture->surface;

	*fast = (struct ugvt_fast){
		.format = surface->format,
		.host = texture->host,
		.texture = texture,
		.mapped = texture->host_size < surface->size,
		.skew = surface->base % UGVT_PAGE_SIZE,
		.tile_mode = surface->tile_mode,
		.pitch = (int32_t)surface->pitch,
		.qpitch = (int32_t)surface->qpitch,
		.first_level = surface->first_level,
		.first_layer = (int32_t)surface->first_layer,
		.array = surface->array,
		.element_log2 = (uint8_t)__builtin_ctz(surface->element),
	};
	levels_init(fast, surface);
	steps_init(fast);
	windows_init(fast, surface);
}

static bool is_quick(const struct ugvt_fast *fast)
{
	for (unsigned i = 0; i < 2; i++) {
		if (fast->axis[i].wrap != UGVT_WRAP_REPEAT &&
			fast->axis[i].wrap != UGVT_WRAP_CLAMP) {
			return false;
		}
	}
	return fast->texels == UGVT_FAST_CODES && fast->element_log2 == 2;
}

static void run_choose(struct ugvt_fast *fast)
{
	fast->run = NULL;
	if (is_quick(fast)) {
		fast->run = ugvt_lanes_are_wide() ? ugvt_fast_wide(fast) : NULL;
		fast->run = fast->run ? fast->run : ugvt_fast_quick(fast);
	}
	if (!fast->run) {
		fast->run = ugvt_fast_avx2_sample;
	}
}

bool ugvt_fast_init(struct ugvt_fast *fast, struct ugvt_texture *texture,
	const struct ugvt_sampler *sampler, enum ugvt_sample_op op)
{
	const struct ugvt_surface *surface = texture->surface;

	if (op > UGVT_SAMPLE_L || !machine_can() || !surface_fits(texture) ||
		ugvt_format_is_integer(surface->format) || !sampler_fits(sampler)) {
		return false;
	}
	surface_init(fast, texture);
	fast->op = op;
	fast->texels = texels_of(surface->format);
	axes_init(fast, sampler);
	if (!lods_init(fast, surface, sampler)) {
		return false;
	}
	outputs_init(fast, surface->swizzle);
	ugvt_fast_avx2_init(fast);
	run_choose(fast);
	return true;
}

/* Texels as they are: of 8 bits (then 255 is 1, or they are integers), of 32 bits, or whatever. */
static enum ugvt_fast_texels loads_of(const struct ugvt_format *format)
{
	if (channels_are(format, UGVT_CHANNEL_UINT, 8) ||
		(channels_are(format, UGVT_CHANNEL_UNORM, 8) &&
			!(format->flags & UGVT_FORMAT_SRGB))) {
		return UGVT_FAST_CODES;
	}
	if (channels_are(format, UGVT_CHANNEL_FLOAT, 32) ||
		channels_are(format, UGVT_CHANNEL_UINT, 32) ||
		channels_are(format, UGVT_CHANNEL_SINT, 32)) {
		return UGVT_FAST_FLOATS;
	}
	return UGVT_FAST_OTHER;
}

bool ugvt_fast_init_load(struct ugvt_fast *fast, struct ugvt_texture *texture)
{
	if (!machine_can() || !surface_fits(texture)) {
		return false;
	}
	surface_init(fast, texture);
	fast->texels = loads_of(fast->format);
	outputs_init(fast, texture->surface->swizzle);
	for (unsigned c = 0; c < 4; c++) {
		bool code =
			fast->texels == UGVT_FAST_CODES && !ugvt_format_is_integer(fast->format);

		fast->one[c] = code ? UGVT_CODE_ONE : 1;
	}
	return true;
}

void ugvt_fast_load(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	ugvt_fast_avx2_load(fast, lanes, count);
}

void ugvt_fast_sample(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	fast->run(fast, lanes, count);
}
