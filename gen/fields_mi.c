/* SPDX-License-Identifier: MIT */
#include "gen/fields_rows.h"

/* MI commands: names and bits are those of Mesa src/intel/genxml/gen9.xml. */

// clang-format off

static const struct ugvt_field mi_atomic[] = {
	UINT("ATOMIC OPCODE", 8, 15),
	BOOL("Return Data Control", 16, 16),
	BOOL("CS STALL", 17, 17),
	BOOL("Inline Data", 18, 18),
	ENUM("Data Size", 19, 20, "DWORD|QWORD|OCTWORD|RESERVED"),
	BOOL("Post-Sync Operation", 21, 21),
	ENUM("Memory Type", 22, 22, "Per Process Graphics Address|Global Graphics Address"),
	ADDRESS("Memory Address", 34, 79),
	UINT("Operand1 Data Dword 0", 96, 127),
	UINT("Operand2 Data Dword 0", 128, 159),
	UINT("Operand1 Data Dword 1", 160, 191),
	UINT("Operand2 Data Dword 1", 192, 223),
	UINT("Operand1 Data Dword 2", 224, 255),
	UINT("Operand2 Data Dword 2", 256, 287),
	UINT("Operand1 Data Dword 3", 288, 319),
	UINT("Operand2 Data Dword 3", 320, 351),
};

static const struct ugvt_field mi_batch_buffer_start[] = {
	ENUM("Address Space Indicator", 8, 8, "GGTT|PPGTT"),
	BOOL("Resource Streamer Enable", 10, 10),
	BOOL("Predication Enable", 15, 15),
	BOOL("Add Offset Enable", 16, 16),
	ENUM("Second Level Batch Buffer", 22, 22, "First level batch|Second level batch"),
	ADDRESS("Batch Buffer Start Address", 34, 95),
};

static const struct ugvt_field mi_clflush[] = {
	BOOL("Use Global GTT", 22, 22),
	UINT("Starting Cacheline Offset", 38, 43),
	ADDRESS("Page Base Address", 44, 79),
	GROUP(96, 32, 1, 0),
	UINT("DW Representing a Half Cache Line", 0, 31),
};

static const struct ugvt_field mi_conditional_batch_buffer_end[] = {
	ENUM("Compare Mask Mode", 19, 19, "Compare Mask Mode Disabled|Compare Mask Mode Enabled"),
	BOOL("Use Global GTT", 22, 22),
	UINT("Compare Data Dword", 32, 63),
	ADDRESS("Compare Address", 67, 127),
};

static const struct ugvt_field mi_copy_mem_mem[] = {
	BOOL("Use Global GTT Destination", 21, 21),
	BOOL("Use Global GTT Source", 22, 22),
	ADDRESS("Destination Memory Address", 34, 95),
	ADDRESS("Source Memory Address", 98, 159),
};

static const struct ugvt_field mi_display_flip[] = {
	ENUM("Display Plane Select", 8, 12, "Display Plane 1|Display Plane 2|Display Plane 3||Display Plane 4|Display Plane 5|Display Plane 6|Display Plane 7|Display Plane 8|Display Plane 9|Display Plane 10|Display Plane 11|Display Plane 12"),
	BOOL("Async Flip Indicator", 22, 22),
	UINT("Tile Parameter", 32, 34),
	UINT("Display Buffer Pitch", 38, 47),
	BOOL("Stereoscopic 3D Mode", 63, 63),
	ENUM("Flip Type", 64, 65, "Sync Flip|Async Flip|Stereo 3D Flip"),
	ADDRESS("Display Buffer Base Address", 76, 95),
	ADDRESS("Left Eye Display Buffer Base Address", 108, 127),
};

static const struct ugvt_field mi_flush_dw[] = {
	BOOL("Video Pipeline Cache Invalidate", 7, 7),
	BOOL("Notify Enable", 8, 8),
	BOOL("Flush LLC", 9, 9),
	UINT("Post-Sync Operation", 14, 15),
	BOOL("TLB Invalidate", 18, 18),
	UINT("Store Data Index", 21, 21),
	ENUM("Destination Address Type", 34, 34, "PPGTT|GGTT"),
	ADDRESS("Address", 35, 79),
	UINT("Immediate Data", 96, 159),
};

static const struct ugvt_field mi_force_wakeup[] = {
	UINT("Force Media Awake", 32, 32),
	UINT("Force Render Awake", 33, 33),
	HEX("Mask Bits", 48, 63),
};

static const struct ugvt_field mi_load_register_imm[] = {
	UINT("Byte Write Disables", 8, 11),
	GROUP(32, 64, 2, 0),
	REGISTER("Register Offset", 2, 22),
	HEX("Data DWord", 32, 63),
};

static const struct ugvt_field mi_load_register_mem[] = {
	BOOL("Async Mode Enable", 21, 21),
	BOOL("Use Global GTT", 22, 22),
	REGISTER("Register Address", 34, 54),
	ADDRESS("Memory Address", 66, 127),
};

static const struct ugvt_field mi_load_register_reg[] = {
	REGISTER("Source Register Address", 34, 54),
	REGISTER("Destination Register Address", 66, 86),
};

static const struct ugvt_field mi_load_scan_lines_excl[] = {
	ENUM("Display (Plane) Select", 19, 21, "Display Plane A|Display Plane B|||Display Plane C"),
	UINT("End Scan Line Number", 32, 44),
	UINT("Start Scan Line Number", 48, 60),
};

static const struct ugvt_field mi_load_scan_lines_incl[] = {
	UINT("Scan Line Event Done Forward", 17, 18),
	ENUM("Display (Plane) Select", 19, 21, "Display Plane 1 A|Display Plane 1 B|||Display Plane 1 C"),
	UINT("End Scan Line Number", 32, 44),
	UINT("Start Scan Line Number", 48, 60),
};

static const struct ugvt_field mi_load_urb_mem[] = {
	UINT("URB Address", 34, 46),
	ADDRESS("Memory Address", 70, 127),
};

static const struct ugvt_field mi_math[] = {
	GROUP(32, 32, 3, 0),
	UINT("Operand 2", 0, 9),
	UINT("Operand 1", 10, 19),
	UINT("ALU Opcode", 20, 31),
};

static const struct ugvt_field mi_noop[] = {
	UINT("Identification Number", 0, 21),
	BOOL("Identification Number Register Write Enable", 22, 22),
};

static const struct ugvt_field mi_predicate[] = {
	ENUM("Compare Operation", 0, 1, "TRUE|FALSE|SRCS_EQUAL|DELTAS_EQUAL"),
	ENUM("Combine Operation", 3, 4, "SET|AND|OR|XOR"),
	ENUM("Load Operation", 6, 7, "KEEP||LOAD|LOADINV"),
};

static const struct ugvt_field mi_report_perf_count[] = {
	BOOL("Use Global GTT", 32, 32),
	UINT("Core Mode Enable", 36, 36),
	ADDRESS("Memory Address", 38, 95),
	UINT("Report ID", 96, 127),
};

static const struct ugvt_field mi_rs_context[] = {
	ENUM("Resource Streamer Save", 0, 0, "Restore|Save"),
};

static const struct ugvt_field mi_rs_control[] = {
	ENUM("Resource Streamer Control", 0, 0, "Stop|Start"),
};

static const struct ugvt_field mi_rs_store_data_imm[] = {
	UINT("Core Mode Enable", 32, 32),
	ADDRESS("Destination Address", 34, 95),
	UINT("Data DWord 0", 96, 127),
};

static const struct ugvt_field mi_semaphore_signal[] = {
	ENUM("Target Engine Select", 15, 17, "RCS|VCS0|BCS|VECS|VCS1"),
	BOOL("Post-Sync Operation", 21, 21),
	UINT("Target Context ID", 32, 63),
};

static const struct ugvt_field mi_semaphore_wait[] = {
	ENUM("Compare Operation", 12, 14, "SAD_GREATER_THAN_SDD|SAD_GREATER_THAN_OR_EQUAL_SDD|SAD_LESS_THAN_SDD|SAD_LESS_THAN_OR_EQUAL_SDD|SAD_EQUAL_SDD|SAD_NOT_EQUAL_SDD"),
	ENUM("Wait Mode", 15, 15, "Signal Mode|Polling Mode"),
	BOOL("Register Poll Mode", 16, 16),
	ENUM("Memory Type", 22, 22, "Per Process Graphics Address|Global Graphics Address"),
	UINT("Semaphore Data Dword", 32, 63),
	ADDRESS("Semaphore Address", 66, 127),
};

static const struct ugvt_field mi_set_context[] = {
	UINT("Restore Inhibit", 32, 32),
	UINT("Force Restore", 33, 33),
	BOOL("Resource Streamer State Restore Enable", 34, 34),
	BOOL("Resource Streamer State Save Enable", 35, 35),
	BOOL("Core Mode Enable", 36, 36),
	UINT("Reserved, Must be 1", 40, 40),
	ADDRESS("Logical Context Address", 44, 63),
};

static const struct ugvt_field mi_set_predicate[] = {
	ENUM("PREDICATE ENABLE", 0, 3, "NOOP Never|NOOP on Result2 clear|NOOP on Result2 set|NOOP on Result clear|NOOP on Result set|Execute when one slice enabled.|Execute when two slices are enabled.|Execute when three slices are enabled.||||||||NOOP Always"),
};

static const struct ugvt_field mi_store_data_imm[] = {
	UINT("Store Qword", 21, 21),
	BOOL("Use Global GTT", 22, 22),
	UINT("Core Mode Enable", 32, 32),
	ADDRESS("Address", 34, 79),
	UINT("Immediate Data", 96, 159),
};

static const struct ugvt_field mi_store_data_index[] = {
	UINT("Use Per-Process Hardware Status Page", 21, 21),
	UINT("Offset", 34, 43),
	UINT("Data DWord 0", 64, 95),
	UINT("Data DWord 1", 96, 127),
};

static const struct ugvt_field mi_store_register_mem[] = {
	BOOL("Predicate Enable", 21, 21),
	BOOL("Use Global GTT", 22, 22),
	REGISTER("Register Address", 34, 54),
	ADDRESS("Memory Address", 66, 127),
};

static const struct ugvt_field mi_suspend_flush[] = {
	BOOL("Suspend Flush", 0, 0),
};

static const struct ugvt_field mi_topology_filter[] = {
	TOPOLOGY("Topology Filter Value", 0, 5),
};

static const struct ugvt_field mi_urb_atomic_alloc[] = {
	UINT("URB Atomic Storage Size", 0, 8),
	UINT("URB Atomic Storage Offset", 12, 19),
};

static const struct ugvt_field mi_wait_for_event[] = {
	BOOL("Display Plnae 1 A Scan Line Wait Enable", 0, 0),
	BOOL("Display Plane 1 Flip Pending Wait Enable", 1, 1),
	BOOL("Display Plane 4 Flip Pending Wait Enable", 2, 2),
	BOOL("Display Plane 1 A Vertical Blank Wait Enable", 3, 3),
	BOOL("Display Plane 7 Flip Pending Wait Enable", 6, 6),
	BOOL("Display Plane 8 Flip Pending Wait Enable", 7, 7),
	BOOL("Display Plane 1 B Scan Line Wait Enable", 8, 8),
	BOOL("Display Plane 2 Flip Pending Wait Enable", 9, 9),
	BOOL("Display Plane 5 Flip Pending Wait Enable", 10, 10),
	BOOL("Display Plane 1 B Vertical Blank Wait Enable", 11, 11),
	BOOL("Display Plane 1 C Scan Line Wait Enable", 14, 14),
	BOOL("Display Plane 3 Flip Pending Wait Enable", 15, 15),
	BOOL("Display Plane 9 Flip Pending Wait Enable", 16, 16),
	BOOL("Display Plane 10 Flip Pending Wait Enable", 17, 17),
	BOOL("Display Plane 11 Flip Pending Wait Enable", 18, 18),
	BOOL("Display Plane 12 Flip Pending Wait Enable", 19, 19),
	BOOL("Display Plane 6 Flip Pending Wait Enable", 20, 20),
	BOOL("Display Plane 1 C Vertical Blank Wait Enable", 21, 21),
};

const struct ugvt_layout ugvt_layouts_mi[] = {
	{"MI_ARB_CHECK", NULL, 0},
	{"MI_ARB_ON_OFF", NULL, 0},
	LAYOUT("MI_ATOMIC", mi_atomic),
	{"MI_BATCH_BUFFER_END", NULL, 0},
	LAYOUT("MI_BATCH_BUFFER_START", mi_batch_buffer_start),
	LAYOUT("MI_CLFLUSH", mi_clflush),
	LAYOUT("MI_CONDITIONAL_BATCH_BUFFER_END", mi_conditional_batch_buffer_end),
	LAYOUT("MI_COPY_MEM_MEM", mi_copy_mem_mem),
	LAYOUT("MI_DISPLAY_FLIP", mi_display_flip),
	LAYOUT("MI_FLUSH_DW", mi_flush_dw),
	LAYOUT("MI_FORCE_WAKEUP", mi_force_wakeup),
	LAYOUT("MI_LOAD_REGISTER_IMM", mi_load_register_imm),
	LAYOUT("MI_LOAD_REGISTER_MEM", mi_load_register_mem),
	LAYOUT("MI_LOAD_REGISTER_REG", mi_load_register_reg),
	LAYOUT("MI_LOAD_SCAN_LINES_EXCL", mi_load_scan_lines_excl),
	LAYOUT("MI_LOAD_SCAN_LINES_INCL", mi_load_scan_lines_incl),
	LAYOUT("MI_LOAD_URB_MEM", mi_load_urb_mem),
	LAYOUT("MI_MATH", mi_math),
	LAYOUT("MI_NOOP", mi_noop),
	LAYOUT("MI_PREDICATE", mi_predicate),
	{"MI_REPORT_HEAD", NULL, 0},
	LAYOUT("MI_REPORT_PERF_COUNT", mi_report_perf_count),
	LAYOUT("MI_RS_CONTEXT", mi_rs_context),
	LAYOUT("MI_RS_CONTROL", mi_rs_control),
	LAYOUT("MI_RS_STORE_DATA_IMM", mi_rs_store_data_imm),
	LAYOUT("MI_SEMAPHORE_SIGNAL", mi_semaphore_signal),
	LAYOUT("MI_SEMAPHORE_WAIT", mi_semaphore_wait),
	LAYOUT("MI_SET_CONTEXT", mi_set_context),
	LAYOUT("MI_SET_PREDICATE", mi_set_predicate),
	LAYOUT("MI_STORE_DATA_IMM", mi_store_data_imm),
	LAYOUT("MI_STORE_DATA_INDEX", mi_store_data_index),
	LAYOUT("MI_STORE_REGISTER_MEM", mi_store_register_mem),
	LAYOUT("MI_STORE_URB_MEM", mi_load_urb_mem),
	LAYOUT("MI_SUSPEND_FLUSH", mi_suspend_flush),
	LAYOUT("MI_TOPOLOGY_FILTER", mi_topology_filter),
	LAYOUT("MI_URB_ATOMIC_ALLOC", mi_urb_atomic_alloc),
	{"MI_USER_INTERRUPT", NULL, 0},
	LAYOUT("MI_WAIT_FOR_EVENT", mi_wait_for_event),
	{0},
};

// clang-format on
