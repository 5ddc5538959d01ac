/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/value.h"

static void store_memory(const struct ugvt_eu_access *dst, uint32_t channels,
	const struct ugvt_eu_result *results, uint8_t *base)
{
	unsigned size = ugvt_eu_type_size(dst->type);

	for (; channels; channels &= channels - 1) {
		unsigned n = (unsigned)__builtin_ctz(channels);

		memcpy(base + dst->at[n], &results[n].bits, size);
	}
}

static void store_indirect(struct ugvt_eu_thread *thread, const struct ugvt_eu_access *dst,
	uint32_t channels, const struct ugvt_eu_result *results)
{
	unsigned size = ugvt_eu_type_size(dst->type);
	unsigned base = thread->a0[dst->address_reg & 15] + (unsigned)dst->address_imm;

	for (; channels; channels &= channels - 1) {
		unsigned n = (unsigned)__builtin_ctz(channels);

		memcpy(thread->grf + (base + dst->at[n]) % UGVT_EU_GRF_BYTES, &results[n].bits,
			size);
	}
}

/* Integers keep the bits that the type has no room for. */
static void store_acc(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	uint32_t channels, const struct ugvt_eu_result *results, const union ugvt_eu_value *values)
{
	bool whole = step->domain == UGVT_EU_DOMAIN_INT && !ugvt_eu_type_float(step->dst.type) &&
		     !step->inst.saturate && !step->raw;

	for (; channels; channels &= channels - 1) {
		unsigned n = (unsigned)__builtin_ctz(channels);

		thread->acc[step->dst.at[n] % UGVT_EU_CHANNELS] =
			whole ? values[n].i : (int64_t)results[n].bits;
	}
}

void ugvt_eu_store(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	uint32_t channels, const struct ugvt_eu_result results[UGVT_EU_CHANNELS],
	const union ugvt_eu_value values[UGVT_EU_CHANNELS])
{
	uint8_t image[UGVT_EU_ARF_BYTES];

	switch (step->dst.place) {
	case UGVT_EU_PLACE_NULL: break;
	case UGVT_EU_PLACE_GRF: store_memory(&step->dst, channels, results, thread->grf); break;
	case UGVT_EU_PLACE_INDIRECT: store_indirect(thread, &step->dst, channels, results); break;
	case UGVT_EU_PLACE_ACC: store_acc(thread, step, channels, results, values); break;
	default:
		ugvt_eu_arf_read(thread, step->dst.number, image);
		store_memory(&step->dst, channels, results, image);
		ugvt_eu_arf_write(thread, step->dst.number, image);
	}
}
