/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "vfio-user/session.h"

/* VFIO numbers regions and interrupts as the device seam does. */
_Static_assert((int)UGVT_PCI_CONFIG == VFIO_PCI_CONFIG_REGION_INDEX, "region numbers");
_Static_assert((int)UGVT_PCI_REGION_COUNT == VFIO_PCI_NUM_REGIONS, "region numbers");
_Static_assert((int)UGVT_PCI_MSIX == VFIO_PCI_MSIX_IRQ_INDEX, "interrupt numbers");
_Static_assert((int)UGVT_PCI_IRQ_COUNT == VFIO_PCI_NUM_IRQS, "interrupt numbers");
_Static_assert((int)UGVT_PCI_REGION_READ == VFIO_REGION_INFO_FLAG_READ, "region flags");
_Static_assert((int)UGVT_PCI_REGION_WRITE == VFIO_REGION_INFO_FLAG_WRITE, "region flags");
_Static_assert((int)UGVT_PCI_REGION_MMAP == VFIO_REGION_INFO_FLAG_MMAP, "region flags");

int ugvt_vfio_handle_device_info(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_device_info info;

	memcpy(&info, message->payload, sizeof(info));
	if (info.argsz < sizeof(info)) {
		return -EINVAL;
	}
	info = (struct ugvt_vfio_device_info){
		.argsz = sizeof(info),
		.flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
		.num_regions = UGVT_PCI_REGION_COUNT,
		.num_irqs = UGVT_PCI_IRQ_COUNT,
	};
	memcpy(session->channel.reply.payload, &info, sizeof(info));
	return sizeof(info);
}

int ugvt_vfio_handle_irq_info(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct vfio_irq_info info;

	memcpy(&info, message->payload, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= UGVT_PCI_IRQ_COUNT) {
		return -EINVAL;
	}
	info.argsz = sizeof(info);
	info.flags = ugvt_vfio_irq_flags(info.index);
	info.count = session->irqs.counts[info.index];
	memcpy(session->channel.reply.payload, &info, sizeof(info));
	return sizeof(info);
}

static size_t sparse_size(const struct ugvt_pci_region_info *region)
{
	if (!region->areas) {
		return 0;
	}
	return sizeof(struct vfio_region_info_cap_sparse_mmap) +
	       region->n_areas * sizeof(struct vfio_region_sparse_mmap_area);
}

static void sparse_build(unsigned char *out, const struct ugvt_pci_region_info *region)
{
	struct vfio_region_info_cap_sparse_mmap cap = {
		.header = {.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP, .version = 1},
		.nr_areas = region->n_areas,
	};

	memcpy(out, &cap, sizeof(cap));
	out += sizeof(cap);
	for (unsigned i = 0; i < region->n_areas; i++) {
		struct vfio_region_sparse_mmap_area area = {
			.offset = region->areas[i].offset,
			.size = region->areas[i].size,
		};

		memcpy(out, &area, sizeof(area));
		out += sizeof(area);
	}
}

int ugvt_vfio_handle_region_info(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	unsigned char *reply = session->channel.reply.payload;
	const struct ugvt_pci_region_info *region;
	struct vfio_region_info info;
	uint32_t flags;
	size_t caps_size = 0, room;

	memcpy(&info, message->payload, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= UGVT_PCI_REGION_COUNT) {
		return -EINVAL;
	}
	region = &session->dev->regions[info.index];
	room = info.argsz - sizeof(info);
	flags = region->flags;
	if (session->caps.max_msg_fds == 0) {
		flags &= ~(uint32_t)UGVT_PCI_REGION_MMAP;
	}
	if (flags & UGVT_PCI_REGION_MMAP) {
		caps_size = sparse_size(region);
		message->reply_fd = region->fd;
	}
	info = (struct vfio_region_info){
		.argsz = (uint32_t)(sizeof(info) + caps_size),
		.flags = flags | (caps_size > 0 ? VFIO_REGION_INFO_FLAG_CAPS : 0),
		.index = info.index,
		/* QEMU wants it even in a reply that is too short for them. */
		.cap_offset = caps_size > 0 ? sizeof(info) : 0,
		.size = region->size,
		.offset = flags & UGVT_PCI_REGION_MMAP ? region->fd_offset : 0,
	};
	memcpy(reply, &info, sizeof(info));
	if (caps_size == 0 || caps_size > room) {
		return sizeof(info);
	}
	sparse_build(reply + sizeof(info), region);
	return (int)info.argsz;
}
