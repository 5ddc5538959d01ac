/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_HOOKS_ENGINE_H
#define UGVT_GEN_HOOKS_ENGINE_H

/* The hooks of UGVT_UNIT_ENGINE; which engine it is follows from the register's offset. */
enum ugvt_engine_hook {
	UGVT_ENGINE_HOOK_MI_MODE,         // read, write
	UGVT_ENGINE_HOOK_RESET_CTL,       // read, write
	UGVT_ENGINE_HOOK_ELSP,            // write
	UGVT_ENGINE_HOOK_EXECLIST_STATUS, // read; index 0: low dword, 1: high
	UGVT_ENGINE_HOOK_TIMESTAMP,       // read
	UGVT_ENGINE_HOOK_TIMESTAMP_UDW,   // read
};

#endif
