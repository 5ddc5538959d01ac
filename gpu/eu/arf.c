/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/mode.h"
#include "gpu/eu/value.h"

/* Architecture registers as memory: Ivy Bridge PRM vol. 4 part 3, section 3.3.3. */

void ugvt_eu_arf_read(
	const struct ugvt_eu_thread *thread, unsigned number, uint8_t image[UGVT_EU_ARF_BYTES])
{
	const struct ugvt_eu_step *step = &thread->program->steps[thread->step];
	uint32_t ticks[2] = {(uint32_t)thread->executed, (uint32_t)(thread->executed >> 32)};
	unsigned n = number & 0xf;

	memset(image, 0, UGVT_EU_ARF_BYTES);
	switch (number >> 4) {
	case UGVT_EU_ARF_ADDRESS: memcpy(image, thread->a0, sizeof(thread->a0)); break;
	case UGVT_EU_ARF_FLAG: memcpy(image, &thread->flag[n & 1], sizeof(uint32_t)); break;
	case UGVT_EU_ARF_CE: memcpy(image, &thread->active, sizeof(uint32_t)); break;
	case UGVT_EU_ARF_STATE: memcpy(image, thread->sr0, sizeof(thread->sr0)); break;
	case UGVT_EU_ARF_CONTROL: memcpy(image, thread->cr0, sizeof(thread->cr0)); break;
	case UGVT_EU_ARF_NOTIFY:
		memcpy(image, &thread->notifications[n & 3], sizeof(uint32_t));
		break;
	case UGVT_EU_ARF_IP: memcpy(image, &step->offset, sizeof(step->offset)); break;
	/* A clock that goes at the pace of instructions. */
	case UGVT_EU_ARF_TIME: memcpy(image, ticks, sizeof(ticks)); break;
	default: break;
	}
}

void ugvt_eu_arf_write(
	struct ugvt_eu_thread *thread, unsigned number, const uint8_t image[UGVT_EU_ARF_BYTES])
{
	unsigned n = number & 0xf;

	switch (number >> 4) {
	case UGVT_EU_ARF_ADDRESS: memcpy(thread->a0, image, sizeof(thread->a0)); break;
	case UGVT_EU_ARF_FLAG: memcpy(&thread->flag[n & 1], image, sizeof(uint32_t)); break;
	case UGVT_EU_ARF_CONTROL:
		memcpy(thread->cr0, image, sizeof(thread->cr0));
		ugvt_eu_mode_set(thread->cr0[0], false);
		break;
	case UGVT_EU_ARF_NOTIFY:
		memcpy(&thread->notifications[n & 3], image, sizeof(uint32_t));
		break;
	/* The rest are read only, or not there. */
	default: break;
	}
}
