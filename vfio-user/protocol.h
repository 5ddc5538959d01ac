/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_PROTOCOL_H
#define UGVT_VFIO_USER_PROTOCOL_H

#include <linux/vfio.h>
#include <stdint.h>

/*
 * The vfio-user wire format, version 0.0 (QEMU, docs/interop/vfio-user.rst). All of it is in the host's
 * byte order and, in the receive buffer, unaligned. Payloads that the kernel's VFIO defines are its
 * structs from linux/vfio.h.
 */

enum ugvt_vfio_command {
	UGVT_VFIO_VERSION = 1,
	UGVT_VFIO_DMA_MAP = 2,
	UGVT_VFIO_DMA_UNMAP = 3,
	UGVT_VFIO_GET_INFO = 4,
	UGVT_VFIO_GET_REGION_INFO = 5,
	UGVT_VFIO_GET_REGION_IO_FDS = 6,
	UGVT_VFIO_GET_IRQ_INFO = 7,
	UGVT_VFIO_SET_IRQS = 8,
	UGVT_VFIO_REGION_READ = 9,
	UGVT_VFIO_REGION_WRITE = 10,
	UGVT_VFIO_DMA_READ = 11,
	UGVT_VFIO_DMA_WRITE = 12,
	UGVT_VFIO_RESET = 13,
	UGVT_VFIO_REGION_WRITE_MULTI = 15,
	UGVT_VFIO_FEATURE = 16,
	UGVT_VFIO_MIG_DATA_READ = 17,
	UGVT_VFIO_MIG_DATA_WRITE = 18,
	UGVT_VFIO_COMMAND_COUNT,
};

#define UGVT_VFIO_TYPE_MASK 0xfu // in ugvt_vfio_header.flags
#define UGVT_VFIO_TYPE_COMMAND 0u
#define UGVT_VFIO_TYPE_REPLY 1u
#define UGVT_VFIO_NO_REPLY (1u << 4)
#define UGVT_VFIO_ERROR (1u << 5)

struct ugvt_vfio_header {
	uint16_t id;
	uint16_t command;
	uint32_t size; // bytes, with this header
	uint32_t flags;
	uint32_t error; // errno, if flags has UGVT_VFIO_ERROR
};

#define UGVT_VFIO_MAJOR 0
#define UGVT_VFIO_MINOR 0

struct ugvt_vfio_version {
	uint16_t major;
	uint16_t minor;
	// JSON and its NUL follow
};

struct ugvt_vfio_dma_map {
	uint32_t argsz;
	uint32_t flags; // VFIO_DMA_MAP_FLAG_READ, _WRITE
	uint64_t offset;
	uint64_t address;
	uint64_t size;
};

struct ugvt_vfio_dma_unmap {
	uint32_t argsz;
	uint32_t flags; // none are defined
	uint64_t address;
	uint64_t size;
};

/* GET_INFO; the kernel's struct has grown since. */
struct ugvt_vfio_device_info {
	uint32_t argsz;
	uint32_t flags; // VFIO_DEVICE_FLAGS_*
	uint32_t num_regions;
	uint32_t num_irqs;
};

/* REGION_READ's request; data follows in its reply and in REGION_WRITE. */
struct ugvt_vfio_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count; // bytes
};

/* REGION_WRITE_MULTI is a uint64_t count, echoed in the reply, and so many of these. */
struct ugvt_vfio_write {
	struct ugvt_vfio_access access; // count: 1 to 8
	uint8_t data[8];
};

_Static_assert(sizeof(struct ugvt_vfio_header) == 16, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_version) == 4, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_dma_map) == 32, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_dma_unmap) == 24, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_device_info) == 16, "wire format");
_Static_assert(sizeof(struct vfio_region_info) == 32, "wire format");
_Static_assert(sizeof(struct vfio_irq_info) == 16, "wire format");
_Static_assert(sizeof(struct vfio_irq_set) == 20, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_access) == 16, "wire format");
_Static_assert(sizeof(struct ugvt_vfio_write) == 24, "wire format");

/* What we can take; told to the client. */
#define UGVT_VFIO_DATA_MAX 65536u // max_data_xfer_size
#define UGVT_VFIO_FDS_MAX 16u     // max_msg_fds
#define UGVT_VFIO_PAYLOAD_MAX (sizeof(struct ugvt_vfio_access) + UGVT_VFIO_DATA_MAX)
#define UGVT_VFIO_MESSAGE_MAX (sizeof(struct ugvt_vfio_header) + UGVT_VFIO_PAYLOAD_MAX)

#endif
