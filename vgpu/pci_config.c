/* SPDX-License-Identifier: MIT */
#include <linux/pci_regs.h>
#include <string.h>

#include "base/bits.h"
#include "vgpu/vgpu_state.h"

/*
 * The configuration space of an integrated graphics device: PRM SKL vol 2c (GMCH graphics control, BDSM,
 * ASLS); the capability offsets are those of the real device.
 */

#define PCI_VENDOR_INTEL 0x8086
#define CLASS_VGA 0x0300
#define BAR0_SIZE (16u << 20)
#define CAP_MSI 0xac
#define CAP_PM 0xd0
#define GGC 0x50
#define GGC_GTT_8MB (3u << 6) // GGMS; GMS stays 0: no stolen memory

static void put16(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* A 64-bit memory BAR: the low size bits read as zero, so that a client can size it. */
static void bar_init(struct ugvt_pci_config *pci, unsigned at, uint64_t size, uint32_t flags)
{
	uint64_t mask = ~(size - 1);

	put32(&pci->data[at], flags | PCI_BASE_ADDRESS_MEM_TYPE_64);
	put32(&pci->writable[at], ugvt_lo32(mask) & ~0xfu);
	put32(&pci->writable[at + 4], ugvt_hi32(mask));
}

static void msi_init(struct ugvt_pci_config *pci)
{
	pci->data[CAP_MSI] = PCI_CAP_ID_MSI;
	pci->data[CAP_MSI + PCI_CAP_LIST_NEXT] = CAP_PM;
	put16(&pci->writable[CAP_MSI + PCI_MSI_FLAGS], PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
	put32(&pci->writable[CAP_MSI + PCI_MSI_ADDRESS_LO], ~0x3u);
	put16(&pci->writable[CAP_MSI + PCI_MSI_DATA_32], 0xffff);
}

/* D0 and D3hot, and nothing is lost in between. */
static void pm_init(struct ugvt_pci_config *pci)
{
	pci->data[CAP_PM] = PCI_CAP_ID_PM;
	put16(&pci->data[CAP_PM + PCI_PM_PMC], 0x2);
	put16(&pci->data[CAP_PM + PCI_PM_CTRL], PCI_PM_CTRL_NO_SOFT_RESET);
	put16(&pci->writable[CAP_PM + PCI_PM_CTRL], PCI_PM_CTRL_STATE_MASK);
}

void ugvt_pci_config_init(struct ugvt_pci_config *pci, const struct ugvt_vgpu_config *config)
{
	*pci = (struct ugvt_pci_config){0};
	put16(&pci->data[PCI_VENDOR_ID], PCI_VENDOR_INTEL);
	put16(&pci->data[PCI_DEVICE_ID], config->device->device_id);
	put16(&pci->data[PCI_STATUS], PCI_STATUS_CAP_LIST);
	put16(&pci->writable[PCI_COMMAND], PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
						   PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE);
	pci->data[PCI_REVISION_ID] = config->device->revision;
	put16(&pci->data[PCI_CLASS_DEVICE], CLASS_VGA);
	pci->writable[PCI_CACHE_LINE_SIZE] = 0xff;
	pci->writable[PCI_LATENCY_TIMER] = 0xff;
	bar_init(pci, PCI_BASE_ADDRESS_0, BAR0_SIZE, 0);
	bar_init(pci, PCI_BASE_ADDRESS_2, config->low_gm, PCI_BASE_ADDRESS_MEM_PREFETCH);
	put32(&pci->writable[PCI_ROM_ADDRESS], ~(UGVT_VBIOS_SIZE - 1) | PCI_ROM_ADDRESS_ENABLE);
	put16(&pci->data[PCI_SUBSYSTEM_VENDOR_ID], PCI_VENDOR_INTEL);
	put16(&pci->data[PCI_SUBSYSTEM_ID], config->device->device_id);
	pci->data[PCI_CAPABILITY_LIST] = CAP_MSI;
	pci->data[PCI_INTERRUPT_PIN] = 1;
	pci->writable[PCI_INTERRUPT_LINE] = 0xff;
	put16(&pci->data[GGC], GGC_GTT_8MB);
	msi_init(pci);
	pm_init(pci);
}

bool ugvt_pci_config_bus_master(const struct ugvt_pci_config *pci)
{
	return pci->data[PCI_COMMAND] & PCI_COMMAND_MASTER;
}

static uint16_t get16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

enum ugvt_irq_route ugvt_pci_config_irq_route(const struct ugvt_pci_config *pci)
{
	if (get16(&pci->data[CAP_MSI + PCI_MSI_FLAGS]) & PCI_MSI_FLAGS_ENABLE) {
		return UGVT_IRQ_ROUTE_MSI;
	}
	if (get16(&pci->data[PCI_COMMAND]) & PCI_COMMAND_INTX_DISABLE) {
		return UGVT_IRQ_ROUTE_NONE;
	}
	return UGVT_IRQ_ROUTE_INTX;
}

void ugvt_pci_config_read(
	const struct ugvt_pci_config *pci, uint64_t offset, void *data, size_t size)
{
	memset(data, 0xff, size);
	if (offset < UGVT_PCI_CONFIG_SIZE) {
		memcpy(data, &pci->data[offset], UGVT_MIN(size, UGVT_PCI_CONFIG_SIZE - offset));
	}
}

void ugvt_pci_config_write(
	struct ugvt_pci_config *pci, uint64_t offset, const void *data, size_t size)
{
	const uint8_t *in = data;

	for (size_t i = 0; i < size && offset + i < UGVT_PCI_CONFIG_SIZE; i++) {
		uint8_t writable = pci->writable[offset + i];
		uint8_t *at = &pci->data[offset + i];

		*at = (uint8_t)((*at & ~writable) | (in[i] & writable));
	}
}
