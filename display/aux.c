/* SPDX-License-Identifier: MIT */
#include "display/aux.h"

#include <string.h>

#include "base/bits.h"
#include "gen/hooks_display.h"

/* i915_reg.h, DP_AUX_CH_CTL_*. */
#define AUX_BUSY UGVT_BIT(31)
#define AUX_DONE UGVT_BIT(30)
#define AUX_INTERRUPT UGVT_BIT(29)
#define AUX_TIMEOUT UGVT_BIT(28)
#define AUX_SIZE UGVT_MASK(24, 20)

/* The first byte of a message is in the highest byte of the first data register. */
static void message_read(
	const struct ugvt_regfile *regs, unsigned channel, uint8_t message[UGVT_AUX_MESSAGE_MAX])
{
	for (unsigned i = 0; i < UGVT_AUX_MESSAGE_MAX; i++) {
		uint32_t data = ugvt_regfile_peek(regs, UGVT_AUX_CH_DATA(channel, i / 4));

		message[i] = (uint8_t)(data >> (24 - 8 * (i % 4)));
	}
}

static void message_write(
	struct ugvt_regfile *regs, unsigned channel, const uint8_t *message, unsigned size)
{
	for (unsigned i = 0; i < size; i += 4) {
		ugvt_regfile_poke(regs, UGVT_AUX_CH_DATA(channel, i / 4),
			(uint32_t)message[i] << 24 | (uint32_t)message[i + 1] << 16 |
				(uint32_t)message[i + 2] << 8 | message[i + 3]);
	}
}

static unsigned transact(
	struct ugvt_regfile *regs, unsigned channel, struct ugvt_dp_sink *sink, unsigned size)
{
	uint8_t request[UGVT_AUX_MESSAGE_MAX], reply[UGVT_AUX_MESSAGE_MAX];

	if (!sink || size == 0 || size > UGVT_AUX_MESSAGE_MAX) {
		return 0;
	}
	message_read(regs, channel, request);
	size = ugvt_dp_sink_aux(sink, request, size, reply);
	message_write(regs, channel, reply, size);
	return size;
}

bool ugvt_aux_write(struct ugvt_regfile *regs, unsigned channel, struct ugvt_dp_sink *sink)
{
	uint32_t ctl = ugvt_regfile_peek(regs, UGVT_AUX_CH_CTL(channel));
	unsigned size;

	if (!(ctl & AUX_BUSY)) {
		return false;
	}
	size = transact(regs, channel, sink, UGVT_GET(AUX_SIZE, ctl));
	ctl &= ~(AUX_BUSY | AUX_SIZE);
	ctl |= AUX_DONE | (size > 0 ? (uint32_t)UGVT_PUT(AUX_SIZE, size) : AUX_TIMEOUT);
	ugvt_regfile_poke(regs, UGVT_AUX_CH_CTL(channel), ctl);
	return ctl & AUX_INTERRUPT;
}
