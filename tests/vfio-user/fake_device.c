/* SPDX-License-Identifier: MIT */
#include "tests/vfio-user/fake_device.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"

static const struct ugvt_pci_area bar2_areas[] = {{0x1000, 0x2000}, {0x8000, 0x1000}};

static struct fake_device *fake_from_pci(struct ugvt_pci_device *pci)
{
	return ugvt_container_of(pci, struct fake_device, pci);
}

static unsigned char *region_data(struct fake_device *fake, enum ugvt_pci_region region)
{
	return region == UGVT_PCI_CONFIG ? fake->config : fake->bar0;
}

static void fake_read(struct ugvt_pci_device *pci, enum ugvt_pci_region region, uint64_t offset,
	void *data, size_t size)
{
	struct fake_device *fake = fake_from_pci(pci);

	assert(size > 0 && offset + size <= pci->regions[region].size);
	memcpy(data, region_data(fake, region) + offset, size);
	atomic_fetch_add(&fake->reads, 1);
}

static void memory_touch(struct fake_device *fake)
{
	uint32_t result = 0;
	unsigned char byte;

	ugvt_guest_memory_begin(fake->pci.memory);
	result = ugvt_guest_memory_read(fake->pci.memory, 0, &byte, 1) ? byte : UGVT_BIT(31);
	ugvt_guest_memory_end(fake->pci.memory);
	memcpy(fake->bar0 + FAKE_REG_TOUCHED, &result, sizeof(result));
}

static void action_run(struct fake_device *fake, enum fake_action action)
{
	struct ugvt_irq_sink *sink = fake->pci.sink;

	switch (action) {
	case FAKE_ACTION_MSI: sink->impl->msi(sink, 0); break;
	case FAKE_ACTION_INTX_HIGH: sink->impl->intx(sink, true); break;
	case FAKE_ACTION_INTX_LOW: sink->impl->intx(sink, false); break;
	case FAKE_ACTION_TOUCH: memory_touch(fake); break;
	}
}

static void fake_write(struct ugvt_pci_device *pci, enum ugvt_pci_region region, uint64_t offset,
	const void *data, size_t size)
{
	struct fake_device *fake = fake_from_pci(pci);

	assert(size > 0 && offset + size <= pci->regions[region].size);
	memcpy(region_data(fake, region) + offset, data, size);
	atomic_fetch_add(&fake->writes, 1);
	if (region == UGVT_PCI_BAR0 && offset == FAKE_REG_ACTION) {
		action_run(fake, *(const unsigned char *)data);
	}
}

static void config_reset(unsigned char *config)
{
	static const unsigned char msi[] = {0x05, 0, 0x80, 0};
	const uint32_t id = FAKE_ID;

	memset(config, 0, FAKE_CONFIG_SIZE);
	memcpy(config, &id, sizeof(id));
	config[0x06] = 0x10; // there are capabilities
	config[0x34] = FAKE_MSI_CAP;
	memcpy(config + FAKE_MSI_CAP, msi, sizeof(msi));
	config[0x3d] = 1; // INTA
}

static void fake_reset(struct ugvt_pci_device *pci, enum ugvt_pci_reset why)
{
	struct fake_device *fake = fake_from_pci(pci);

	memset(fake->bar0, 0, sizeof(fake->bar0));
	config_reset(fake->config);
	if (pci->sink) {
		pci->sink->impl->intx(pci->sink, false);
	}
	if (why == UGVT_PCI_RESET_CLIENT) {
		usleep(fake->reset_ms * 1000);
		atomic_fetch_add(&fake->client_resets, 1);
	} else {
		atomic_fetch_add(&fake->disconnect_resets, 1);
	}
}

static const struct ugvt_pci_device_impl fake_impl = {
	.region_read = fake_read,
	.region_write = fake_write,
	.reset = fake_reset,
};

void fake_device_init(struct fake_device *fake)
{
	const uint32_t rw = UGVT_PCI_REGION_READ | UGVT_PCI_REGION_WRITE;

	memset(fake, 0, sizeof(*fake));
	ugvt_pci_device_init(&fake->pci, &fake_impl);
	fake->bar2_fd = memfd_create("bar2", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert(fake->bar2_fd >= 0 && ftruncate(fake->bar2_fd, FAKE_BAR2_SIZE + 0x1000) == 0);
	fcntl(fake->bar2_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	fake->pci.regions[UGVT_PCI_BAR0] =
		(struct ugvt_pci_region_info){.size = FAKE_BAR0_SIZE, .flags = rw, .fd = -1};
	fake->pci.regions[UGVT_PCI_BAR1] = (struct ugvt_pci_region_info){
		.size = 0x1000, .flags = UGVT_PCI_REGION_READ, .fd = -1};
	fake->pci.regions[UGVT_PCI_BAR2] = (struct ugvt_pci_region_info){
		.size = FAKE_BAR2_SIZE,
		.flags = rw | UGVT_PCI_REGION_MMAP,
		.fd = fake->bar2_fd,
		.fd_offset = 0x1000,
		.areas = bar2_areas,
		.n_areas = UGVT_ARRAY_SIZE(bar2_areas),
	};
	fake->pci.regions[UGVT_PCI_CONFIG] =
		(struct ugvt_pci_region_info){.size = FAKE_CONFIG_SIZE, .flags = rw, .fd = -1};
	fake->pci.irqs[UGVT_PCI_INTX] = 1;
	fake->pci.irqs[UGVT_PCI_MSI] = FAKE_MSI_VECTORS;
	fake->pci.irqs[UGVT_PCI_MSIX] = FAKE_MSIX_VECTORS;
	fake->pci.memory = ugvt_guest_memory_create();
	assert(fake->pci.memory);
	fake_reset(&fake->pci, UGVT_PCI_RESET_CLIENT);
	atomic_store(&fake->client_resets, 0);
}

void fake_device_finish(struct fake_device *fake)
{
	ugvt_guest_memory_destroy(fake->pci.memory);
	close(fake->bar2_fd);
}
