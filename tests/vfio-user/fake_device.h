/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_VFIO_USER_FAKE_DEVICE_H
#define UGVT_TESTS_VFIO_USER_FAKE_DEVICE_H

#include <stdatomic.h>
#include <stdint.h>

#include "device/guest_memory.h"
#include "device/pci_device.h"

#define FAKE_BAR0_SIZE 0x20000u
#define FAKE_BAR2_SIZE 0x10000u
#define FAKE_CONFIG_SIZE 256u
#define FAKE_ID 0x19128086u // config, offset 0
#define FAKE_MSI_CAP 0x50u  // config: where its MSI capability is, a 64-bit one for one vector
#define FAKE_MSI_VECTORS 4
#define FAKE_MSIX_VECTORS 40

/* Writes to this BAR0 register make the device act from inside the write. */
#define FAKE_REG_ACTION 0x1000u
enum fake_action {
	FAKE_ACTION_MSI = 1,   // fires MSI 0
	FAKE_ACTION_INTX_HIGH, // sets INTx
	FAKE_ACTION_INTX_LOW,
	FAKE_ACTION_TOUCH, // reads the byte at guest address 0 into FAKE_REG_TOUCHED
};
#define FAKE_REG_TOUCHED 0x1004u // bits 7:0 the byte; bit 31: could not be reached

/* BAR0 is memory, BAR1 can only be read, BAR2 can be mapped in two places, CONFIG is memory. */
struct fake_device {
	struct ugvt_pci_device pci;
	unsigned char bar0[FAKE_BAR0_SIZE];
	unsigned char config[FAKE_CONFIG_SIZE];
	int bar2_fd;
	atomic_uint reads, writes; // that reached the device
	atomic_uint client_resets, disconnect_resets;
	unsigned reset_ms; // how long a client's reset takes
};

void fake_device_init(struct fake_device *fake);
void fake_device_finish(struct fake_device *fake);

#endif
