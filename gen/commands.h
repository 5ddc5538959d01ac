/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_COMMANDS_H
#define UGVT_GEN_COMMANDS_H

#include <stddef.h>
#include <stdint.h>

#include "gen/engine.h"

/*
 * One row per command that a command streamer takes: decoder, length skipper, executor, context images and tests read
 * it. A header that fits no row is an instruction error.
 */

/* What executing a command means. */
enum ugvt_command_action {
	UGVT_ACTION_NONE, // nothing: its effect is on caches or parts that are not there
	UGVT_ACTION_NOOP,
	UGVT_ACTION_BATCH_START,
	UGVT_ACTION_BATCH_END,
	UGVT_ACTION_CONDITIONAL_END,
	UGVT_ACTION_ARB_ON_OFF,
	UGVT_ACTION_USER_INTERRUPT,
	UGVT_ACTION_DISPLAY_WAIT, // the display answers, perhaps later
	UGVT_ACTION_DISPLAY_LOAD, // the display hears of it
	UGVT_ACTION_REPORT_HEAD,
	UGVT_ACTION_REPORT_PERF,
	UGVT_ACTION_PREDICATE,
	UGVT_ACTION_SET_PREDICATE,
	UGVT_ACTION_MATH,
	UGVT_ACTION_SEMAPHORE_WAIT,
	UGVT_ACTION_STORE_DATA,
	UGVT_ACTION_STORE_INDEX,
	UGVT_ACTION_LOAD_IMM,
	UGVT_ACTION_LOAD_MEM,
	UGVT_ACTION_LOAD_REG,
	UGVT_ACTION_STORE_REG,
	UGVT_ACTION_COPY_MEM,
	UGVT_ACTION_ATOMIC,
	UGVT_ACTION_UPDATE_GTT,
	UGVT_ACTION_FLUSH_DW,
	UGVT_ACTION_PIPE_CONTROL,
	UGVT_ACTION_STATE,         // kept in the context
	UGVT_ACTION_HZ_OP,         // kept, and done
	UGVT_ACTION_STREAM_BUFFER, // kept, and sets the buffer's offset
	UGVT_ACTION_PRIMITIVE,     // drawn, if there is what draws
	UGVT_ACTION_WALKER,        // executed, if there is what computes
	UGVT_ACTION_MEDIA_OBJECT,  // the same
	UGVT_ACTION_BLT,           // 2D: gpu/blt
	UGVT_ACTION_NOT_EXECUTED,  // completes without its effect, and is counted
	UGVT_ACTION_COUNT,
};

enum ugvt_command_flags {
	UGVT_COMMAND_PRIVILEGED = 1 << 0, // a no-op in a batch without privilege
	/* Preemption may happen before it, if arbitration is on. */
	UGVT_COMMAND_PREEMPT = 1 << 1,
	UGVT_COMMAND_PREEMPT_OBJECT = 1 << 2, // only with CS_CHICKEN1 bit 0
	UGVT_COMMAND_PREEMPT_GPGPU = 1 << 3,  // only while the GPGPU pipeline is selected
	UGVT_COMMAND_SPIN = 1 << 4,           // leaves no trace: a loop of such is a wait
	UGVT_COMMAND_ALWAYS = 1 << 5,         // executes under MI_SET_PREDICATE too
	UGVT_COMMAND_MEDIA = 1 << 6,          // state that "Generic Media State Clear" forgets
	UGVT_COMMAND_POINTER = 1 << 7,        // that "Indirect State Pointers Disable" forgets
};

/* How a state command's dwords are kept where it is not just the last ones. */
enum ugvt_command_key {
	UGVT_KEY_NONE,
	UGVT_KEY_BASES,           // STATE_BASE_ADDRESS: fields with their own enable bits
	UGVT_KEY_SELECT,          // PIPELINE_SELECT: masked bits
	UGVT_KEY_VERTEX_BUFFER,   // four dwords per buffer, index in DW 31:26
	UGVT_KEY_VERTEX_INSTANCE, // index in DW1 5:0
	UGVT_KEY_SO_BUFFER,       // index in DW1 30:29
	UGVT_KEY_BLT_SETUP,       // the last of several commands counts
};

struct ugvt_command {
	const char *name; // the PRM's
	uint32_t header;  // DW0 under mask
	uint32_t mask;
	uint32_t global;      // header bits that say that it reaches into the GGTT: needs privilege
	uint32_t predicate;   // header bit: execute only if MI_PREDICATE_RESULT
	uint16_t length_mask; // field of DW0 that holds the length less bias; 0: always bias dwords
	uint16_t keep;        // state: dwords of the longest that is kept; 0: not state
	uint8_t bias;
	uint8_t engines; // 1 << enum ugvt_engine_id
	uint8_t action;  // enum ugvt_command_action
	uint8_t flags;   // UGVT_COMMAND_*
	uint8_t key;     // enum ugvt_command_key
};

/* Sorted by header; where two rows fit one header, the one with the longer mask counts. */
extern const struct ugvt_command ugvt_commands[];
extern const size_t ugvt_command_count;

/* Dwords of the command that starts with header. */
static inline unsigned ugvt_command_length(const struct ugvt_command *row, uint32_t header)
{
	return (header & row->length_mask) + row->bias;
}

#define UGVT_COMMAND_LENGTH_MAX (0xffff + 2)

#endif
