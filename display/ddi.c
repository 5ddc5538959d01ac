/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "display/internal.h"
#include "gen/hooks_display.h"

#define DDI_ENABLE UGVT_BIT(31)
#define DDI_IDLE UGVT_BIT(7)

#define TRANSPORT_PATTERN UGVT_MASK(10, 8)
#define TRANSPORT_PATTERN_IDLE 2
#define TRANSPORT_IDLE_DONE UGVT_BIT(25)

/* DDI_BUF_CTL: a buffer is idle while it is off. */
void ugvt_ddi_handle_buffer(struct ugvt_regfile *regs, const struct ugvt_reg_access *access)
{
	ugvt_regfile_update(
		regs, access->offset, DDI_IDLE, access->value & DDI_ENABLE ? 0 : DDI_IDLE);
}

/* DP_TP_CTL: idle patterns have been sent as soon as they are asked for. */
void ugvt_ddi_handle_transport(struct ugvt_regfile *regs, const struct ugvt_reg_access *access)
{
	bool idle = UGVT_GET(TRANSPORT_PATTERN, access->value) == TRANSPORT_PATTERN_IDLE;

	ugvt_regfile_update(regs, UGVT_DP_TP_STATUS(access->index), TRANSPORT_IDLE_DONE,
		idle ? TRANSPORT_IDLE_DONE : 0);
}
