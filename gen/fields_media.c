/* SPDX-License-Identifier: MIT */
#include "gen/fields_rows.h"

/* Commands of the media pipeline, and those of both: names and bits are those of Mesa src/intel/genxml/gen9.xml. */

// clang-format off

static const struct ugvt_field gpgpu_csr_base_address[] = {
	ADDRESS("GPGPU CSR Base Address", 44, 95),
};

static const struct ugvt_field gpgpu_walker[] = {
	BOOL("Predicate Enable", 8, 8),
	BOOL("Indirect Parameter Enable", 10, 10),
	UINT("Interface Descriptor Offset", 32, 37),
	UINT("Indirect Data Length", 64, 80),
	ADDRESS("Indirect Data Start Address", 102, 127),
	UINT("Thread Width Counter Maximum", 128, 133),
	UINT("Thread Height Counter Maximum", 136, 141),
	UINT("Thread Depth Counter Maximum", 144, 149),
	ENUM("SIMD Size", 158, 159, "SIMD8|SIMD16|SIMD32"),
	UINT("Thread Group ID Starting X", 160, 191),
	UINT("Thread Group ID X Dimension", 224, 255),
	UINT("Thread Group ID Starting Y", 256, 287),
	UINT("Thread Group ID Y Dimension", 320, 351),
	UINT("Thread Group ID Starting/Resume Z", 352, 383),
	UINT("Thread Group ID Z Dimension", 384, 415),
	HEX("Right Execution Mask", 416, 447),
	HEX("Bottom Execution Mask", 448, 479),
};

static const struct ugvt_field media_curbe_load[] = {
	UINT("CURBE Total Data Length", 64, 80),
	UINT("CURBE Data Start Address", 96, 127),
};

static const struct ugvt_field media_interface_descriptor_load[] = {
	UINT("Interface Descriptor Total Length", 64, 80),
	ADDRESS("Interface Descriptor Data Start Address", 96, 127),
};

static const struct ugvt_field media_object[] = {
	UINT("Interface Descriptor Offset", 32, 37),
	UINT("Indirect Data Length", 64, 80),
	ENUM("SubSlice Destination Select", 81, 82, "SubSlice 0|SubSlice 1|SubSlice 2|Subslice 3"),
	ENUM("Slice Destination Select", 83, 84, "Slice 0|Slice 1|Slice 2"),
	ENUM("Use Scoreboard", 85, 85, "Not using scoreboard|Using scoreboard"),
	UINT("Force Destination", 86, 86),
	ENUM("Thread Synchronization", 88, 88, "No thread synchronization|Thread dispatch is synchronized by the 'spawn root thread' message"),
	UINT("Slice Destination Select MSBs", 89, 90),
	BOOL("Children Present", 95, 95),
	ADDRESS("Indirect Data Start Address", 96, 127),
	UINT("Scoreboard X", 128, 136),
	UINT("Scoredboard Y", 144, 152),
	HEX("Scoreboard Mask", 160, 167),
	UINT("Scoreboard Color", 176, 179),
	GROUP(192, 32, 1, 0),
	UINT("Inline Data", 0, 31),
};

static const struct ugvt_field media_object_grpid[] = {
	UINT("Interface Descriptor Offset", 32, 37),
	UINT("Indirect Data Length", 64, 80),
	ENUM("SubSlice Destination Select", 81, 82, "SubSlice 0|SubSlice 1|SubSlice 2|Subslice3"),
	ENUM("Slice Destination Select", 83, 84, "Slice 0|Slice 1|Slice 2"),
	ENUM("Use Scoreboard", 85, 85, "Not using scoreboard|Using scoreboard"),
	UINT("Force Destination", 86, 86),
	UINT("End of Thread Group", 87, 87),
	UINT("Slice Destination Select MSB", 88, 88),
	ADDRESS("Indirect Data Start Address", 96, 127),
	UINT("Scoreboard X", 128, 136),
	UINT("Scoreboard Y", 144, 152),
	HEX("Scoreboard Mask", 160, 167),
	UINT("Scoreboard Color", 176, 179),
	UINT("GroupID", 192, 223),
	GROUP(224, 32, 1, 0),
	UINT("Inline Data", 0, 31),
};

static const struct ugvt_field media_object_prt[] = {
	UINT("Interface Descriptor Offset", 32, 37),
	ENUM("PRT_FenceType", 86, 86, "Root thread queue|VFE state flush"),
	BOOL("PRT_Fence Needed", 87, 87),
	BOOL("Children Present", 95, 95),
	GROUP(128, 32, 1, 12),
	UINT("Inline Data", 0, 31),
};

static const struct ugvt_field media_object_walker[] = {
	UINT("Interface Descriptor Offset", 32, 37),
	UINT("Indirect Data Length", 64, 80),
	ENUM("Use Scoreboard", 85, 85, "Not using scoreboard|Using scoreboard"),
	UINT("Masked Dispatch", 86, 87),
	ENUM("Thread Synchronization", 88, 88, "No thread synchronization|Thread dispatch is synchronized by the 'spawn root thread' message"),
	UINT("Indirect Data Start Address", 96, 127),
	HEX("Scoreboard Mask", 160, 167),
	ENUM("Group ID Loop Select", 168, 191, "No_Groups|Color_Groups|InnerLocal_Groups|MidLocal_Groups|OuterLocal_Groups|InnerGlobal_Groups"),
	INT("Mid-Loop Unit X", 200, 201),
	INT("Local Mid-Loop Unit Y", 204, 205),
	UINT("Middle Loop Extra Steps", 208, 212),
	UINT("Color Count Minus One", 216, 219),
	UINT("Local Loop Exec Count", 224, 235),
	UINT("Global Loop Exec Count", 240, 251),
	UINT("Block Resolution X", 256, 266),
	UINT("Block Resolution Y", 272, 282),
	UINT("Local Start X", 288, 298),
	UINT("Local Start Y", 304, 314),
	INT("Local Outer Loop Stride X", 352, 363),
	INT("Local Outer Loop Stride Y", 368, 379),
	INT("Local Inner Loop Unit X", 384, 395),
	INT("Local Inner Loop Unit Y", 400, 411),
	UINT("Global Resolution X", 416, 426),
	UINT("Global Resolution Y", 432, 442),
	INT("Global Start X", 448, 459),
	INT("Global Start Y", 464, 475),
	INT("Global Outer Loop Stride X", 480, 491),
	INT("Global Outer Loop Stride Y", 496, 507),
	INT("Global Inner Loop Unit X", 512, 523),
	INT("Global Inner Loop Unit Y", 528, 539),
	GROUP(544, 32, 1, 0),
	UINT("Inline Data", 0, 31),
};

static const struct ugvt_field media_state_flush[] = {
	UINT("Interface Descriptor Offset", 32, 37),
	UINT("Watermark Required", 38, 38),
	BOOL("Flush to GO", 39, 39),
};

static const struct ugvt_field media_vfe_state[] = {
	UINT("Per Thread Scratch Space", 32, 35),
	UINT("Stack Size", 36, 39),
	ADDRESS("Scratch Space Base Pointer", 42, 79),
	ENUM("Reset Gateway Timer", 103, 103, "Maintaining the existing timestamp state|Resetting relative timer and latching the global timestamp"),
	UINT("Number of URB Entries", 104, 111),
	UINT("Maximum Number of Threads", 112, 127),
	ENUM("Slice Disable", 128, 129, "All Subslices Enabled|Only Slice 0 Enabled||Only Slice 0 Subslice 0 Enabled"),
	UINT("CURBE Allocation Size", 160, 175),
	UINT("URB Entry Allocation Size", 176, 191),
	HEX("Scoreboard Mask", 192, 199),
	ENUM("Scoreboard Type", 222, 222, "Stalling Scoreboard|Non-Stalling Scoreboard"),
	BOOL("Scoreboard Enable", 223, 223),
	INT("Scoreboard 0 Delta X", 224, 227),
	INT("Scoreboard 0 Delta Y", 228, 231),
	INT("Scoreboard 1 Delta X", 232, 235),
	INT("Scoreboard 1 Delta Y", 236, 239),
	INT("Scoreboard 2 Delta X", 240, 243),
	INT("Scoreboard 2 Delta Y", 244, 247),
	INT("Scoreboard 3 Delta X", 248, 251),
	INT("Scoreboard 3 Delta Y", 252, 255),
	INT("Scoreboard 4 Delta X", 256, 259),
	INT("Scoreboard 4 Delta Y", 260, 263),
	INT("Scoreboard 5 Delta X", 264, 267),
	INT("Scoreboard 5 Delta Y", 268, 271),
	INT("Scoreboard 6 Delta X", 272, 275),
	INT("Scoreboard 6 Delta Y", 276, 279),
	INT("Scoreboard 7 Delta X", 280, 283),
	INT("Scoreboard 7 Delta Y", 284, 287),
};

static const struct ugvt_field pipeline_select[] = {
	ENUM("Pipeline Selection", 0, 1, "3D|Media|GPGPU"),
	BOOL("Media Sampler DOP Clock Gate Enable", 4, 4),
	BOOL("Force Media Awake", 5, 5),
	HEX("Mask Bits", 8, 15),
};

static const struct ugvt_field pipe_control[] = {
	BOOL("Depth Cache Flush Enable", 32, 32),
	BOOL("Stall At Pixel Scoreboard", 33, 33),
	BOOL("State Cache Invalidation Enable", 34, 34),
	BOOL("Constant Cache Invalidation Enable", 35, 35),
	BOOL("VF Cache Invalidation Enable", 36, 36),
	BOOL("DC Flush Enable", 37, 37),
	BOOL("Pipe Control Flush Enable", 39, 39),
	BOOL("Notify Enable", 40, 40),
	BOOL("Indirect State Pointers Disable", 41, 41),
	BOOL("Texture Cache Invalidation Enable", 42, 42),
	BOOL("Instruction Cache Invalidate Enable", 43, 43),
	BOOL("Render Target Cache Flush Enable", 44, 44),
	BOOL("Depth Stall Enable", 45, 45),
	ENUM("Post Sync Operation", 46, 47, "No Write|Write Immediate Data|Write PS Depth Count|Write Timestamp"),
	BOOL("Generic Media State Clear", 48, 48),
	BOOL("TLB Invalidate", 50, 50),
	BOOL("Global Snapshot Count Reset", 51, 51),
	BOOL("Command Streamer Stall Enable", 52, 52),
	UINT("Store Data Index", 53, 53),
	ENUM("LRI Post Sync Operation", 55, 55, "No LRI Operation|MMIO Write Immediate Data"),
	ENUM("Destination Address Type", 56, 56, "PPGTT|GGTT"),
	BOOL("Flush LLC", 58, 58),
	ADDRESS("Address", 66, 111),
	UINT("Immediate Data", 128, 191),
};

static const struct ugvt_field state_base_address[] = {
	BOOL("General State Base Address Modify Enable", 32, 32),
	UINT("General State MOCS", 36, 42),
	ADDRESS("General State Base Address", 44, 95),
	UINT("Stateless Data Port Access MOCS", 112, 118),
	BOOL("Surface State Base Address Modify Enable", 128, 128),
	UINT("Surface State MOCS", 132, 138),
	ADDRESS("Surface State Base Address", 140, 191),
	BOOL("Dynamic State Base Address Modify Enable", 192, 192),
	UINT("Dynamic State MOCS", 196, 202),
	ADDRESS("Dynamic State Base Address", 204, 255),
	BOOL("Indirect Object Base Address Modify Enable", 256, 256),
	UINT("Indirect Object MOCS", 260, 266),
	ADDRESS("Indirect Object Base Address", 268, 319),
	BOOL("Instruction Base Address Modify Enable", 320, 320),
	UINT("Instruction MOCS", 324, 330),
	ADDRESS("Instruction Base Address", 332, 383),
	BOOL("General State Buffer Size Modify Enable", 384, 384),
	UINT("General State Buffer Size", 396, 415),
	BOOL("Dynamic State Buffer Size Modify Enable", 416, 416),
	UINT("Dynamic State Buffer Size", 428, 447),
	BOOL("Indirect Object Buffer Size Modify Enable", 448, 448),
	UINT("Indirect Object Buffer Size", 460, 479),
	BOOL("Instruction Buffer size Modify Enable", 480, 480),
	UINT("Instruction Buffer Size", 492, 511),
	BOOL("Bindless Surface State Base Address Modify Enable", 512, 512),
	UINT("Bindless Surface State MOCS", 516, 522),
	ADDRESS("Bindless Surface State Base Address", 524, 575),
	UINT("Bindless Surface State Size", 588, 607),
};

static const struct ugvt_field state_prefetch[] = {
	UINT("Prefetch Count", 32, 34),
	ADDRESS("Prefetch Pointer", 38, 63),
};

static const struct ugvt_field state_sip[] = {
	ADDRESS("System Instruction Pointer", 36, 95),
};

const struct ugvt_layout ugvt_layouts_media[] = {
	LAYOUT("GPGPU_CSR_BASE_ADDRESS", gpgpu_csr_base_address),
	LAYOUT("GPGPU_WALKER", gpgpu_walker),
	LAYOUT("MEDIA_CURBE_LOAD", media_curbe_load),
	LAYOUT("MEDIA_INTERFACE_DESCRIPTOR_LOAD", media_interface_descriptor_load),
	LAYOUT("MEDIA_OBJECT", media_object),
	LAYOUT("MEDIA_OBJECT_GRPID", media_object_grpid),
	LAYOUT("MEDIA_OBJECT_PRT", media_object_prt),
	LAYOUT("MEDIA_OBJECT_WALKER", media_object_walker),
	LAYOUT("MEDIA_STATE_FLUSH", media_state_flush),
	LAYOUT("MEDIA_VFE_STATE", media_vfe_state),
	LAYOUT("PIPELINE_SELECT", pipeline_select),
	LAYOUT("PIPE_CONTROL", pipe_control),
	LAYOUT("STATE_BASE_ADDRESS", state_base_address),
	LAYOUT("STATE_PREFETCH", state_prefetch),
	LAYOUT("STATE_SIP", state_sip),
	{0},
};

// clang-format on
