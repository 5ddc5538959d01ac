/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/astc.h"

/* PRM CHV vol 5, "Partition Pattern Generation". */

/* hash52 */
static uint32_t hash(uint32_t p)
{
	p ^= p >> 15;
	p -= p << 17;
	p += p << 7;
	p += p << 4;
	p ^= p >> 5;
	p += p << 16;
	p ^= p >> 7;
	p ^= p >> 3;
	p ^= p << 6;
	p ^= p >> 17;
	return p;
}

/* Four bits of the hash, squared. */
static unsigned slope(uint32_t bits, unsigned from, unsigned shift)
{
	unsigned seed = bits >> from & 15;

	return seed * seed >> shift;
}

/* Each partition has a slope in x and in y: a texel is of the one that is the highest there. */
unsigned ugvt_astc_partition(const struct ugvt_astc_mode *mode, unsigned x, unsigned y, bool small)
{
	static const uint8_t starts[UGVT_ASTC_PARTITIONS] = {14, 10, 6, 2};
	unsigned seed = mode->seed + (mode->partitions - 1) * 1024u;
	uint32_t bits = hash(seed);
	unsigned shifts[2] = {seed & 2 ? 4 : 5, mode->partitions == 3 ? 6 : 5};
	unsigned best = 0;
	unsigned highest = 0;

	if (mode->partitions == 1) {
		return 0;
	}
	for (unsigned i = 0; i < mode->partitions; i++) {
		unsigned x_slope = slope(bits, 8 * i, shifts[~seed & 1]);
		unsigned y_slope = slope(bits, 8 * i + 4, shifts[seed & 1]);
		unsigned height =
			(x_slope * (x << small) + y_slope * (y << small) + (bits >> starts[i])) &
			0x3f;

		if (i == 0 || height > highest) {
			best = i;
			highest = height;
		}
	}
	return best;
}
