/* SPDX-License-Identifier: MIT */
#include "gen/commands.h"

#include "base/bits.h"

/*
 * Which commands there are, on which engines, and what they need privilege for: PRM SKL vol 6, "Memory Interface Commands
 * for RCP", "3D Command Map", "VEBOX Commands", "MFX Commands", "User Mode Privileged Commands", "Preemptable
 * Commands"; bit positions and lengths of Gen9: Mesa src/intel/genxml/gen9.xml; lengths that the kernel relies on: i915
 * i915_cmd_parser.c.
 */

#define RCS (1 << UGVT_RCS)
#define BCS (1 << UGVT_BCS)
#define VCS (1 << UGVT_VCS)
#define VECS (1 << UGVT_VECS)
#define ALL (RCS | BCS | VCS | VECS)

#define MASK_MI UGVT_MASK(31, 23)
#define MASK_GFX UGVT_MASK(31, 16)
#define MASK_2D UGVT_MASK(31, 22)

#define GLOBAL UGVT_BIT(22) // "Use Global GTT"

/* An MI command of one dword, and one with a length field of length_bits. Further members may follow. */
#define MI(command_name, opcode, where, what, ...)                                               \
	{                                                                                        \
		.name = "MI_" command_name, .header = (uint32_t)(opcode) << 23, .mask = MASK_MI, \
		.bias = 1, .engines = where, .action = UGVT_ACTION_##what, __VA_ARGS__           \
	}
#define MI_LONG(command_name, opcode, length_bits, where, what, ...)                             \
	{                                                                                        \
		.name = "MI_" command_name, .header = (uint32_t)(opcode) << 23, .mask = MASK_MI, \
		.length_mask = length_bits, .bias = 2, .engines = where,                         \
		.action = UGVT_ACTION_##what, __VA_ARGS__                                        \
	}
#define FLAGS(which) .flags = UGVT_COMMAND_##which

/* DW0 31:16 are opcode. */
#define GFX(command_name, opcode, length_bits, where, what)                         \
	.name = command_name, .header = (uint32_t)(opcode) << 16, .mask = MASK_GFX, \
	.length_mask = length_bits, .bias = 2, .engines = where, .action = UGVT_ACTION_##what
#define STATE(command_name, opcode, dwords)                                 \
	{                                                                   \
		GFX(command_name, opcode, 0xff, RCS, STATE), .keep = dwords \
	}
#define LONG_STATE(command_name, opcode, dwords)                             \
	{                                                                    \
		GFX(command_name, opcode, 0x1ff, RCS, STATE), .keep = dwords \
	}
#define KEYED(command_name, opcode, dwords, how)                                                   \
	{                                                                                          \
		GFX(command_name, opcode, 0xff, RCS, STATE), .keep = dwords, .key = UGVT_KEY_##how \
	}
#define POINTER(command_name, opcode)                                                  \
	{                                                                              \
		GFX(command_name, opcode, 0xff, RCS, STATE), .keep = 2, FLAGS(POINTER) \
	}
#define MEDIA(command_name, opcode, dwords)                                                 \
	{                                                                                   \
		GFX(command_name, opcode, 0xffff, RCS, STATE), .keep = dwords, FLAGS(MEDIA) \
	}
#define IGNORED(command_name, opcode, length_bits)                \
	{                                                         \
		GFX(command_name, opcode, length_bits, RCS, NONE) \
	}
#define DRAW(command_name, opcode, length_bits)                           \
	{                                                                 \
		GFX(command_name, opcode, length_bits, RCS, NOT_EXECUTED) \
	}
#define VIDEO(command_name, opcode)                                 \
	{                                                           \
		GFX(command_name, opcode, 0xfff, VCS, NOT_EXECUTED) \
	}
#define VEBOX(command_name, opcode)                                  \
	{                                                            \
		GFX(command_name, opcode, 0xfff, VECS, NOT_EXECUTED) \
	}
/* 2D commands that only set up others: state as well. */
#define SETUP(command_name, opcode, how)                                                     \
	{                                                                                    \
		.name = command_name, .header = 2u << 29 | (uint32_t)(opcode) << 22,         \
		.mask = MASK_2D, .length_mask = 0xff, .bias = 2, .keep = 16, .engines = BCS, \
		.action = UGVT_ACTION_BLT, .key = UGVT_KEY_##how                             \
	}
#define FIXED(command_name, opcode, where, what)                                            \
	{                                                                                   \
		.name = command_name, .header = (uint32_t)(opcode) << 16, .mask = MASK_GFX, \
		.bias = 1, .engines = where, .action = UGVT_ACTION_##what                   \
	}
/* What the maps leave open, on an engine that takes such. */
#define OTHER(command_name, command_header, command_mask, length_bits, where)         \
	{                                                                             \
		.name = command_name, .header = command_header, .mask = command_mask, \
		.length_mask = length_bits, .bias = 2, .engines = where,              \
		.action = UGVT_ACTION_NOT_EXECUTED                                    \
	}

const struct ugvt_command ugvt_commands[] = {
	MI("NOOP", 0x00, ALL, NOOP, FLAGS(SPIN)),
	MI("SET_PREDICATE", 0x01, RCS, SET_PREDICATE, FLAGS(ALWAYS)),
	MI("USER_INTERRUPT", 0x02, ALL, USER_INTERRUPT),
	MI("WAIT_FOR_EVENT", 0x03, ALL, DISPLAY_WAIT),
	MI("ARB_CHECK", 0x05, ALL, NONE, .flags = UGVT_COMMAND_PREEMPT | UGVT_COMMAND_SPIN),
	MI("RS_CONTROL", 0x06, RCS, NONE),
	MI("REPORT_HEAD", 0x07, ALL, REPORT_HEAD),
	MI("ARB_ON_OFF", 0x08, ALL, ARB_ON_OFF, FLAGS(PRIVILEGED)),
	MI("URB_ATOMIC_ALLOC", 0x09, RCS, NONE),
	MI("BATCH_BUFFER_END", 0x0a, ALL, BATCH_END, FLAGS(ALWAYS)),
	MI("SUSPEND_FLUSH", 0x0b, ALL, NONE),
	MI("PREDICATE", 0x0c, RCS, PREDICATE),
	MI("TOPOLOGY_FILTER", 0x0d, RCS, NONE),
	MI("RS_CONTEXT", 0x0f, RCS, NONE),
	MI_LONG("LOAD_SCAN_LINES_INCL", 0x12, 0x3f, ALL, DISPLAY_LOAD),
	MI_LONG("LOAD_SCAN_LINES_EXCL", 0x13, 0x3f, ALL, DISPLAY_LOAD),
	MI_LONG("DISPLAY_FLIP", 0x14, 0xff, RCS | BCS, DISPLAY_WAIT, FLAGS(PRIVILEGED)),
	MI_LONG("SEMAPHORE_MBOX", 0x16, 0xff, ALL, NONE),
	MI_LONG("SET_CONTEXT", 0x18, 0xff, RCS, NONE, FLAGS(PRIVILEGED)),
	MI_LONG("MATH", 0x1a, 0xff, ALL, MATH),
	MI_LONG("SEMAPHORE_SIGNAL", 0x1b, 0xff, ALL, NONE),
	MI_LONG("SEMAPHORE_WAIT", 0x1c, 0xff, ALL, SEMAPHORE_WAIT, .global = GLOBAL),
	MI_LONG("FORCE_WAKEUP", 0x1d, 0xff, ALL, NONE),
	MI_LONG("STORE_DATA_IMM", 0x20, 0x3ff, ALL, STORE_DATA, .global = GLOBAL),
	MI_LONG("STORE_DATA_INDEX", 0x21, 0xff, ALL, STORE_INDEX, FLAGS(PRIVILEGED)),
	MI_LONG("LOAD_REGISTER_IMM", 0x22, 0xff, ALL, LOAD_IMM),
	MI_LONG("UPDATE_GTT", 0x23, 0x3ff, ALL, UPDATE_GTT, FLAGS(PRIVILEGED)),
	MI_LONG("STORE_REGISTER_MEM", 0x24, 0xff, ALL, STORE_REG, .global = GLOBAL,
		.predicate = UGVT_BIT(21)),
	MI_LONG("FLUSH_DW", 0x26, 0x3f, BCS | VCS | VECS, FLUSH_DW),
	MI_LONG("CLFLUSH", 0x27, 0x3ff, RCS, NONE, .global = GLOBAL),
	MI_LONG("REPORT_PERF_COUNT", 0x28, 0x3f, RCS, REPORT_PERF),
	MI_LONG("LOAD_REGISTER_MEM", 0x29, 0xff, ALL, LOAD_MEM, .global = GLOBAL),
	MI_LONG("LOAD_REGISTER_REG", 0x2a, 0xff, ALL, LOAD_REG),
	MI_LONG("RS_STORE_DATA_IMM", 0x2b, 0xff, RCS, STORE_DATA),
	MI_LONG("LOAD_URB_MEM", 0x2c, 0xff, RCS, NOT_EXECUTED),
	MI_LONG("STORE_URB_MEM", 0x2d, 0xff, RCS, NOT_EXECUTED),
	MI_LONG("COPY_MEM_MEM", 0x2e, 0xff, ALL, COPY_MEM, .global = GLOBAL | UGVT_BIT(21)),
	MI_LONG("ATOMIC", 0x2f, 0xff, ALL, ATOMIC, .global = GLOBAL),
	MI_LONG("BATCH_BUFFER_START", 0x31, 0xff, ALL, BATCH_START, FLAGS(SPIN)),
	MI_LONG("CONDITIONAL_BATCH_BUFFER_END", 0x36, 0xff, ALL, CONDITIONAL_END, .global = GLOBAL,
		FLAGS(SPIN)),
	{
		.name = "2D",
		.header = 0x40000000,
		.mask = UGVT_MASK(31, 29),
		.length_mask = 0xff,
		.bias = 2,
		.engines = BCS,
		.action = UGVT_ACTION_BLT,
	},
	SETUP("XY_SETUP_BLT", 0x01, BLT_SETUP),
	SETUP("XY_SETUP_CLIP_BLT", 0x03, NONE),
	SETUP("XY_SETUP_MONO_PATTERN_SL_BLT", 0x11, BLT_SETUP),
	IGNORED("STATE_PREFETCH", 0x6003, 0xff),
	KEYED("STATE_BASE_ADDRESS", 0x6101, 19, BASES),
	STATE("STATE_SIP", 0x6102, 3),
	STATE("GPGPU_CSR_BASE_ADDRESS", 0x6104, 3),
	FIXED("MFX_WAIT", 0x6800, VCS, NONE),
	{
		.name = "3DSTATE_VF_STATISTICS",
		.header = 0x680b0000,
		.mask = MASK_GFX,
		.keep = 1,
		.bias = 1,
		.engines = RCS,
		.action = UGVT_ACTION_STATE,
	},
	{
		.name = "PIPELINE_SELECT",
		.header = 0x69040000,
		.mask = MASK_GFX,
		.keep = 1,
		.bias = 1,
		.engines = RCS,
		.action = UGVT_ACTION_STATE,
		.key = UGVT_KEY_SELECT,
	},
	OTHER("MFX command", 0x70000000, UGVT_MASK(31, 27), 0xfff, VCS),
	MEDIA("MEDIA_VFE_STATE", 0x7000, 9),
	VIDEO("MFX_PIPE_MODE_SELECT", 0x7000),
	MEDIA("MEDIA_CURBE_LOAD", 0x7001, 4),
	VIDEO("MFX_SURFACE_STATE", 0x7001),
	MEDIA("MEDIA_INTERFACE_DESCRIPTOR_LOAD", 0x7002, 4),
	VIDEO("MFX_PIPE_BUF_ADDR_STATE", 0x7002),
	VIDEO("MFX_IND_OBJ_BASE_ADDR_STATE", 0x7003),
	{
		.name = "MEDIA_STATE_FLUSH",
		.header = 0x70040000,
		.mask = MASK_GFX,
		.length_mask = 0xffff,
		.bias = 2,
		.engines = RCS,
		.action = UGVT_ACTION_NONE,
		.flags = UGVT_COMMAND_PREEMPT_GPGPU,
	},
	VIDEO("MFX_BSP_BUF_BASE_ADDR_STATE", 0x7004),
	MEDIA("MEDIA_POOL_STATE", 0x7005, 6),
	VIDEO("MFX_STATE_POINTER", 0x7006),
	VIDEO("MFX_QM_STATE", 0x7007),
	VIDEO("MFX_FQM_STATE", 0x7008),
	VIDEO("MFX_DBK_OBJECT", 0x7009),
	VIDEO("MFD_IT_OBJECT", 0x7029),
	VIDEO("MFX_PAK_INSERT_OBJECT", 0x7048),
	VIDEO("MFX_STITCH_OBJECT", 0x704a),
	VIDEO("MFX_MPEG_TS_CONTROL", 0x704b),
	VIDEO("VDENC_PIPE_MODE_SELECT", 0x7080),
	VIDEO("VDENC_SRC_SURFACE_STATE", 0x7081),
	VIDEO("VDENC_REF_SURFACE_STATE", 0x7082),
	VIDEO("VDENC_DS_REF_SURFACE_STATE", 0x7083),
	VIDEO("VDENC_PIPE_BUF_ADDR_STATE", 0x7084),
	VIDEO("VDENC_IMG_STATE", 0x7085),
	VIDEO("VDENC_CONST_QPT_STATE", 0x7086),
	VIDEO("VDENC_WALKER_STATE", 0x7087),
	{
		GFX("MEDIA_OBJECT", 0x7100, 0xffff, RCS, MEDIA_OBJECT),
	},
	VIDEO("MFX_AVC_IMG_STATE", 0x7100),
	DRAW("MEDIA_OBJECT_PRT", 0x7102, 0xffff),
	VIDEO("MFX_AVC_DIRECTMODE_STATE", 0x7102),
	DRAW("MEDIA_OBJECT_WALKER", 0x7103, 0xffff),
	VIDEO("MFX_AVC_SLICE_STATE", 0x7103),
	DRAW("GPGPU_OBJECT", 0x7104, 0xff),
	VIDEO("MFX_AVC_REF_IDX_STATE", 0x7104),
	{
		.name = "GPGPU_WALKER",
		.header = 0x71050000,
		.mask = MASK_GFX,
		.predicate = UGVT_BIT(8),
		.length_mask = 0xff,
		.bias = 2,
		.engines = RCS,
		.action = UGVT_ACTION_WALKER,
		.flags = UGVT_COMMAND_PREEMPT,
	},
	VIDEO("MFX_AVC_WEIGHTOFFSET_STATE", 0x7105),
	DRAW("MEDIA_OBJECT_GRPID", 0x7106, 0xffff),
	VIDEO("MFD_AVC_PICID_STATE", 0x7125),
	VIDEO("MFD_AVC_DPB_STATE", 0x7126),
	VIDEO("MFD_AVC_SLICEADDR", 0x7127),
	VIDEO("MFD_AVC_BSD_OBJECT", 0x7128),
	VIDEO("MFC_AVC_PAK_OBJECT", 0x7149),
	VIDEO("MFX_VC1_PRED_PIPE_STATE", 0x7201),
	VIDEO("MFX_VC1_DIRECTMODE_STATE", 0x7202),
	VIDEO("MFD_VC1_SHORT_PIC_STATE", 0x7220),
	VIDEO("MFD_VC1_LONG_PIC_STATE", 0x7221),
	VIDEO("MFD_VC1_BSD_OBJECT", 0x7228),
	VIDEO("MFX_MPEG2_PIC_STATE", 0x7300),
	VIDEO("MFD_MPEG2_BSD_OBJECT", 0x7328),
	VIDEO("MFC_MPEG2_SLICEGROUP_STATE", 0x7343),
	VIDEO("MFC_MPEG2_PAK_OBJECT", 0x7349),
	VIDEO("HCP_PIPE_MODE_SELECT", 0x7380),
	VIDEO("HCP_SURFACE_STATE", 0x7381),
	VIDEO("HCP_PIPE_BUF_ADDR_STATE", 0x7382),
	VIDEO("HCP_IND_OBJ_BASE_ADDR_STATE", 0x7383),
	VIDEO("HCP_QM_STATE", 0x7384),
	VIDEO("HCP_FQM_STATE", 0x7385),
	VIDEO("HEVC_VP9_RDOQ_STATE", 0x7388),
	VIDEO("HCP_PIC_STATE", 0x7390),
	VIDEO("HCP_TILE_STATE", 0x7391),
	VIDEO("HCP_REF_IDX_STATE", 0x7392),
	VIDEO("HCP_WEIGHTOFFSET_STATE", 0x7393),
	VIDEO("HCP_SLICE_STATE", 0x7394),
	VIDEO("HCP_BSD_OBJECT", 0x73a0),
	VIDEO("HCP_PAK_OBJECT", 0x73a1),
	VIDEO("HCP_PAK_INSERT_OBJECT", 0x73a2),
	VIDEO("HCP_VP9_PIC_STATE", 0x73b0),
	VIDEO("HCP_VP9_SEGMENT_STATE", 0x73b2),
	OTHER("VEBOX command", 0x74000000, UGVT_MASK(31, 24), 0xfff, VECS),
	VIDEO("MFX_VP8_PIC_STATE", 0x7400),
	VEBOX("VEBOX_SURFACE_STATE", 0x7400),
	VEBOX("VEBOX_TILING_CONVERT", 0x7401),
	VEBOX("VEBOX_STATE", 0x7402),
	VEBOX("VEBOX_DI_IECP", 0x7403),
	VIDEO("MFD_VP8_BSD_OBJECT", 0x7428),
	VIDEO("MFX_VP8_ENCODER_CFG", 0x7441),
	VIDEO("MFX_VP8_BSP_BUF_BASE_ADDR_STATE", 0x7443),
	VIDEO("MFX_VP8_PAK_OBJECT", 0x7449),
	VIDEO("SFC_LOCK", 0x7500),
	VIDEO("SFC_STATE", 0x7501),
	VIDEO("SFC_AVS_STATE", 0x7502),
	VIDEO("SFC_IEF_STATE", 0x7503),
	VIDEO("SFC_FRAME_START", 0x7504),
	VIDEO("SFC_AVS_LUMA_COEFF_TABLE", 0x7505),
	VIDEO("SFC_AVS_CHROMA_COEFF_TABLE", 0x7506),
	VIDEO("HUC_PIPE_MODE_SELECT", 0x7580),
	VIDEO("HUC_IMEM_STATE", 0x7581),
	VIDEO("HUC_DMEM_STATE", 0x7582),
	VIDEO("HUC_CFG_STATE", 0x7583),
	VIDEO("HUC_VIRTUAL_ADDR_STATE", 0x7584),
	VIDEO("HUC_IND_OBJ_BASE_ADDR_STATE", 0x7585),
	VIDEO("HUC_STREAM_OBJECT", 0x75a0),
	VIDEO("HUC_START", 0x75a1),
	VIDEO("MFX_JPEG_PIC_STATE", 0x7700),
	VIDEO("MFX_JPEG_HUFF_TABLE_STATE", 0x7702),
	VIDEO("MFD_JPEG_BSD_OBJECT", 0x7728),
	VIDEO("MFC_JPEG_HUFF_TABLE_STATE", 0x7743),
	VIDEO("MFC_JPEG_SCAN_OBJECT", 0x7749),
	VIDEO("VD_PIPELINE_FLUSH", 0x7780),
	STATE("3DSTATE_CLEAR_PARAMS", 0x7804, 3),
	STATE("3DSTATE_DEPTH_BUFFER", 0x7805, 8),
	STATE("3DSTATE_STENCIL_BUFFER", 0x7806, 5),
	STATE("3DSTATE_HIER_DEPTH_BUFFER", 0x7807, 5),
	KEYED("3DSTATE_VERTEX_BUFFERS", 0x7808, 5, VERTEX_BUFFER),
	STATE("3DSTATE_VERTEX_ELEMENTS", 0x7809, 69),
	STATE("3DSTATE_INDEX_BUFFER", 0x780a, 5),
	STATE("3DSTATE_VF", 0x780c, 2),
	STATE("3DSTATE_MULTISAMPLE", 0x780d, 2),
	STATE("3DSTATE_CC_STATE_POINTERS", 0x780e, 2),
	STATE("3DSTATE_SCISSOR_STATE_POINTERS", 0x780f, 2),
	STATE("3DSTATE_VS", 0x7810, 9),
	STATE("3DSTATE_GS", 0x7811, 10),
	STATE("3DSTATE_CLIP", 0x7812, 4),
	STATE("3DSTATE_SF", 0x7813, 4),
	STATE("3DSTATE_WM", 0x7814, 2),
	STATE("3DSTATE_CONSTANT_VS", 0x7815, 11),
	STATE("3DSTATE_CONSTANT_GS", 0x7816, 11),
	STATE("3DSTATE_CONSTANT_PS", 0x7817, 11),
	STATE("3DSTATE_SAMPLE_MASK", 0x7818, 2),
	STATE("3DSTATE_CONSTANT_HS", 0x7819, 11),
	STATE("3DSTATE_CONSTANT_DS", 0x781a, 11),
	STATE("3DSTATE_HS", 0x781b, 9),
	STATE("3DSTATE_TE", 0x781c, 4),
	STATE("3DSTATE_DS", 0x781d, 11),
	STATE("3DSTATE_STREAMOUT", 0x781e, 5),
	STATE("3DSTATE_SBE", 0x781f, 6),
	STATE("3DSTATE_PS", 0x7820, 12),
	STATE("3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP", 0x7821, 2),
	STATE("3DSTATE_VIEWPORT_STATE_POINTERS_CC", 0x7823, 2),
	STATE("3DSTATE_BLEND_STATE_POINTERS", 0x7824, 2),
	STATE("3DSTATE_DEPTH_STENCIL_STATE_POINTERS", 0x7825, 2),
	POINTER("3DSTATE_BINDING_TABLE_POINTERS_VS", 0x7826),
	POINTER("3DSTATE_BINDING_TABLE_POINTERS_HS", 0x7827),
	POINTER("3DSTATE_BINDING_TABLE_POINTERS_DS", 0x7828),
	POINTER("3DSTATE_BINDING_TABLE_POINTERS_GS", 0x7829),
	POINTER("3DSTATE_BINDING_TABLE_POINTERS_PS", 0x782a),
	POINTER("3DSTATE_SAMPLER_STATE_POINTERS_VS", 0x782b),
	POINTER("3DSTATE_SAMPLER_STATE_POINTERS_HS", 0x782c),
	POINTER("3DSTATE_SAMPLER_STATE_POINTERS_DS", 0x782d),
	POINTER("3DSTATE_SAMPLER_STATE_POINTERS_GS", 0x782e),
	POINTER("3DSTATE_SAMPLER_STATE_POINTERS_PS", 0x782f),
	STATE("3DSTATE_URB_VS", 0x7830, 2),
	STATE("3DSTATE_URB_HS", 0x7831, 2),
	STATE("3DSTATE_URB_DS", 0x7832, 2),
	STATE("3DSTATE_URB_GS", 0x7833, 2),
	STATE("3DSTATE_GATHER_CONSTANT_VS", 0x7834, 257),
	STATE("3DSTATE_GATHER_CONSTANT_GS", 0x7835, 257),
	STATE("3DSTATE_GATHER_CONSTANT_HS", 0x7836, 257),
	STATE("3DSTATE_GATHER_CONSTANT_DS", 0x7837, 257),
	STATE("3DSTATE_GATHER_CONSTANT_PS", 0x7838, 257),
	IGNORED("3DSTATE_DX9_CONSTANTF_VS", 0x7839, 0x7ff),
	IGNORED("3DSTATE_DX9_CONSTANTF_PS", 0x783a, 0x7ff),
	IGNORED("3DSTATE_DX9_CONSTANTI_VS", 0x783b, 0xff),
	IGNORED("3DSTATE_DX9_CONSTANTI_PS", 0x783c, 0xff),
	IGNORED("3DSTATE_DX9_CONSTANTB_VS", 0x783d, 0xff),
	IGNORED("3DSTATE_DX9_CONSTANTB_PS", 0x783e, 0xff),
	IGNORED("3DSTATE_DX9_LOCAL_VALID_VS", 0x783f, 0xff),
	IGNORED("3DSTATE_DX9_LOCAL_VALID_PS", 0x7840, 0xff),
	IGNORED("3DSTATE_DX9_GENERATE_ACTIVE_VS", 0x7841, 0xff),
	IGNORED("3DSTATE_DX9_GENERATE_ACTIVE_PS", 0x7842, 0xff),
	IGNORED("3DSTATE_BINDING_TABLE_EDIT_VS", 0x7843, 0x1ff),
	IGNORED("3DSTATE_BINDING_TABLE_EDIT_GS", 0x7844, 0x1ff),
	IGNORED("3DSTATE_BINDING_TABLE_EDIT_HS", 0x7845, 0x1ff),
	IGNORED("3DSTATE_BINDING_TABLE_EDIT_DS", 0x7846, 0x1ff),
	IGNORED("3DSTATE_BINDING_TABLE_EDIT_PS", 0x7847, 0x1ff),
	STATE("3DSTATE_VF_HASHING", 0x7848, 257),
	KEYED("3DSTATE_VF_INSTANCING", 0x7849, 3, VERTEX_INSTANCE),
	STATE("3DSTATE_VF_SGVS", 0x784a, 2),
	STATE("3DSTATE_VF_TOPOLOGY", 0x784b, 2),
	STATE("3DSTATE_WM_CHROMAKEY", 0x784c, 2),
	STATE("3DSTATE_PS_BLEND", 0x784d, 2),
	STATE("3DSTATE_WM_DEPTH_STENCIL", 0x784e, 4),
	STATE("3DSTATE_PS_EXTRA", 0x784f, 2),
	STATE("3DSTATE_RASTER", 0x7850, 5),
	STATE("3DSTATE_SBE_SWIZ", 0x7851, 11),
	{GFX("3DSTATE_WM_HZ_OP", 0x7852, 0xff, RCS, HZ_OP), .keep = 5},
	STATE("3DSTATE_RS_CONSTANT_POINTER", 0x7854, 4),
	STATE("3DSTATE_VF_COMPONENT_PACKING", 0x7855, 5),
	STATE("3DSTATE_DRAWING_RECTANGLE", 0x7900, 4),
	STATE("3DSTATE_SAMPLER_PALETTE_LOAD0", 0x7902, 257),
	STATE("3DSTATE_CHROMA_KEY", 0x7904, 4),
	STATE("3DSTATE_POLY_STIPPLE_OFFSET", 0x7906, 2),
	STATE("3DSTATE_POLY_STIPPLE_PATTERN", 0x7907, 33),
	STATE("3DSTATE_LINE_STIPPLE", 0x7908, 3),
	STATE("3DSTATE_AA_LINE_PARAMETERS", 0x790a, 3),
	IGNORED("3DSTATE_GS_SVB_INDEX", 0x790b, 0xff),
	STATE("3DSTATE_SAMPLER_PALETTE_LOAD1", 0x790c, 257),
	IGNORED("3DSTATE_MULTISAMPLE (non-pipelined)", 0x790d, 0xff),
	STATE("3DSTATE_MONOFILTER_SIZE", 0x7911, 2),
	STATE("3DSTATE_PUSH_CONSTANT_ALLOC_VS", 0x7912, 2),
	STATE("3DSTATE_PUSH_CONSTANT_ALLOC_HS", 0x7913, 2),
	STATE("3DSTATE_PUSH_CONSTANT_ALLOC_DS", 0x7914, 2),
	STATE("3DSTATE_PUSH_CONSTANT_ALLOC_GS", 0x7915, 2),
	STATE("3DSTATE_PUSH_CONSTANT_ALLOC_PS", 0x7916, 2),
	LONG_STATE("3DSTATE_SO_DECL_LIST", 0x7917, 259),
	{
		GFX("3DSTATE_SO_BUFFER", 0x7918, 0xff, RCS, STREAM_BUFFER),
		.keep = 8,
		.key = UGVT_KEY_SO_BUFFER,
	},
	STATE("3DSTATE_BINDING_TABLE_POOL_ALLOC", 0x7919, 4),
	STATE("3DSTATE_GATHER_POOL_ALLOC", 0x791a, 4),
	STATE("3DSTATE_DX9_CONSTANT_BUFFER_POOL_ALLOC", 0x791b, 4),
	STATE("3DSTATE_SAMPLE_PATTERN", 0x791c, 9),
	IGNORED("3DSTATE_URB_CLEAR", 0x791d, 0xff),
	{
		.name = "PIPE_CONTROL",
		.header = 0x7a000000,
		.mask = MASK_GFX,
		.length_mask = 0xff,
		.bias = 2,
		.engines = RCS,
		.action = UGVT_ACTION_PIPE_CONTROL,
		.flags = UGVT_COMMAND_PREEMPT_GPGPU,
	},
	{
		.name = "3DPRIMITIVE",
		.header = 0x7b000000,
		.mask = MASK_GFX,
		.predicate = UGVT_BIT(8),
		.length_mask = 0xff,
		.bias = 2,
		.engines = RCS,
		.action = UGVT_ACTION_PRIMITIVE,
		.flags = UGVT_COMMAND_PREEMPT_OBJECT,
	},
};

const size_t ugvt_command_count = UGVT_ARRAY_SIZE(ugvt_commands);
