/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_VERSION_H
#define UGVT_VFIO_USER_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* What the client says it can do in its VERSION message. */
struct ugvt_vfio_capabilities {
	unsigned max_msg_fds; // it takes in one message
	bool write_multiple;  // it would send REGION_WRITE_MULTI
};

/* Reads the VERSION payload of size bytes. -EPROTONOSUPPORT: another major version; -EINVAL: not what the
 * protocol describes, or more than 4 KiB, or nested deeper than it. */
int ugvt_vfio_version_parse(
	const unsigned char *payload, size_t size, struct ugvt_vfio_capabilities *caps);

/* Writes our VERSION payload for that client to reply, of which size bytes may be used; returns its size.
 * We support max_maps DMA maps. */
int ugvt_vfio_version_build(unsigned char *reply, size_t size,
	const struct ugvt_vfio_capabilities *caps, unsigned max_maps);

#endif
