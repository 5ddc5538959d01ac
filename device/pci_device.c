/* SPDX-License-Identifier: MIT */
#include "device/pci_device.h"

#include <assert.h>

void ugvt_pci_device_init(struct ugvt_pci_device *dev, const struct ugvt_pci_device_impl *impl)
{
	assert(impl->region_read && impl->region_write && impl->reset);
	*dev = (struct ugvt_pci_device){.impl = impl};
}
