/* SPDX-License-Identifier: MIT */
#include "gpu/eu/fast.h"

static bool is_contiguous(const struct ugvt_eu_access *access, unsigned n, unsigned size)
{
	for (unsigned i = 0; i < n; i++) {
		if (access->at[i] != access->at[0] + i * size) {
			return false;
		}
	}
	return true;
}

static bool is_scalar(const struct ugvt_eu_access *access, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		if (access->at[i] != access->at[0]) {
			return false;
		}
	}
	return true;
}

static void shape_find(struct ugvt_eu_access *access, unsigned n)
{
	unsigned size = ugvt_eu_type_size(access->type);

	access->shape = is_contiguous(access, n, size) ? UGVT_EU_SHAPE_ROW
			: is_scalar(access, n)         ? UGVT_EU_SHAPE_ONE
						       : UGVT_EU_SHAPE_ANY;
}

static bool is_narrow(uint8_t type)
{
	return type == UGVT_EU_UW || type == UGVT_EU_W || type == UGVT_EU_UD || type == UGVT_EU_D;
}

/* Operands that the handlers can read and write. */
static bool covers(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	if ((inst->exec_size != 8 && inst->exec_size != 16) || inst->acc_write || inst->first % 8 ||
		(inst->align16 && inst->dst.writemask != 0xf)) {
		return false;
	}
	if (step->dst.place != UGVT_EU_PLACE_GRF && step->dst.place != UGVT_EU_PLACE_NULL) {
		return false;
	}
	if (step->dst.type != UGVT_EU_F && !is_narrow(step->dst.type)) {
		return false;
	}
	for (unsigned n = 0; n < inst->op->sources; n++) {
		uint8_t place = step->src[n].place, type = step->src[n].type;

		if (place == UGVT_EU_PLACE_NULL) {
			continue;
		}
		if (place != UGVT_EU_PLACE_GRF && place != UGVT_EU_PLACE_IMMEDIATE) {
			return false;
		}
		if (step->domain == UGVT_EU_DOMAIN_FLOAT ? type != UGVT_EU_F : !is_narrow(type)) {
			return false;
		}
	}
	return true;
}

static bool has_avx2(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
	return false;
#endif
}

ugvt_eu_handler ugvt_eu_fast_find(struct ugvt_eu_step *step)
{
	if (step->domain == UGVT_EU_DOMAIN_DOUBLE || !covers(step)) {
		return NULL;
	}
	shape_find(&step->dst, step->inst.exec_size);
	for (unsigned n = 0; n < 3; n++) {
		shape_find(&step->src[n], step->inst.exec_size);
	}
	return has_avx2() ? ugvt_eu_fast_avx2(step) : ugvt_eu_fast_base(step);
}
