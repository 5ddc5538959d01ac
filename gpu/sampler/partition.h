/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_PARTITION_H
#define UGVT_GPU_SAMPLER_PARTITION_H

#include <stdint.h>

/* For gpu/sampler only: how BC6H and BC7 share out a block's texels among lines of colours, and their weights. */

/* Which line texel belongs to, of lines (1 to 3); set: 0 to 63. */
unsigned ugvt_partition_line(unsigned lines, unsigned set, unsigned texel);
/* Whether texel is a line's "fix-up index": its index has one bit less. */
unsigned ugvt_partition_fixup(unsigned lines, unsigned set, unsigned texel);

/* (a * (64 - weight) + b * weight + 32) / 64 of index; index_bits: 2 to 4. */
int ugvt_partition_mix(int a, int b, unsigned index_bits, unsigned index);

#endif
