/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_VBIOS_H
#define UGVT_DISPLAY_VBIOS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The expansion ROM: an x86 image that does nothing but return, so that a BIOS copies it to where video BIOSes are looked for, with
 * a video BIOS table (VBT) in it that says which ports the board has: one DisplayPort on port B or, on a desktop's board, two
 * DisplayPorts that can also be HDMI (B and D) and one HDMI (C). Without a table drivers take all
 * ports to be there with all that they could be, and look for panels and HDMI monitors on them: thousands of accesses.
 * PCI Firmware Specification 3.0, section 5.1; intel_vbt_defs.h.
 */

#define UGVT_VBIOS_SIZE 2048 // bytes: the least that an expansion ROM can have

void ugvt_vbios_build(uint8_t rom[UGVT_VBIOS_SIZE], uint16_t device_id, bool desktop);

#endif
