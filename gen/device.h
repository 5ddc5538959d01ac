/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_DEVICE_H
#define UGVT_GEN_DEVICE_H

#include <stdint.h>

/* The Gen9 platforms that a vGPU can be. Values are bits, so that a register row can name several. */
enum ugvt_platform {
	UGVT_SKL = 1 << 0, // Skylake
	UGVT_KBL = 1 << 1, // Kaby Lake
	UGVT_CFL = 1 << 2, // Coffee Lake
	UGVT_GEN9 = UGVT_SKL | UGVT_KBL | UGVT_CFL,
};

struct ugvt_device_info {
	const char *name;      // as the configuration file spells it: "skl"
	const char *marketing; // "HD Graphics 530 (SKL GT2)"
	enum ugvt_platform platform;
	uint16_t device_id;
	uint8_t revision; // a production stepping
	uint8_t slices;
	uint8_t subslices; // per slice
	uint8_t eus_per_subslice;
	uint32_t timestamp_hz; // of the command streamers' TIMESTAMP
};

/* The device called name ("skl", "kbl", "cfl"), or NULL. */
const struct ugvt_device_info *ugvt_device_find(const char *name);
/* Device i in a fixed order, the default first; NULL past the end. */
const struct ugvt_device_info *ugvt_device_at(unsigned i);

#endif
