/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_CS_REGS_H
#define UGVT_GPU_CS_REGS_H

/* Registers that the command streamers themselves use. Offsets from the engine's base: i915 gt/intel_engine_regs.h. */
#define RING_TAIL 0x30
#define RING_TAIL_MASK 0x1ffff8u
#define RING_HEAD 0x34
#define RING_HEAD_MASK 0x1ffffcu
#define RING_HEAD_WRAP 0x200000u
#define RING_START 0x38
#define RING_CTL 0x3c
#define RING_CTL_PAGES 0x1ff000u
#define RING_CTL_WAIT_SEMAPHORE (1u << 10)
#define RING_CTL_WAIT_EVENT (1u << 11)
#define RING_CTL_VALID 1u
#define RING_ACTHD_UDW 0x5c
#define RING_IPEIR 0x64
#define RING_IPEHR 0x68
#define RING_INSTDONE 0x6c
#define RING_ACTHD 0x74
#define RING_HWS_PGA 0x80
#define RING_NOPID 0x94
#define RING_MI_MODE 0x9c
#define MI_MODE_IDLE (1u << 9)
#define MI_MODE_STOP (1u << 8)
#define RING_EIR 0xb0
#define RING_EMR 0xb4
#define RING_ESR 0xb8
#define ERROR_INSTRUCTION (1u << 0)
#define ERROR_PRIVILEGE (1u << 2)
#define RING_BB_STATE 0x110
#define BB_STATE_PPGTT (1u << 5)
#define RING_SBB_ADDR 0x114
#define RING_SBB_STATE 0x118
#define RING_SBB_ADDR_UDW 0x11c
#define RING_BB_ADDR 0x140
#define BB_ADDR_VALID 1u
#define RING_BB_START_ADDR 0x150
#define RING_BB_OFFSET 0x158
#define RING_BB_ADDR_UDW 0x168
#define RING_BB_START_ADDR_UDW 0x170
#define RING_CCID 0x180
#define RING_BB_PER_CTX_PTR 0x1c0
#define RING_INDIRECT_CTX 0x1c4
#define RING_CTX_CONTROL 0x244
#define CTX_CONTROL_RESTORE_INHIBIT (1u << 0)
#define CTX_CONTROL_SAVE_INHIBIT (1u << 2)
#define RING_PDP 0x270
#define RING_TIMESTAMP 0x358
#define RING_TIMESTAMP_UDW 0x35c
#define RING_CTX_TIMESTAMP 0x3a8
#define RING_PREDICATE_RESULT_2 0x3bc
#define RING_PREDICATE_SRC0 0x400
#define RING_PREDICATE_SRC1 0x408
#define RING_PREDICATE_DATA 0x410
#define RING_PREDICATE_RESULT 0x418
#define RING_PREDICATE_RESULT_1 0x41c
#define RING_FORCE_TO_NONPRIV 0x4d0
#define FORCE_TO_NONPRIV_SLOTS 12
#define RING_CS_GPR 0x600

/* Of the render engine only. */
#define PS_DEPTH_COUNT 0x2350
#define CS_CHICKEN1 0x2580
#define CS_CHICKEN1_OBJECT_LEVEL 1u
#define OACONTROL 0x2b00

/* Of the memory interface: i915 gt/intel_gt_regs.h, GEN8_RING_FAULT_REG and GEN8_FAULT_TLB_DATA. */
#define FAULT_REG 0x4094
#define FAULT_REG_VALID 1u
#define FAULT_TLB_DATA0 0x4b10
#define FAULT_TLB_DATA1 0x4b14
#define FAULT_TLB_DATA1_GGTT (1u << 4)

#endif
