/* SPDX-License-Identifier: MIT */
/* Compiled for machines with AVX-512; has runners for 16 channels only, and none at all elsewhere. */
#include "gpu/eu/fast.h"

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)

#define FAST_FIND ugvt_eu_fast_avx512
#include "gpu/eu/fast_template.h"

#else

ugvt_eu_run ugvt_eu_fast_avx512(struct ugvt_eu_fast_choice choice)
{
	return NULL;
}

#endif
