/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/gt.h"
#include "vgpu/vgpu_state.h"

/*
 * The mailbox of the power control unit: a command in bits 7:0, answered at once in the data registers, with bit 31 clear
 * and the error code in bits 7:0. Commands and codes: i915_reg.h GEN6_PCODE_MAILBOX and after.
 */

enum pcode_command {
	PCODE_READ_RC6VIDS = 0x05, // on Gen9: load HDCP keys
	PCODE_READ_MEM_LATENCY = 0x06,
	PCODE_CDCLK_CONTROL = 0x07,
	PCODE_WRITE_MIN_FREQ_TABLE = 0x08,
	PCODE_READ_MIN_FREQ_TABLE = 0x09,
	PCODE_DYNAMIC_DUTY_CYCLE = 0x1a,
	PCODE_SAGV_CONTROL = 0x21,
};

#define PCODE_SUCCESS 0x0
#define PCODE_ILLEGAL_CMD 0x1

#define CDCLK_READY_FOR_CHANGE 0x1
#define SAGV_DISABLE 0x0
#define SAGV_IS_DISABLED 0x1

/* Watermark latencies of a desktop Skylake in microseconds, levels 3..0 and 7..4 from the top byte down. */
#define MEM_LATENCY_0_3 0x12120402
#define MEM_LATENCY_4_7 0x3e3e3e13

static uint32_t pcode_run(struct ugvt_regfile *regs, uint32_t command, uint32_t data)
{
	uint32_t reply = 0;

	switch (command) {
	case PCODE_READ_RC6VIDS:
	case PCODE_WRITE_MIN_FREQ_TABLE: break;
	case PCODE_READ_MEM_LATENCY: reply = data == 0 ? MEM_LATENCY_0_3 : MEM_LATENCY_4_7; break;
	case PCODE_CDCLK_CONTROL: reply = CDCLK_READY_FOR_CHANGE; break;
	/* The ring runs as fast as the GPU asks for; ratios as asked. */
	case PCODE_READ_MIN_FREQ_TABLE: reply = data & 0xff; break;
	/* Efficient frequency in bits 15:8, in units of 50 MHz. */
	case PCODE_DYNAMIC_DUTY_CYCLE: reply = 0x7 << 8; break;
	case PCODE_SAGV_CONTROL: reply = data == SAGV_DISABLE ? SAGV_IS_DISABLED : 0; break;
	default: return PCODE_ILLEGAL_CMD;
	}
	ugvt_regfile_poke(regs, UGVT_PCODE_DATA, reply);
	ugvt_regfile_poke(regs, UGVT_PCODE_DATA1, 0);
	return PCODE_SUCCESS;
}

void ugvt_vgpu_pcode(struct ugvt_regfile *regs, uint32_t mailbox)
{
	uint32_t data = ugvt_regfile_peek(regs, UGVT_PCODE_DATA);

	if (mailbox & UGVT_BIT(31)) {
		ugvt_regfile_poke(regs, UGVT_PCODE_MAILBOX, pcode_run(regs, mailbox & 0xff, data));
	}
}
