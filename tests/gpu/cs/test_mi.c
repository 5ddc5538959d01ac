/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/regs.h"
#include "tests/gpu/cs/rig.h"

/*
 * One command each: what is there before, the command, what is there after. Commands run from the ring, at its head, so with
 * privilege.
 */

#define LO(addr) ((uint32_t)(addr))
#define HI(addr) ((uint32_t)((addr) >> 32))
#define USER_LO ((uint32_t)RIG_USER)
#define USER_HI HI(RIG_USER)

#define GPR(n) (RING_CS_GPR + 8 * (n))

enum place_kind {
	END,
	REG,  // of the engine's block
	MMIO, // any register
	GLOBAL,
	USER,
	HWSP,
	PPHWSP,
};

struct place {
	enum place_kind kind;
	uint32_t at; // from the start of the named memory
	uint32_t value;
};

struct mi_case {
	const char *name;
	enum ugvt_engine_id engine;
	unsigned n;
	uint32_t dw[24];
	uint32_t irqs;
	struct place before[9];
	struct place after[9];
};

#define COMMAND(...) .n = sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), .dw = {__VA_ARGS__}
#define BEFORE(...) .before = {__VA_ARGS__}
#define AFTER(...) .after = {__VA_ARGS__}

/* MI_ATOMIC with inline operands of up to two dwords each. */
#define ATOMIC_INLINE(code, first, second)                                                 \
	COMMAND(0x17800009 | 1 << 16 | 1 << 18 | (code) << 8, USER_LO, USER_HI, LO(first), \
		LO(second), HI(first), HI(second), 0, 0, 0, 0)
#define ATOMIC_4B(title, code, old, operand, now)                                        \
	{                                                                                \
		.name = title, ATOMIC_INLINE(code, (uint64_t)(operand), UINT64_C(0x55)), \
		BEFORE({USER, 0, old}, {USER, 4, 0xfeed}),                               \
		AFTER({USER, 0, now}, {USER, 4, 0xfeed}, {REG, GPR(4), old})             \
	}
#define ATOMIC_8B(title, code, old, operand, now)                                                 \
	{                                                                                         \
		.name = title,                                                                    \
		ATOMIC_INLINE(0x20 | (code), (uint64_t)(operand), UINT64_C(0x5500000066)),        \
		BEFORE({USER, 0, LO(old)}, {USER, 4, HI((uint64_t)(old))}),                       \
		AFTER({USER, 0, LO(now)}, {USER, 4, HI((uint64_t)(now))}, {REG, GPR(4), LO(old)}, \
			{REG, GPR(4) + 4, HI((uint64_t)(old))})                                   \
	}

/* R0 = 0x1_0000_0005, R1 = 7: R2 = R0 op R1, R3 = zero flag, R4 = carry flag. */
#define ALU(op, a, b) ((op) << 20 | (a) << 10 | (b))
#define MATH(title, op, low, high, zero, carry)                                                  \
	{                                                                                        \
		.name = title,                                                                   \
		COMMAND(0x0d000000 | (7 - 2 + 0), ALU(0x80, 0x20, 0), ALU(0x80, 0x21, 1),        \
			ALU(op, 0, 0), ALU(0x180, 2, 0x31), ALU(0x180, 3, 0x32),                 \
			ALU(0x180, 4, 0x33)),                                                    \
		BEFORE({REG, GPR(0), 5}, {REG, GPR(0) + 4, 1}, {REG, GPR(1), 7}),                \
		AFTER({REG, GPR(2), low}, {REG, GPR(2) + 4, high}, {REG, GPR(3), zero},          \
			{REG, GPR(3) + 4, zero}, {REG, GPR(4), carry}, {REG, GPR(4) + 4, carry}) \
	}

#define PREDICATE(title, load, combine, compare, old, now)                                     \
	{                                                                                      \
		.name = title, COMMAND(0x06000000 | (load) << 6 | (combine) << 3 | (compare)), \
		BEFORE({REG, 0x400, 9}, {REG, 0x404, 1}, {REG, 0x408, 4}, {REG, 0x40c, 1},     \
			{REG, 0x410, 5}, {REG, 0x418, old}),                                   \
		AFTER({REG, 0x418, now})                                                       \
	}

/* A semaphore that is not there yet stops the ring, else the command behind it runs. */
#define SEMAPHORE(title, operation, memory, inline_data, passes)                                 \
	{                                                                                        \
		.name = title,                                                                   \
		COMMAND(0x0e000002 | 1 << 15 | (operation) << 12, inline_data, USER_LO, USER_HI, \
			0x01000000),                                                             \
		.irqs = (passes) ? UGVT_GT_IRQ_USER : UGVT_GT_IRQ_WAIT_SEMAPHORE,                \
		BEFORE({USER, 0, memory}),                                                       \
		AFTER({REG, RING_CTL,                                                            \
			(RIG_RING_SIZE - 4096) | 1 | ((passes) ? 0 : RING_CTL_WAIT_SEMAPHORE)})  \
	}

static const struct mi_case cases[] = {
	{.name = "NOOP leaves NOPID", COMMAND(0x123), AFTER({REG, RING_NOPID, 0})},
	{.name = "NOOP sets NOPID", COMMAND(0x00400123), AFTER({REG, RING_NOPID, 0x123})},
	{.name = "USER_INTERRUPT", COMMAND(0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "REPORT_HEAD", COMMAND(0x00000000, 0x03800000), AFTER({PPHWSP, 0x10, 4})},

	{.name = "STORE_DATA_IMM",
		COMMAND(0x10000002, USER_LO + 8, USER_HI, 0xabc),
		AFTER({USER, 4, 0}, {USER, 8, 0xabc}, {USER, 12, 0})},
	{.name = "STORE_DATA_IMM qword",
		COMMAND(0x10200003, USER_LO + 8, USER_HI, 0xabc, 0xdef),
		AFTER({USER, 8, 0xabc}, {USER, 12, 0xdef}, {USER, 16, 0})},
	{.name = "STORE_DATA_IMM global",
		COMMAND(0x10400002, RIG_GLOBAL + 4, 0, 0xabc),
		AFTER({GLOBAL, 4, 0xabc})},
	{.name = "STORE_DATA_IMM of three dwords",
		COMMAND(0x10000004, USER_LO, USER_HI, 1, 2, 3),
		AFTER({USER, 0, 1}, {USER, 4, 2}, {USER, 8, 3})},
	{.name = "STORE_DATA_INDEX", COMMAND(0x10800001, 0x40, 0x99), AFTER({HWSP, 0x40, 0x99})},
	{.name = "STORE_DATA_INDEX qword",
		COMMAND(0x10800002, 0x40, 0x99, 0x98),
		AFTER({HWSP, 0x40, 0x99}, {HWSP, 0x44, 0x98})},
	{.name = "STORE_DATA_INDEX per process",
		COMMAND(0x10a00001, 0xd0, 0x99),
		AFTER({PPHWSP, 0xd0, 0x99}, {HWSP, 0xd0, 0})},
	{.name = "COPY_MEM_MEM",
		COMMAND(0x17000003, USER_LO, USER_HI, USER_LO + 4, USER_HI),
		BEFORE({USER, 4, 77}),
		AFTER({USER, 0, 77})},
	{.name = "COPY_MEM_MEM from global",
		COMMAND(0x17400003, USER_LO, USER_HI, RIG_GLOBAL, 0),
		BEFORE({GLOBAL, 0, 78}),
		AFTER({USER, 0, 78})},
	{.name = "COPY_MEM_MEM to global",
		COMMAND(0x17200003, RIG_GLOBAL, 0, USER_LO, USER_HI),
		BEFORE({USER, 0, 79}),
		AFTER({GLOBAL, 0, 79})},

	{.name = "LOAD_REGISTER_IMM",
		COMMAND(0x11000003, 0x2600, 0x11, 0x2604, 0x22),
		AFTER({REG, GPR(0), 0x11}, {REG, GPR(0) + 4, 0x22})},
	{.name = "LOAD_REGISTER_IMM masked",
		COMMAND(0x11000001, 0x7004, 0x00f00050),
		BEFORE({MMIO, 0x7004, 0xff}),
		AFTER({MMIO, 0x7004, 0x5f})},
	{.name = "LOAD_REGISTER_IMM of some bytes",
		COMMAND(0x11000501, 0x2600, 0x11223344),
		BEFORE({REG, GPR(0), 0xaabbccdd}),
		AFTER({REG, GPR(0), 0x11bb33dd})},
	{.name = "LOAD_REGISTER_IMM of no bytes",
		COMMAND(0x11000f01, 0x2600, 0x11223344),
		BEFORE({REG, GPR(0), 5}),
		AFTER({REG, GPR(0), 5})},
	{.name = "LOAD_REGISTER_IMM beyond all", COMMAND(0x11000001, 0x7ffffc, 1)},
	{.name = "LOAD_REGISTER_MEM",
		COMMAND(0x14800002, 0x2608, USER_LO, USER_HI),
		BEFORE({USER, 0, 0x33}),
		AFTER({REG, GPR(1), 0x33})},
	{.name = "LOAD_REGISTER_MEM global",
		COMMAND(0x14c00002, 0x2608, RIG_GLOBAL, 0),
		BEFORE({GLOBAL, 0, 0x34}),
		AFTER({REG, GPR(1), 0x34})},
	{.name = "LOAD_REGISTER_REG",
		COMMAND(0x15000001, 0x2600, 0x2610),
		BEFORE({REG, GPR(0), 0x44}),
		AFTER({REG, GPR(2), 0x44})},
	{.name = "STORE_REGISTER_MEM",
		COMMAND(0x12000002, 0x2600, USER_LO, USER_HI),
		BEFORE({REG, GPR(0), 0x55}),
		AFTER({USER, 0, 0x55})},
	{.name = "STORE_REGISTER_MEM global",
		COMMAND(0x12400002, 0x2600, RIG_GLOBAL, 0),
		BEFORE({REG, GPR(0), 0x56}),
		AFTER({GLOBAL, 0, 0x56})},
	{.name = "STORE_REGISTER_MEM predicated",
		COMMAND(0x12200002, 0x2600, USER_LO, USER_HI),
		BEFORE({REG, GPR(0), 0x55}, {REG, 0x418, 1}),
		AFTER({USER, 0, 0x55})},
	{.name = "STORE_REGISTER_MEM predicated off",
		COMMAND(0x12200002, 0x2600, USER_LO, USER_HI),
		BEFORE({REG, GPR(0), 0x55}, {REG, 0x418, 0}),
		AFTER({USER, 0, 0})},

	ATOMIC_4B("ATOMIC and", 1, 0xff00ff, 0x0ff0f0, 0x0f00f0),
	ATOMIC_4B("ATOMIC or", 2, 0xf0, 0x0f, 0xff),
	ATOMIC_4B("ATOMIC xor", 3, 0xff, 0x0f, 0xf0),
	ATOMIC_4B("ATOMIC move", 4, 1, 2, 2),
	ATOMIC_4B("ATOMIC increment", 5, 0xffffffff, 9, 0),
	ATOMIC_4B("ATOMIC decrement", 6, 0, 9, 0xffffffff),
	ATOMIC_4B("ATOMIC add", 7, 5, 9, 14),
	ATOMIC_4B("ATOMIC subtract", 8, 5, 9, 0xfffffffc),
	ATOMIC_4B("ATOMIC reverse subtract", 9, 5, 9, 4),
	ATOMIC_4B("ATOMIC signed maximum", 10, 0xffffffff, 3, 3),
	ATOMIC_4B("ATOMIC signed minimum", 11, 0xffffffff, 3, 0xffffffff),
	ATOMIC_4B("ATOMIC maximum", 12, 0xffffffff, 3, 0xffffffff),
	ATOMIC_4B("ATOMIC minimum", 13, 0xffffffff, 3, 3),
	ATOMIC_4B("ATOMIC compare and write", 14, 7, 7, 0x55),
	ATOMIC_4B("ATOMIC compare and do not write", 14, 7, 8, 7),
	ATOMIC_8B("ATOMIC 8 byte add", 7, UINT64_C(0xffffffff), 1, UINT64_C(0x100000000)),
	ATOMIC_8B("ATOMIC 8 byte signed maximum", 10, UINT64_MAX, 3, UINT64_C(3)),
	ATOMIC_8B("ATOMIC 8 byte compare and write", 14, UINT64_C(0x700000008),
		UINT64_C(0x700000008), UINT64_C(0x5500000066)),
	{.name = "ATOMIC 16 byte compare and write",
		COMMAND(0x17800009 | 1 << 16 | 1 << 18 | 0x4e << 8, USER_LO, USER_HI, 1, 11, 2, 12,
			3, 13, 4, 14),
		BEFORE({USER, 0, 1}, {USER, 4, 2}, {USER, 8, 3}, {USER, 12, 4}),
		AFTER({USER, 0, 11}, {USER, 4, 12}, {USER, 8, 13}, {USER, 12, 14}, {REG, GPR(4), 1},
			{REG, GPR(5), 3})},
	{.name = "ATOMIC with registers",
		COMMAND(0x17800001 | 7 << 8, USER_LO, USER_HI),
		BEFORE({USER, 0, 10}, {REG, GPR(0), 32}, {REG, GPR(4), 1}),
		AFTER({USER, 0, 42}, {REG, GPR(4), 1})},
	{.name = "ATOMIC global",
		COMMAND(0x17c00001 | 5 << 8, RIG_GLOBAL, 0),
		BEFORE({GLOBAL, 0, 1}),
		AFTER({GLOBAL, 0, 2})},

	MATH("MATH add", 0x100, 12, 1, 0, 0),
	MATH("MATH subtract", 0x101, 0xfffffffe, 0, 0, 0),
	MATH("MATH and", 0x102, 5, 0, 0, 0),
	MATH("MATH or", 0x103, 7, 1, 0, 0),
	MATH("MATH xor", 0x104, 2, 1, 0, 0),
	{.name = "MATH flags of equal values",
		COMMAND(0x0d000004, ALU(0x80, 0x20, 0), ALU(0x80, 0x21, 0), ALU(0x101, 0, 0),
			ALU(0x180, 1, 0x32), ALU(0x580, 2, 0x33)),
		BEFORE({REG, GPR(0), 8}),
		AFTER({REG, GPR(1), UINT32_MAX}, {REG, GPR(1) + 4, UINT32_MAX},
			{REG, GPR(2), UINT32_MAX})},
	{.name = "MATH borrow",
		COMMAND(0x0d000003, ALU(0x81, 0x20, 0), ALU(0x80, 0x21, 0), ALU(0x101, 0, 0),
			ALU(0x180, 1, 0x33)),
		BEFORE({REG, GPR(0), 8}),
		AFTER({REG, GPR(1), UINT32_MAX})},
	{.name = "MATH inverted and constant loads",
		COMMAND(0x0d000003, ALU(0x480, 0x20, 0), ALU(0x481, 0x21, 0), ALU(0x102, 0, 0),
			ALU(0x180, 1, 0x31)),
		BEFORE({REG, GPR(0), 0xf0}),
		AFTER({REG, GPR(1), 0xffffff0f}, {REG, GPR(1) + 4, UINT32_MAX})},

	PREDICATE("PREDICATE loads true", 2, 0, 0, 0, 1),
	PREDICATE("PREDICATE loads false", 2, 0, 1, 1, 0),
	PREDICATE("PREDICATE inverts", 3, 0, 1, 0, 1),
	PREDICATE("PREDICATE keeps", 0, 0, 1, 1, 1),
	PREDICATE("PREDICATE compares sources", 2, 0, 2, 1, 0),
	PREDICATE("PREDICATE compares the difference", 2, 0, 3, 0, 1),
	PREDICATE("PREDICATE and", 2, 1, 0, 0, 0),
	PREDICATE("PREDICATE or", 2, 2, 1, 1, 1),
	PREDICATE("PREDICATE xor", 2, 3, 0, 1, 0),
	{.name = "SET_PREDICATE suppresses",
		COMMAND(0x00800003, 0x01000000, 0x00800000, 0x10000002, USER_LO, USER_HI, 1),
		BEFORE({REG, 0x418, 0}),
		AFTER({USER, 0, 1})},
	{.name = "SET_PREDICATE lets pass",
		COMMAND(0x00800003, 0x01000000, 0x00800000),
		.irqs = UGVT_GT_IRQ_USER,
		BEFORE({REG, 0x418, 1})},
	{.name = "SET_PREDICATE of result 2",
		COMMAND(0x00800002, 0x01000000, 0x00800000),
		BEFORE({REG, 0x3bc, 1})},

	SEMAPHORE("SEMAPHORE_WAIT greater", 0, 5, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not greater", 0, 4, 4, false),
	SEMAPHORE("SEMAPHORE_WAIT greater or equal", 1, 4, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not greater or equal", 1, 3, 4, false),
	SEMAPHORE("SEMAPHORE_WAIT less", 2, 3, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not less", 2, 4, 4, false),
	SEMAPHORE("SEMAPHORE_WAIT less or equal", 3, 4, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not less or equal", 3, 5, 4, false),
	SEMAPHORE("SEMAPHORE_WAIT equal", 4, 4, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not equal", 4, 5, 4, false),
	SEMAPHORE("SEMAPHORE_WAIT unequal", 5, 5, 4, true),
	SEMAPHORE("SEMAPHORE_WAIT not unequal", 5, 4, 4, false),
	{.name = "SEMAPHORE_WAIT for a register",
		COMMAND(0x0e000002 | 1 << 16 | 1 << 15 | 4 << 12, 0x66, 0x2600, 0, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER,
		BEFORE({REG, GPR(0), 0x66})},
	{.name = "SEMAPHORE_SIGNAL", COMMAND(0x0d800000, 7, 0x01000000), .irqs = UGVT_GT_IRQ_USER},

	{.name = "FLUSH_DW", .engine = UGVT_BCS, COMMAND(0x13000002, 0, 0, 0)},
	{.name = "FLUSH_DW writes a dword",
		.engine = UGVT_BCS,
		COMMAND(0x13000002 | 1 << 14, USER_LO, USER_HI, 0x77),
		BEFORE({USER, 4, 9}),
		AFTER({USER, 0, 0x77}, {USER, 4, 9})},
	{.name = "FLUSH_DW writes a qword",
		.engine = UGVT_VCS,
		COMMAND(0x13000003 | 1 << 14, USER_LO, USER_HI, 0x77, 0x78),
		AFTER({USER, 0, 0x77}, {USER, 4, 0x78})},
	{.name = "FLUSH_DW writes globally",
		.engine = UGVT_VECS,
		COMMAND(0x13000002 | 1 << 14, (RIG_GLOBAL + 16) | 4, 0, 0x77),
		AFTER({GLOBAL, 16, 0x77})},
	{.name = "FLUSH_DW as i915 emits it",
		.engine = UGVT_BCS,
		COMMAND(0x13000002 | 1 << 21 | 1 << 14 | 1 << 18, 0xd0, 0, 0),
		BEFORE({PPHWSP, 0xd0, 5}),
		AFTER({PPHWSP, 0xd0, 0})},
	{.name = "FLUSH_DW to the global status page",
		.engine = UGVT_BCS,
		COMMAND(0x13000002 | 1 << 21 | 1 << 14, 0xd0 | 4, 0, 3),
		AFTER({HWSP, 0xd0, 3})},
	{.name = "FLUSH_DW notifies",
		.engine = UGVT_BCS,
		COMMAND(0x13000002 | 1 << 8, 0, 0, 0),
		.irqs = UGVT_GT_IRQ_FLUSH_NOTIFY},
	{.name = "FLUSH_DW writes the time",
		.engine = UGVT_BCS,
		COMMAND(0x13000002 | 3 << 14, USER_LO, USER_HI, 0),
		AFTER({USER, 0, 1000}, {USER, 4, 0})},

	{.name = "PIPE_CONTROL", COMMAND(0x7a000004, 0x101000, 0, 0, 0, 0)},
	{.name = "PIPE_CONTROL writes",
		COMMAND(0x7a000004, 1 << 14, USER_LO, USER_HI, 0x12, 0x34),
		AFTER({USER, 0, 0x12}, {USER, 4, 0x34})},
	{.name = "PIPE_CONTROL writes globally",
		COMMAND(0x7a000004, 1 << 24 | 1 << 14, RIG_GLOBAL, 0, 0x12, 0x34),
		AFTER({GLOBAL, 0, 0x12}, {GLOBAL, 4, 0x34})},
	{.name = "PIPE_CONTROL as i915's workaround emits it",
		COMMAND(0x7a000004, 1 << 27 | 1 << 21 | 1 << 20 | 1 << 14, 0xd0, 0, 1, 2),
		AFTER({PPHWSP, 0xd0, 1}, {PPHWSP, 0xd4, 2})},
	{.name = "PIPE_CONTROL writes the depth count",
		COMMAND(0x7a000004, 2 << 14, USER_LO, USER_HI, 0, 0),
		BEFORE({MMIO, 0x2350, 4}, {MMIO, 0x2354, 5}),
		AFTER({USER, 0, 4}, {USER, 4, 5})},
	{.name = "PIPE_CONTROL writes the time",
		COMMAND(0x7a000004, 3 << 14, USER_LO, USER_HI, 0, 0),
		AFTER({USER, 0, 1000}, {USER, 4, 0})},
	{.name = "PIPE_CONTROL writes a register",
		COMMAND(0x7a000004, 1 << 23, 0x2600, 0, 0x99, 0),
		AFTER({REG, GPR(0), 0x99})},
	{.name = "PIPE_CONTROL notifies",
		COMMAND(0x7a000004, 1 << 8, 0, 0, 0, 0),
		.irqs = UGVT_GT_IRQ_FLUSH_NOTIFY},

	{.name = "REPORT_PERF_COUNT",
		COMMAND(0x14000002, USER_LO, USER_HI, 0xcafe),
		BEFORE({USER, 16, 1}, {USER, 64, 1}),
		AFTER({USER, 0, 0xcafe}, {USER, 4, 1000}, {USER, 16, 0}, {USER, 64, 1})},
	{.name = "REPORT_PERF_COUNT of 256 bytes",
		COMMAND(0x14000002, RIG_GLOBAL | 1, 0, 0xcafe),
		BEFORE({MMIO, 0x2b00, 5 << 2}, {GLOBAL, 252, 1}, {GLOBAL, 256, 1}),
		AFTER({GLOBAL, 0, 0xcafe}, {GLOBAL, 252, 0}, {GLOBAL, 256, 1})},

	/* What has no effect is skipped by its length: the command behind it runs. */
	{.name = "RS_CONTROL", COMMAND(0x03000001, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "RS_CONTEXT", COMMAND(0x07800001, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "RS_STORE_DATA_IMM",
		COMMAND(0x15800002, USER_LO, USER_HI, 6),
		AFTER({USER, 0, 6})},
	{.name = "SUSPEND_FLUSH", COMMAND(0x05800001, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "TOPOLOGY_FILTER", COMMAND(0x06800004, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "URB_ATOMIC_ALLOC", COMMAND(0x04800004, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "LOAD_URB_MEM",
		COMMAND(0x16000002, 0, 0, 0, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER},
	{.name = "STORE_URB_MEM",
		COMMAND(0x16800002, 0, 0, 0, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER},
	{.name = "CLFLUSH", COMMAND(0x13800002, 0, 0, 0, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "UPDATE_GTT", COMMAND(0x11800002, 0, 0, 0, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "LOAD_SCAN_LINES_INCL",
		COMMAND(0x09000000, 0, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER},
	{.name = "LOAD_SCAN_LINES_EXCL",
		COMMAND(0x09800000, 0, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER},
	{.name = "SET_CONTEXT", COMMAND(0x0c000000, 0, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "FORCE_WAKEUP", COMMAND(0x0e800000, 0, 0x01000000), .irqs = UGVT_GT_IRQ_USER},
	{.name = "BATCH_BUFFER_END in the ring",
		COMMAND(0x05000000, 0x01000000),
		.irqs = UGVT_GT_IRQ_USER},
};

static void place_set(struct rig *rig, const struct place *place)
{
	switch (place->kind) {
	case REG: rig_reg_set(rig, place->at, place->value); break;
	case MMIO: ugvt_regfile_poke(&rig->regs, place->at, place->value); break;
	case GLOBAL: rig_global_write(rig, RIG_GLOBAL + place->at, place->value); break;
	case USER: rig_user_write(rig, RIG_USER + place->at, place->value); break;
	case HWSP: rig_global_write(rig, RIG_HWSP + place->at, place->value); break;
	case PPHWSP: rig_global_write(rig, RIG_CONTEXT + place->at, place->value); break;
	default: break;
	}
}

static uint32_t place_get(struct rig *rig, const struct place *place)
{
	switch (place->kind) {
	case REG: return rig_reg(rig, place->at);
	case MMIO: return ugvt_regfile_peek(&rig->regs, place->at);
	case GLOBAL: return rig_global_read(rig, RIG_GLOBAL + place->at);
	case USER: return rig_user_read(rig, RIG_USER + place->at);
	case HWSP: return rig_global_read(rig, RIG_HWSP + place->at);
	default: return rig_global_read(rig, RIG_CONTEXT + place->at);
	}
}

static void places_check(struct rig *rig, const struct mi_case *c)
{
	for (const struct place *place = c->after; place->kind != END; place++) {
		uint32_t value = place_get(rig, place);

		if (value != place->value) {
			fail_msg("%s: place %td is %#x, not %#x", c->name, place - c->after, value,
				place->value);
		}
	}
	if (rig->irqs != c->irqs) {
		fail_msg("%s: interrupts %#x, not %#x", c->name, rig->irqs, c->irqs);
	}
}

static void case_run(const struct mi_case *c)
{
	struct rig *rig = malloc(sizeof(*rig));
	enum ugvt_cs_stop stop;

	rig_init(rig, c->engine);
	rig->time = 999; // one is taken when the context is restored
	for (const struct place *place = c->before; place->kind != END; place++) {
		place_set(rig, place);
	}
	rig_emit(rig, c->dw, c->n);
	stop = rig_run(rig);
	if (stop != ((c->irqs & UGVT_GT_IRQ_WAIT_SEMAPHORE) ? UGVT_CS_WAIT : UGVT_CS_IDLE)) {
		fail_msg("%s: stopped with %d", c->name, stop);
	}
	places_check(rig, c);
	rig_finish(rig);
	free(rig);
}

static void test_cases(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		case_run(&cases[i]);
	}
}

/* The semaphore comes true later; the wait for it said so once. */
static void test_semaphore_passes_later(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_BCS);
	RIG_EMIT(rig, 0x0e000002 | 1 << 15 | 4 << 12, 1, USER_LO, USER_HI, 0x01000000);
	assert_int_equal(rig_run(rig), UGVT_CS_WAIT);
	assert_int_equal(rig_continue(rig), UGVT_CS_WAIT);
	assert_int_equal(rig->irq_count, 1);
	rig_user_write(rig, RIG_USER, 1);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->irqs, UGVT_GT_IRQ_WAIT_SEMAPHORE | UGVT_GT_IRQ_USER);
	rig_finish(rig);
	free(rig);
}

static void test_semaphore_is_preempted(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_RCS);
	RIG_EMIT(rig, 0x0e000002 | 1 << 15 | 4 << 12, 1, USER_LO, USER_HI);
	RIG_EMIT(rig, 0x04000000, 0x0e000002 | 1 << 15 | 4 << 12, 2, USER_LO, USER_HI);
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_run(rig), UGVT_CS_PREEMPTED);
	rig_user_write(rig, RIG_USER, 1);
	assert_int_equal(rig_continue(rig), UGVT_CS_WAIT); // the second, with arbitration off
	rig_finish(rig);
	free(rig);
}

static void test_event(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_BCS);
	RIG_EMIT(rig, 0x01800008, 0x0a000001, 0, 0, 0x01000000);
	assert_int_equal(rig_run(rig), UGVT_CS_WAIT);
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_continue(rig), UGVT_CS_PREEMPTED);
	ugvt_cs_set_preempt(rig->cs, false);
	rig->event = true;
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->display_commands, 4); // and the flip
	assert_int_equal(rig->irqs, UGVT_GT_IRQ_USER);
	rig_finish(rig);
	free(rig);
}

/* Goes on while memory is greater than the command's value. */
static void test_conditional_end(void **state)
{
	for (uint32_t memory = 4; memory <= 6; memory++) {
		struct rig *rig = malloc(sizeof(*rig));

		rig_init(rig, UGVT_RCS);
		rig_user_write(rig, RIG_USER, memory);
		RIG_BATCH_AT(rig, RIG_BATCH, 0x1b200002, 5, USER_LO, USER_HI, 0x10000002,
			USER_LO + 4, USER_HI, 1, 0x05000000);
		RIG_EMIT(rig, 0x18800101, LO(RIG_BATCH), HI(RIG_BATCH));
		assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
		assert_int_equal(rig_user_read(rig, RIG_USER + 4), memory > 5);
		rig_finish(rig);
		free(rig);
	}
}

static void test_conditional_end_masked(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_RCS);
	rig_user_write(rig, RIG_USER, 0xff);
	rig_user_write(rig, RIG_USER + 4, 0x0f);
	RIG_BATCH_AT(rig, RIG_BATCH, 0x1b280002, 0x10, USER_LO, USER_HI, 0x01000000, 0x05000000);
	RIG_EMIT(rig, 0x18800101, LO(RIG_BATCH), HI(RIG_BATCH));
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->irqs, 0); // 0xff & 0x0f is not greater than 0x10
	rig_finish(rig);
	free(rig);
}

static void test_batch_start_variants(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));
	uint64_t far = RIG_BATCH + 0x400;

	rig_init(rig, UGVT_RCS);
	RIG_BATCH_AT(rig, RIG_BATCH, 0x10000002, USER_LO, USER_HI, 1, 0x05000000);
	RIG_BATCH_AT(rig, far, 0x10000002, USER_LO + 4, USER_HI, 2, 0x05000000);
	/* Predicated off by MI_PREDICATE_RESULT_1; then with an offset. */
	RIG_EMIT(rig, 0x18808101, LO(RIG_BATCH), HI(RIG_BATCH));
	RIG_EMIT(rig, 0x18810101, LO(RIG_BATCH), HI(RIG_BATCH));
	rig_reg_set(rig, RING_BB_OFFSET, 0x400);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 0);
	assert_int_equal(rig_user_read(rig, RIG_USER + 4), 2);
	assert_int_equal(ugvt_cs_stats(rig->cs)->batches, 1);
	rig_finish(rig);
	free(rig);
}

/* Register accesses with side effects are the host's. */
static void test_hooked_registers_go_to_the_host(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_RCS);
	RIG_EMIT(rig, 0x11000001, 0x2600, 1, 0x11000001, 0x44404, 1);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->written_offset, 0x44404);
	RIG_EMIT(rig, 0x11000001, 0x209c, 0x01000000);
	rig_submit(rig);
	ugvt_cs_context_update(rig->cs);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->written_offset, 0x209c);
	rig_finish(rig);
	free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_semaphore_passes_later),
		cmocka_unit_test(test_semaphore_is_preempted),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_conditional_end),
		cmocka_unit_test(test_conditional_end_masked),
		cmocka_unit_test(test_batch_start_variants),
		cmocka_unit_test(test_hooked_registers_go_to_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
