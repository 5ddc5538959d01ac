/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/hooks_engine.h"
#include "gen/tables.h"

/*
 * The register blocks of the four engines, and the registers of the render engine that contexts carry.
 *
 * Offsets: i915 gt/intel_engine_regs.h and gt/intel_gt_regs.h. What a context carries: PRM SKL vol 3, "Register/State Context"
 * (the other engines' lists stand there complete); on RCS also what i915's workarounds treat as part of a context. What a
 * batch without privilege may write: PRM SKL vol 6, "User Mode Non-Privileged Registers"; CS_DEBUG_MODE2 is not in
 * those lists, but Mesa writes it from such batches (src/gallium/drivers/iris/iris_state.c).
 */

#define MASKED UGVT_REG_MASKED
#define RO UGVT_REG_READ_ONLY
#define CTX UGVT_REG_CONTEXT
#define USER UGVT_REG_USER
#define READ UGVT_REG_HOOK_READ
#define WRITE UGVT_REG_HOOK_WRITE

#define REG(row_name, row_offset, row_flags)                               \
	{                                                                  \
		.name = row_name, .offset = row_offset, .flags = row_flags \
	}
#define REGS(row_name, row_offset, row_count, row_flags)                                       \
	{                                                                                      \
		.name = row_name, .offset = row_offset, .count = row_count, .flags = row_flags \
	}
#define HOOK(row_name, row_offset, row_flags, row_hook)                       \
	{                                                                     \
		.name = row_name, .offset = row_offset, .flags = row_flags,   \
		.unit = UGVT_UNIT_ENGINE, .hook = UGVT_ENGINE_HOOK_##row_hook \
	}
#define ONES(row_name, row_offset, row_flags)                                                   \
	{                                                                                       \
		.name = row_name, .offset = row_offset, .flags = row_flags, .reset = UINT32_MAX \
	}

/* Each part is what all engines have, between places where RCS or BCS have something of their own. */
#define PART_RING(e, base)                                                                         \
	REG(e "_EXCC", (base) + 0x28, MASKED | CTX),                                               \
		{                                                                                  \
			.name = e "_RING_BUFFER_TAIL",                                             \
			.offset = (base) + 0x30,                                                   \
			.read_only = ~UGVT_MASK(20, 3),                                            \
		},                                                                                 \
		REG(e "_RING_BUFFER_HEAD", (base) + 0x34, 0),                                      \
		{                                                                                  \
			.name = e "_RING_BUFFER_START",                                            \
			.offset = (base) + 0x38,                                                   \
			.read_only = UGVT_MASK(11, 0),                                             \
		},                                                                                 \
		REG(e "_RING_BUFFER_CTL", (base) + 0x3c, 0),                                       \
		REG(e "_RC_PSMI_CONTROL", (base) + 0x50, MASKED),                                  \
		REG(e "_RC_PWRCTX_MAXCNT", (base) + 0x54, 0),                                      \
		REG(e "_ACTHD_UDW", (base) + 0x5c, RO), REG(e "_DMA_FADD_UDW", (base) + 0x60, RO), \
		REG(e "_IPEIR", (base) + 0x64, RO), REG(e "_IPEHR", (base) + 0x68, RO),            \
		ONES(e "_INSTDONE", (base) + 0x6c, RO), REG(e "_INSTPS", (base) + 0x70, RO),       \
		REG(e "_ACTHD", (base) + 0x74, RO), REG(e "_DMA_FADD", (base) + 0x78, RO),         \
	{                                                                                          \
		.name = e "_HWS_PGA", .offset = (base) + 0x80, .read_only = UGVT_MASK(11, 0),      \
	}

#define PART_MODE(e, base, user)                                                    \
	REG(e "_NOPID", (base) + 0x94, user), ONES(e "_HWSTAM", (base) + 0x98, 0),  \
		{                                                                   \
			.name = e "_MI_MODE",                                       \
			.offset = (base) + 0x9c,                                    \
			.reset = UGVT_BIT(9),                                       \
			.read_only = UGVT_BIT(9),                                   \
			.flags = MASKED | CTX | READ | WRITE,                       \
			.unit = UGVT_UNIT_ENGINE,                                   \
			.hook = UGVT_ENGINE_HOOK_MI_MODE,                           \
		},                                                                  \
		{                                                                   \
			.name = e "_IMR",                                           \
			.offset = (base) + 0xa8,                                    \
			.reset = UINT32_MAX,                                        \
		},                                                                  \
		{                                                                   \
			.name = e "_EIR",                                           \
			.offset = (base) + 0xb0,                                    \
			.w1c = UINT32_MAX,                                          \
		},                                                                  \
		ONES(e "_EMR", (base) + 0xb4, 0), REG(e "_ESR", (base) + 0xb8, RO), \
		REG(e "_INSTPM", (base) + 0xc0, MASKED | CTX | (user)),             \
		REG(e "_CMD_CCTL", (base) + 0xc4, 0)

#define PART_BATCH(e, base)                                                                        \
	REG(e "_BB_STATE", (base) + 0x110, 0), REG(e "_SBB_ADDR", (base) + 0x114, 0),              \
		REG(e "_SBB_STATE", (base) + 0x118, 0), REG(e "_SBB_ADDR_UDW", (base) + 0x11c, 0), \
		REG(e "_BB_ADDR", (base) + 0x140, 0),                                              \
		REG(e "_BB_START_ADDR", (base) + 0x150, CTX),                                      \
		REG(e "_BB_ADDR_DIFF", (base) + 0x154, CTX),                                       \
		REG(e "_BB_OFFSET", (base) + 0x158, CTX | USER),                                   \
		REG(e "_BB_ADDR_UDW", (base) + 0x168, 0),                                          \
		REG(e "_BB_START_ADDR_UDW", (base) + 0x170, CTX),                                  \
		REG(e "_PR_CTR_CTL", (base) + 0x178, CTX),                                         \
		REG(e "_PR_CTR_THRSH", (base) + 0x17c, CTX), REG(e "_CCID", (base) + 0x180, 0),    \
		REG(e "_BB_PER_CTX_PTR", (base) + 0x1c0, 0),                                       \
		REG(e "_INDIRECT_CTX", (base) + 0x1c4, 0),                                         \
		REG(e "_INDIRECT_CTX_OFFSET", (base) + 0x1c8, 0)

#define PART_EXECLIST(e, base)                                       \
	HOOK(e "_EXECLIST_SUBMITPORT", (base) + 0x230, WRITE, ELSP), \
		{                                                    \
			.name = e "_EXECLIST_STATUS",                \
			.offset = (base) + 0x234,                    \
			.count = 2,                                  \
			.flags = READ | RO,                          \
			.unit = UGVT_UNIT_ENGINE,                    \
			.hook = UGVT_ENGINE_HOOK_EXECLIST_STATUS,    \
		},                                                   \
		REG(e "_CTXT_SR_CTL", (base) + 0x244, MASKED)

#define PART_PDP(e, base) \
	REG(e "_SEMA_WAIT_POLL", (base) + 0x24c, 0), REGS(e "_PDP", (base) + 0x270, 8, 0)

#define PART_TIMESTAMP(e, base)                                     \
	HOOK(e "_TIMESTAMP", (base) + 0x358, READ | RO, TIMESTAMP), \
		HOOK(e "_TIMESTAMP_UDW", (base) + 0x35c, READ | RO, TIMESTAMP_UDW)

#define PART_STATUS(e, base)                                   \
	REGS(e "_CTXT_ST_BUF", (base) + 0x370, 12, 0),         \
		REG(e "_CTXT_ST_PTR", (base) + 0x3a0, MASKED), \
		REG(e "_CTX_TIMESTAMP", (base) + 0x3a8, RO),   \
		REG(e "_MI_PREDICATE_RESULT_2", (base) + 0x3bc, USER)

#define PART_RESULT_1(e, base) REG(e "_MI_PREDICATE_RESULT_1", (base) + 0x41c, CTX | USER)
#define PART_NONPRIV(e, base) REGS(e "_FORCE_TO_NONPRIV", (base) + 0x4d0, 12, 0)
#define PART_GPR(e, base) REGS(e "_CS_GPR", (base) + 0x600, 32, CTX | USER)

static const struct ugvt_reg rows[] = {
	PART_RING("RCS", 0x2000),
	REG("FF_SLICE_CHICKEN", 0x2088, MASKED | CTX),
	REG("_3D_CHICKEN3", 0x2090, MASKED | CTX),
	PART_MODE("RCS", 0x2000, USER),
	REG("R_PWR_CLK_STATE", 0x20c8, CTX),
	HOOK("RCS_RESET_CTL", 0x20d0, MASKED | READ | WRITE, RESET_CTL),
	REG("CSFE_CHICKEN1", 0x20d4, MASKED),
	REG("CS_DEBUG_MODE2", 0x20d8, MASKED | CTX | USER),
	REG("FF_SLICE_CS_CHICKEN1", 0x20e0, MASKED | CTX),
	REG("FF_SLICE_CS_CHICKEN2", 0x20e4, MASKED | CTX),
	REG("CS_DEBUG_MODE1", 0x20ec, MASKED | CTX),
	PART_BATCH("RCS", 0x2000),
	PART_EXECLIST("RCS", 0x2000),
	REG("CTX_PREEMPT", 0x2248, CTX),
	PART_PDP("RCS", 0x2000),
	REGS("GPGPU_THREADS_DISPATCHED", 0x2290, 2, CTX | USER),
	REG("GFX_MODE", 0x229c, MASKED),
	REGS("PS_INVOCATION_COUNT_0", 0x22c8, 2, CTX | USER),
	REGS("PS_DEPTH_COUNT_0", 0x22d8, 2, CTX | USER),
	REGS("PS_INVOCATION_COUNT_1", 0x22f0, 2, CTX | USER),
	REGS("PS_DEPTH_COUNT_1", 0x22f8, 2, CTX | USER),
	REGS("HS_INVOCATION_COUNT", 0x2300, 2, CTX | USER),
	REGS("DS_INVOCATION_COUNT", 0x2308, 2, CTX | USER),
	REGS("IA_VERTICES_COUNT", 0x2310, 2, CTX | USER),
	REGS("IA_PRIMITIVES_COUNT", 0x2318, 2, CTX | USER),
	REGS("VS_INVOCATION_COUNT", 0x2320, 2, CTX | USER),
	REGS("GS_INVOCATION_COUNT", 0x2328, 2, CTX | USER),
	REGS("GS_PRIMITIVES_COUNT", 0x2330, 2, CTX | USER),
	REGS("CL_INVOCATION_COUNT", 0x2338, 2, CTX | USER),
	REGS("CL_PRIMITIVES_COUNT", 0x2340, 2, CTX | USER),
	REGS("PS_INVOCATION_COUNT", 0x2348, 2, CTX),
	REGS("PS_DEPTH_COUNT", 0x2350, 2, CTX),
	PART_TIMESTAMP("RCS", 0x2000),
	REG("OACTXCONTROL", 0x2360, CTX | USER),
	REG("OACTXID", 0x2364, CTX | USER),
	PART_STATUS("RCS", 0x2000),
	REGS("MI_PREDICATE_SRC0", 0x2400, 2, CTX | USER),
	REGS("MI_PREDICATE_SRC1", 0x2408, 2, CTX | USER),
	REGS("MI_PREDICATE_DATA", 0x2410, 2, CTX | USER),
	REG("MI_PREDICATE_RESULT", 0x2418, CTX | USER),
	PART_RESULT_1("RCS", 0x2000),
	REG("3DPRIM_END_OFFSET", 0x2420, CTX | USER),
	REG("3DPRIM_START_VERTEX", 0x2430, CTX | USER),
	REG("3DPRIM_VERTEX_COUNT", 0x2434, CTX | USER),
	REG("3DPRIM_INSTANCE_COUNT", 0x2438, CTX | USER),
	REG("3DPRIM_START_INSTANCE", 0x243c, CTX | USER),
	REG("3DPRIM_BASE_VERTEX", 0x2440, CTX | USER),
	REGS("PS_INVOCATION_COUNT_2", 0x2448, 2, CTX | USER),
	REGS("PS_DEPTH_COUNT_2", 0x2450, 2, CTX | USER),
	PART_NONPRIV("RCS", 0x2000),
	REGS("GPGPU_DISPATCHDIM", 0x2500, 3, CTX | USER),
	REG("CS_CHICKEN1", 0x2580, MASKED | CTX),
	PART_GPR("RCS", 0x2000),
	REG("OACONTROL", 0x2b00, USER),
	REGS("SO_NUM_PRIMS_WRITTEN", 0x5200, 8, CTX | USER),
	REGS("SO_PRIM_STORAGE_NEEDED", 0x5240, 8, CTX | USER),
	REGS("SO_WRITE_OFFSET", 0x5280, 4, CTX | USER),
	REG("WM_CHICKEN3", 0x5588, MASKED | CTX),
	REG("CACHE_MODE_0", 0x7000, MASKED | CTX | USER),
	REG("CACHE_MODE_1", 0x7004, MASKED | CTX | USER),
	REG("GT_MODE", 0x7008, MASKED | CTX | USER),
	REG("COMMON_SLICE_CHICKEN1", 0x7010, MASKED | CTX),
	REG("COMMON_SLICE_CHICKEN2", 0x7014, MASKED | CTX),
	REG("HIZ_CHICKEN", 0x7018, MASKED | CTX),
	REG("L3CNTLREG", 0x7034, CTX | USER),
	ONES("SC_INSTDONE", 0x7100, RO),
	REG("HDC_CHICKEN0", 0x7300, MASKED | CTX),
	REG("HDC_CHICKEN1", 0x7304, MASKED | CTX),
	REG("SLICE_COMMON_ECO_CHICKEN0", 0x7308, MASKED | CTX),
	REG("SLICE_COMMON_ECO_CHICKEN1", 0x731c, MASKED | CTX),
	REGS("PERF_CNT", 0x91b8, 4, USER),
	{.name = "L3SQCREG4", .offset = 0xb118, .reset = 0x40400000, .flags = CTX | USER},
	ONES("SAMPLER_INSTDONE", 0xe160, RO),
	ONES("ROW_INSTDONE", 0xe164, RO),
	REG("HALF_SLICE_CHICKEN2", 0xe180, MASKED | CTX),
	REG("HALF_SLICE_CHICKEN3", 0xe184, MASKED | CTX),
	REG("HALF_SLICE_CHICKEN5", 0xe188, MASKED | CTX),
	REG("HALF_SLICE_CHICKEN7", 0xe194, MASKED | CTX),
	REGS("TD_CTL", 0xe400, 2, CTX | USER),
	REGS("EU_PERF_CNTL0", 0xe458, 2, CTX),
	REG("ROW_CHICKEN", 0xe4f0, MASKED | CTX),
	REG("ROW_CHICKEN2", 0xe4f4, MASKED | CTX),
	REGS("EU_PERF_CNTL1", 0xe558, 2, CTX),
	REGS("EU_PERF_CNTL2", 0xe658, 2, CTX),
	REG("EU_PERF_CNTL3", 0xe758, CTX),
	PART_RING("VCS", 0x12000),
	PART_MODE("VCS", 0x12000, 0),
	HOOK("VCS_RESET_CTL", 0x120d0, MASKED | READ | WRITE, RESET_CTL),
	PART_BATCH("VCS", 0x12000),
	PART_EXECLIST("VCS", 0x12000),
	PART_PDP("VCS", 0x12000),
	REG("VCS_MODE", 0x1229c, MASKED),
	PART_TIMESTAMP("VCS", 0x12000),
	PART_STATUS("VCS", 0x12000),
	PART_RESULT_1("VCS", 0x12000),
	PART_NONPRIV("VCS", 0x12000),
	PART_GPR("VCS", 0x12000),
	REGS("MFC_VDBOX", 0x12800, 512, USER),
	PART_RING("VECS", 0x1a000),
	PART_MODE("VECS", 0x1a000, 0),
	HOOK("VECS_RESET_CTL", 0x1a0d0, MASKED | READ | WRITE, RESET_CTL),
	PART_BATCH("VECS", 0x1a000),
	PART_EXECLIST("VECS", 0x1a000),
	PART_PDP("VECS", 0x1a000),
	REG("VECS_MODE", 0x1a29c, MASKED),
	PART_TIMESTAMP("VECS", 0x1a000),
	PART_STATUS("VECS", 0x1a000),
	PART_RESULT_1("VECS", 0x1a000),
	PART_NONPRIV("VECS", 0x1a000),
	PART_GPR("VECS", 0x1a000),
	REGS("HEVC", 0x1e900, 64, USER),
	PART_RING("BCS", 0x22000),
	PART_MODE("BCS", 0x22000, 0),
	HOOK("BCS_RESET_CTL", 0x220d0, MASKED | READ | WRITE, RESET_CTL),
	PART_BATCH("BCS", 0x22000),
	REG("BCS_SWCTRL", 0x22200, MASKED | CTX | USER),
	PART_EXECLIST("BCS", 0x22000),
	PART_PDP("BCS", 0x22000),
	REG("BLT_MODE", 0x2229c, MASKED),
	PART_TIMESTAMP("BCS", 0x22000),
	PART_STATUS("BCS", 0x22000),
	PART_RESULT_1("BCS", 0x22000),
	PART_NONPRIV("BCS", 0x22000),
	PART_GPR("BCS", 0x22000),
};

const struct ugvt_reg_table ugvt_regs_engine = {"engine", rows, UGVT_ARRAY_SIZE(rows)};
