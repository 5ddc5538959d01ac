/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "vfio-user/session.h"

/*
 * What a guest can cause is never an error: QEMU would give it all-ones anyway, and cloud-hypervisor,
 * which does not look at the error bit, would wait for the data for ever. A client that asks for what no
 * guest can cause gets one.
 */

static bool access_valid(const struct ugvt_vfio_access *access)
{
	return access->region < UGVT_PCI_REGION_COUNT && access->count > 0 &&
	       access->count <= UGVT_VFIO_DATA_MAX;
}

static bool access_inside(const struct ugvt_vfio_session *session,
	const struct ugvt_vfio_access *access, uint32_t flag)
{
	const struct ugvt_pci_region_info *region = &session->dev->regions[access->region];

	return region->flags & flag && access->count <= region->size &&
	       access->offset <= region->size - access->count;
}

int ugvt_vfio_handle_region_read(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	unsigned char *reply = session->channel.reply.payload;
	unsigned char *data = reply + sizeof(struct ugvt_vfio_access);
	struct ugvt_vfio_access access;

	memcpy(&access, message->payload, sizeof(access));
	if (!access_valid(&access)) {
		return -EINVAL;
	}
	memcpy(reply, &access, sizeof(access));
	if (access_inside(session, &access, UGVT_PCI_REGION_READ)) {
		session->dev->impl->region_read(
			session->dev, access.region, access.offset, data, access.count);
	} else {
		ugvt_guest_log(&session->noise, "vfio-user: read of %u bytes at %#llx of region %u",
			access.count, (unsigned long long)access.offset, access.region);
		memset(data, 0xff, access.count);
	}
	ugvt_vfio_count(&session->counters.reads, 1);
	return (int)(sizeof(access) + access.count);
}

static void region_write(struct ugvt_vfio_session *session, const struct ugvt_vfio_access *access,
	const unsigned char *data)
{
	_Alignas(8) unsigned char aligned[8];

	if (!access_inside(session, access, UGVT_PCI_REGION_WRITE)) {
		ugvt_guest_log(&session->noise,
			"vfio-user: write of %u bytes at %#llx of region %u", access->count,
			(unsigned long long)access->offset, access->region);
		return;
	}
	if (access->count <= sizeof(aligned)) {
		memcpy(aligned, data, access->count);
		data = aligned;
	}
	session->dev->impl->region_write(
		session->dev, access->region, access->offset, data, access->count);
}

int ugvt_vfio_handle_region_write(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_access access;

	memcpy(&access, message->payload, sizeof(access));
	if (!access_valid(&access) || message->size - sizeof(access) != access.count) {
		return -EINVAL;
	}
	region_write(session, &access, message->payload + sizeof(access));
	ugvt_vfio_count(&session->counters.writes, 1);
	memcpy(session->channel.reply.payload, &access, sizeof(access));
	return sizeof(access);
}

static bool write_valid(const struct ugvt_vfio_write *write)
{
	return access_valid(&write->access) && write->access.count <= sizeof(write->data);
}

static void write_get(
	const struct ugvt_vfio_message *message, uint64_t i, struct ugvt_vfio_write *write)
{
	memcpy(write, message->payload + sizeof(i) + i * sizeof(*write), sizeof(*write));
}

int ugvt_vfio_handle_region_write_multi(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_write write;
	uint64_t count;

	memcpy(&count, message->payload, sizeof(count));
	if (count != (message->size - sizeof(count)) / sizeof(write) ||
		(message->size - sizeof(count)) % sizeof(write) != 0) {
		return -EINVAL;
	}
	/* All or nothing: the message is ours, it does not change between the two loops. */
	for (uint64_t i = 0; i < count; i++) {
		write_get(message, i, &write);
		if (!write_valid(&write)) {
			return -EINVAL;
		}
	}
	for (uint64_t i = 0; i < count; i++) {
		write_get(message, i, &write);
		region_write(session, &write.access, write.data);
	}
	ugvt_vfio_count(&session->counters.writes, count);
	memcpy(session->channel.reply.payload, &count, sizeof(count));
	return sizeof(count);
}
