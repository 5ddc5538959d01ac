/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_SAMPLER_H
#define UGVT_GPU_SAMPLER_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

/* SAMPLER_STATE: fields PRM BXT vol 2c, bit positions as Mesa's src/intel/genxml/gen9.xml has them. */

enum ugvt_map_filter {
	UGVT_MAP_NEAREST,
	UGVT_MAP_LINEAR,
	UGVT_MAP_ANISOTROPIC,
};

enum ugvt_mip_filter {
	UGVT_MIP_NONE,
	UGVT_MIP_NEAREST,
	UGVT_MIP_LINEAR = 3,
};

enum ugvt_wrap {
	UGVT_WRAP_REPEAT, // WRAP
	UGVT_WRAP_MIRROR,
	UGVT_WRAP_CLAMP,
	UGVT_WRAP_CUBE,
	UGVT_WRAP_BORDER, // CLAMP_BORDER
	UGVT_WRAP_MIRROR_ONCE,
	UGVT_WRAP_HALF_BORDER,
};

/* Texels for which the comparison holds become 0, others 1: PRM SNB vol 4 part 1, "Shadow Prefilter Compare". */
enum ugvt_shadow_function {
	UGVT_SHADOW_ALWAYS,
	UGVT_SHADOW_NEVER,
	UGVT_SHADOW_LESS,
	UGVT_SHADOW_EQUAL,
	UGVT_SHADOW_LEQUAL,
	UGVT_SHADOW_GREATER,
	UGVT_SHADOW_NOTEQUAL,
	UGVT_SHADOW_GEQUAL,
};

#define UGVT_SAMPLER_STATE_DWORDS 4

struct ugvt_sampler {
	bool disable; // all channels are 0
	enum ugvt_map_filter min_filter;
	enum ugvt_map_filter mag_filter;
	enum ugvt_mip_filter mip_filter;
	enum ugvt_shadow_function shadow;
	enum ugvt_wrap wrap[3]; // of u, v, r
	/* Whether addresses are rounded, not truncated. */
	bool round_min[3];
	bool round_mag[3];
	bool unnormalized;
	bool cube_override; // wrap is CUBE for cubes, whatever it is
	bool preclamp;      // LODs are clamped before it is found out which filter to take
	bool mag_mip;       // magnification clamps LODs as the mip filter has it, not as NONE
	float bias;
	float min_lod;
	float max_lod;
	unsigned max_anisotropy; // 2 to 16
	uint32_t border_offset;  // of SAMPLER_BORDER_COLOR_STATE from Dynamic State Base Address
	/* The border colour's four dwords: floats, or integers for integer formats. Not in the state: who decodes it reads them
	 * where border_offset says. */
	uint32_t border[4];
};

/* Any state is legal: values that are reserved become the next best. border becomes 0. */
void ugvt_sampler_decode(struct ugvt_sampler *sampler, const uint32_t *state);

#endif
