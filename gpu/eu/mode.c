/* SPDX-License-Identifier: MIT */
#include "gpu/eu/mode.h"

#include "gpu/eu/thread.h"

#if defined(__SSE2__)

#include <immintrin.h>

enum {
	CSR_ZERO_DENORMALS = 1 << 6,
	CSR_NO_EXCEPTIONS = 0x1f80,
	CSR_ROUNDING_SHIFT = 13,
	CSR_FLUSH = 1 << 15,
};

uint32_t ugvt_eu_mode_begin(void)
{
	return _mm_getcsr();
}

/* Runners leave the upper halves of vectors as they are, which slows down some CPUs' SSE instructions. */
void ugvt_eu_mode_end(uint32_t host)
{
	if (__builtin_cpu_supports("avx")) {
		__asm__ volatile("vzeroupper" ::
					 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
				 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
				 "xmm14", "xmm15");
	}
	_mm_setcsr(host);
}

void ugvt_eu_mode_set(uint32_t cr0, bool exact)
{
	/* The CPU's order is nearest, down, up, to zero. */
	static const uint8_t modes[4] = {0, 2, 1, 3};
	uint32_t csr = CSR_NO_EXCEPTIONS | (uint32_t)modes[(cr0 & UGVT_EU_CR0_ROUNDING) >> 4]
						   << CSR_ROUNDING_SHIFT;

	if (!exact && !(cr0 & UGVT_EU_CR0_F_DENORMS)) {
		csr |= CSR_ZERO_DENORMALS | CSR_FLUSH;
	}
	_mm_setcsr(csr);
}

unsigned ugvt_eu_mode_rounding(void)
{
	static const uint8_t modes[4] = {0, 2, 1, 3};

	return modes[_mm_getcsr() >> CSR_ROUNDING_SHIFT & 3];
}

#else

#include <fenv.h>

static const int modes[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

uint32_t ugvt_eu_mode_begin(void)
{
	return (uint32_t)fegetround();
}

void ugvt_eu_mode_end(uint32_t host)
{
	fesetround((int)host);
}

void ugvt_eu_mode_set(uint32_t cr0, bool exact)
{
	fesetround(modes[(cr0 & UGVT_EU_CR0_ROUNDING) >> 4]);
}

unsigned ugvt_eu_mode_rounding(void)
{
	unsigned n = 0;

	while (n < 3 && modes[n] != fegetround()) {
		n++;
	}
	return n;
}

#endif
