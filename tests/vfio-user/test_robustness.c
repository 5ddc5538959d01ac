/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/vfio-user/fixture.h"

/*
 * Hostile messages, one a row. Each is sent on a fresh connection and must have exactly the effect its row
 * says: an error reply, after which the connection is in sync, or its end. Either way no descriptor stays,
 * and the next client finds the device as it should be.
 */

enum effect {
	ERROR,  // this error is replied, and the connection goes on
	SILENT, // there is no reply, and the connection goes on
	CLOSE,  // the connection ends, with or without a reply
};

enum fd_kind {
	MEMFD,
	EVENTFD,
	SOCKET,
};

struct row {
	const char *name;
	uint16_t command;
	uint32_t flags;
	const void *payload;
	size_t size;
	uint32_t header_size; // what the header claims, if not 0
	unsigned n_fds;
	enum fd_kind fd_kind;
	enum effect effect;
	int error; // for ERROR; for CLOSE what is replied before, 0: anything
};

#define PAYLOAD(type, ...) .payload = &(const type){__VA_ARGS__}, .size = sizeof(type)
#define BYTES(n) .payload = zeros, .size = n

static const unsigned char zeros[70000];

struct irq_set_bools {
	uint32_t set[5]; // struct vfio_irq_set
	uint8_t bools[4];
};

struct write_multi {
	uint64_t count;
	struct ugvt_vfio_write writes[2];
};

#define TRIGGER_FDS (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define SET(flags, index, start, count) PAYLOAD(struct vfio_irq_set, 20, flags, index, start, count)
#define MAP(flags, offset, address, size) \
	PAYLOAD(struct ugvt_vfio_dma_map, 32, flags, offset, address, size)

static const struct row rows[] = {
	/* The header */
	{"size 0", UGVT_VFIO_RESET, .header_size = UINT32_MAX, .effect = CLOSE, .error = EMSGSIZE},
	{"size 15", UGVT_VFIO_RESET, .header_size = 15, .effect = CLOSE, .error = EMSGSIZE},
	{"size too large", UGVT_VFIO_REGION_WRITE, .header_size = UGVT_VFIO_MESSAGE_MAX + 1,
		.effect = CLOSE, .error = EMSGSIZE},
	{"size 0x7fffffff", UGVT_VFIO_VERSION, .header_size = 0x7fffffff, .effect = CLOSE,
		.error = EMSGSIZE},
	{"a reply", UGVT_VFIO_REGION_READ, UGVT_VFIO_TYPE_REPLY,
		PAYLOAD(struct ugvt_vfio_access, 0, 0, 4), .effect = CLOSE, .error = EINVAL},
	{"type 2", UGVT_VFIO_RESET, 2, .effect = CLOSE, .error = EINVAL},
	{"type 15, no reply", UGVT_VFIO_RESET, 0x1f, .effect = CLOSE},
	{"error bit", UGVT_VFIO_RESET, UGVT_VFIO_ERROR, .effect = ERROR, .error = EINVAL},
	{"reserved bits", UGVT_VFIO_RESET, 0xffffffc0, .effect = ERROR, .error = EINVAL},
	{"reserved bits, no reply", UGVT_VFIO_RESET, 0xffffffd0, .effect = SILENT},
	/* The command */
	{"command 0", 0, .effect = ERROR, .error = ENOTSUP},
	{"command 14", 14, .effect = ERROR, .error = ENOTSUP},
	{"command 19", 19, .effect = ERROR, .error = ENOTSUP},
	{"command 65535", 65535, .effect = ERROR, .error = ENOTSUP},
	{"unknown, no reply", 99, UGVT_VFIO_NO_REPLY, .effect = SILENT},
	{"unknown, with fds", 99, .n_fds = 3, .effect = ERROR, .error = ENOTSUP},
	{"unknown, with payload", 99, BYTES(3000), .effect = ERROR, .error = ENOTSUP},
	{"DMA_READ", UGVT_VFIO_DMA_READ, BYTES(16), .effect = ERROR, .error = ENOTSUP},
	{"REGION_IO_FDS", UGVT_VFIO_GET_REGION_IO_FDS, BYTES(16), .effect = ERROR,
		.error = ENOTSUP},
	{"FEATURE without data", UGVT_VFIO_FEATURE, BYTES(0), .effect = ERROR, .error = ENOTSUP},
	{"FEATURE", UGVT_VFIO_FEATURE, BYTES(16), .effect = ERROR, .error = ENOTSUP},
	{"MIG_DATA_WRITE", UGVT_VFIO_MIG_DATA_WRITE, BYTES(8), .effect = ERROR, .error = ENOTSUP},
	{"VERSION twice", UGVT_VFIO_VERSION, BYTES(4), .effect = ERROR, .error = EINVAL},
	{"VERSION empty", UGVT_VFIO_VERSION, .effect = ERROR, .error = EINVAL},
	/* Information */
	{"GET_INFO empty", UGVT_VFIO_GET_INFO, .effect = ERROR, .error = EINVAL},
	{"GET_INFO short", UGVT_VFIO_GET_INFO, BYTES(15), .effect = ERROR, .error = EINVAL},
	{"GET_INFO long", UGVT_VFIO_GET_INFO, BYTES(65), .effect = ERROR, .error = EINVAL},
	{"GET_INFO argsz", UGVT_VFIO_GET_INFO, PAYLOAD(struct ugvt_vfio_device_info, 15),
		.effect = ERROR, .error = EINVAL},
	{"GET_INFO fds", UGVT_VFIO_GET_INFO, PAYLOAD(struct ugvt_vfio_device_info, 16), .n_fds = 1,
		.effect = ERROR, .error = EINVAL},
	{"GET_REGION_INFO short", UGVT_VFIO_GET_REGION_INFO, BYTES(31), .effect = ERROR,
		.error = EINVAL},
	{"GET_REGION_INFO argsz", UGVT_VFIO_GET_REGION_INFO, PAYLOAD(struct vfio_region_info, 31),
		.effect = ERROR, .error = EINVAL},
	{"GET_REGION_INFO 9", UGVT_VFIO_GET_REGION_INFO,
		PAYLOAD(struct vfio_region_info, 32, .index = 9), .effect = ERROR, .error = EINVAL},
	{"GET_REGION_INFO -1", UGVT_VFIO_GET_REGION_INFO,
		PAYLOAD(struct vfio_region_info, UINT32_MAX, .index = UINT32_MAX), .effect = ERROR,
		.error = EINVAL},
	{"GET_IRQ_INFO short", UGVT_VFIO_GET_IRQ_INFO, BYTES(12), .effect = ERROR, .error = EINVAL},
	{"GET_IRQ_INFO argsz", UGVT_VFIO_GET_IRQ_INFO, PAYLOAD(struct vfio_irq_info, 8),
		.effect = ERROR, .error = EINVAL},
	{"GET_IRQ_INFO 5", UGVT_VFIO_GET_IRQ_INFO, PAYLOAD(struct vfio_irq_info, 16, .index = 5),
		.effect = ERROR, .error = EINVAL},
	/* Regions */
	{"READ empty", UGVT_VFIO_REGION_READ, .effect = ERROR, .error = EINVAL},
	{"READ short", UGVT_VFIO_REGION_READ, BYTES(15), .effect = ERROR, .error = EINVAL},
	{"READ long", UGVT_VFIO_REGION_READ, BYTES(17), .effect = ERROR, .error = EINVAL},
	{"READ of 0", UGVT_VFIO_REGION_READ, PAYLOAD(struct ugvt_vfio_access, 0, 0, 0),
		.effect = ERROR, .error = EINVAL},
	{"READ too much", UGVT_VFIO_REGION_READ,
		PAYLOAD(struct ugvt_vfio_access, 0, 0, UGVT_VFIO_DATA_MAX + 1), .effect = ERROR,
		.error = EINVAL},
	{"READ -1", UGVT_VFIO_REGION_READ, PAYLOAD(struct ugvt_vfio_access, 0, 0, UINT32_MAX),
		.effect = ERROR, .error = EINVAL},
	{"READ region 9", UGVT_VFIO_REGION_READ, PAYLOAD(struct ugvt_vfio_access, 0, 9, 4),
		.effect = ERROR, .error = EINVAL},
	{"READ region -1", UGVT_VFIO_REGION_READ,
		PAYLOAD(struct ugvt_vfio_access, 0, UINT32_MAX, 4), .effect = ERROR,
		.error = EINVAL},
	{"READ, no reply", UGVT_VFIO_REGION_READ, UGVT_VFIO_NO_REPLY,
		PAYLOAD(struct ugvt_vfio_access, 0, 0, 4), .effect = SILENT},
	{"READ fds", UGVT_VFIO_REGION_READ, PAYLOAD(struct ugvt_vfio_access, 0, 0, 4), .n_fds = 16,
		.effect = ERROR, .error = EINVAL},
	{"WRITE without data", UGVT_VFIO_REGION_WRITE, PAYLOAD(struct ugvt_vfio_access, 0, 0, 4),
		.effect = ERROR, .error = EINVAL},
	{"WRITE of 0", UGVT_VFIO_REGION_WRITE, PAYLOAD(struct ugvt_vfio_access, 0, 0, 0),
		.effect = ERROR, .error = EINVAL},
	{"WRITE less than its count", UGVT_VFIO_REGION_WRITE,
		PAYLOAD(struct ugvt_vfio_write, {0, 0, 9}), .effect = ERROR, .error = EINVAL},
	{"WRITE more than its count", UGVT_VFIO_REGION_WRITE,
		PAYLOAD(struct ugvt_vfio_write, {0, 0, 7}), .effect = ERROR, .error = EINVAL},
	{"WRITE count -1", UGVT_VFIO_REGION_WRITE,
		PAYLOAD(struct ugvt_vfio_write, {0, 0, UINT32_MAX}), .effect = ERROR,
		.error = EINVAL},
	{"WRITE region 9", UGVT_VFIO_REGION_WRITE, PAYLOAD(struct ugvt_vfio_write, {0, 9, 8}),
		.effect = ERROR, .error = EINVAL},
	{"WRITE short", UGVT_VFIO_REGION_WRITE, BYTES(8), .effect = ERROR, .error = EINVAL},
	{"bad WRITE, no reply", UGVT_VFIO_REGION_WRITE, UGVT_VFIO_NO_REPLY,
		PAYLOAD(struct ugvt_vfio_write, {0, 0, 9}), .effect = SILENT},
	{"WRITE_MULTI empty", UGVT_VFIO_REGION_WRITE_MULTI, .effect = ERROR, .error = EINVAL},
	{"WRITE_MULTI short", UGVT_VFIO_REGION_WRITE_MULTI, BYTES(7), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI too few", UGVT_VFIO_REGION_WRITE_MULTI,
		PAYLOAD(struct write_multi, 3, {{{0, 0, 4}}, {{0, 0, 4}}}), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI too many", UGVT_VFIO_REGION_WRITE_MULTI,
		PAYLOAD(struct write_multi, 1, {{{0, 0, 4}}, {{0, 0, 4}}}), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI count wraps", UGVT_VFIO_REGION_WRITE_MULTI,
		PAYLOAD(struct write_multi, 0xaaaaaaaaaaaaaaacull + 2, {{{0, 0, 4}}, {{0, 0, 4}}}),
		.effect = ERROR, .error = EINVAL},
	{"WRITE_MULTI half a write", UGVT_VFIO_REGION_WRITE_MULTI, BYTES(20), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI of 9", UGVT_VFIO_REGION_WRITE_MULTI,
		PAYLOAD(struct write_multi, 2, {{{0, 0, 4}}, {{0, 0, 9}}}), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI of 0", UGVT_VFIO_REGION_WRITE_MULTI,
		PAYLOAD(struct write_multi, 2, {{{0, 0, 4}}, {{0, 0, 0}}}), .effect = ERROR,
		.error = EINVAL},
	{"WRITE_MULTI region 9", UGVT_VFIO_REGION_WRITE_MULTI, UGVT_VFIO_NO_REPLY,
		PAYLOAD(struct write_multi, 2, {{{0, 0, 4}}, {{0, 9, 4}}}), .effect = SILENT},
	{"RESET with payload", UGVT_VFIO_RESET, BYTES(4), .effect = ERROR, .error = EINVAL},
	{"RESET with fd", UGVT_VFIO_RESET, .n_fds = 1, .effect = ERROR, .error = EINVAL},
	/* Interrupts */
	{"SET_IRQS short", UGVT_VFIO_SET_IRQS, BYTES(19), .effect = ERROR, .error = EINVAL},
	{"SET_IRQS long", UGVT_VFIO_SET_IRQS, BYTES(4000), .effect = ERROR, .error = EINVAL},
	{"SET_IRQS argsz", UGVT_VFIO_SET_IRQS, PAYLOAD(struct vfio_irq_set, 19, 0x21, 1, 0, 0),
		.effect = ERROR, .error = EINVAL},
	{"SET_IRQS no flags", UGVT_VFIO_SET_IRQS, SET(0, 1, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS two actions", UGVT_VFIO_SET_IRQS, SET(0x31, 1, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS two data types", UGVT_VFIO_SET_IRQS, SET(0x25, 1, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS unknown flag", UGVT_VFIO_SET_IRQS, SET(0x61, 1, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS kind 5", UGVT_VFIO_SET_IRQS, SET(0x21, 5, 0, 0), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS kind -1", UGVT_VFIO_SET_IRQS, SET(0x21, UINT32_MAX, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS of a kind there is not", UGVT_VFIO_SET_IRQS,
		SET(TRIGGER_FDS, UGVT_PCI_REQ, 0, 1), .effect = ERROR, .error = EINVAL},
	{"SET_IRQS start too high", UGVT_VFIO_SET_IRQS, SET(0x21, 1, 4, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS count too high", UGVT_VFIO_SET_IRQS, SET(0x21, 1, 1, 4), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS start + count wraps", UGVT_VFIO_SET_IRQS, SET(0x21, 1, 2, UINT32_MAX),
		.effect = ERROR, .error = EINVAL},
	{"SET_IRQS count 0 to mask", UGVT_VFIO_SET_IRQS, SET(0x09, 1, 0, 0), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS count 0 with start", UGVT_VFIO_SET_IRQS, SET(0x21, 1, 1, 0), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS count 0 with fds", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 1, 0, 0), .n_fds = 1,
		.fd_kind = EVENTFD, .effect = ERROR, .error = EINVAL},
	{"SET_IRQS fewer fds", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 1, 0, 3), .n_fds = 2,
		.fd_kind = EVENTFD, .effect = ERROR, .error = EINVAL},
	{"SET_IRQS more fds", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 1, 0, 1), .n_fds = 2,
		.fd_kind = EVENTFD, .effect = ERROR, .error = EINVAL},
	{"SET_IRQS fd with NONE", UGVT_VFIO_SET_IRQS, SET(0x21, 1, 0, 1), .n_fds = 1,
		.fd_kind = EVENTFD, .effect = ERROR, .error = EINVAL},
	{"SET_IRQS fds with BOOL", UGVT_VFIO_SET_IRQS,
		PAYLOAD(struct irq_set_bools, {24, 0x22, 1, 0, 4}), .n_fds = 4, .fd_kind = EVENTFD,
		.effect = ERROR, .error = EINVAL},
	{"SET_IRQS BOOL short", UGVT_VFIO_SET_IRQS, SET(0x22, 1, 0, 1), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS BOOL long", UGVT_VFIO_SET_IRQS,
		PAYLOAD(struct irq_set_bools, {24, 0x22, 1, 0, 3}), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS NONE with data", UGVT_VFIO_SET_IRQS,
		PAYLOAD(struct irq_set_bools, {24, 0x21, 1, 0, 4}), .effect = ERROR,
		.error = EINVAL},
	{"SET_IRQS with memory", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 1, 0, 1), .n_fds = 1,
		.effect = ERROR, .error = EINVAL},
	{"SET_IRQS with a socket", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 1, 0, 1), .n_fds = 1,
		.fd_kind = SOCKET, .effect = ERROR, .error = EINVAL},
	{"SET_IRQS eventfd to mask", UGVT_VFIO_SET_IRQS, SET(0x0c, 0, 0, 1), .n_fds = 1,
		.fd_kind = EVENTFD, .effect = ERROR, .error = ENOTSUP},
	{"SET_IRQS eventfd to unmask MSI", UGVT_VFIO_SET_IRQS, SET(0x14, 1, 0, 1), .n_fds = 1,
		.fd_kind = EVENTFD, .effect = ERROR, .error = ENOTSUP},
	{"too many fds", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 2, 0, 17), .n_fds = 17,
		.fd_kind = EVENTFD, .effect = CLOSE},
	{"very many fds", UGVT_VFIO_SET_IRQS, SET(TRIGGER_FDS, 2, 0, 40), .n_fds = 40,
		.fd_kind = EVENTFD, .effect = CLOSE},
	/* DMA */
	{"MAP short", UGVT_VFIO_DMA_MAP, BYTES(31), .effect = ERROR, .error = EINVAL},
	{"MAP long", UGVT_VFIO_DMA_MAP, BYTES(33), .effect = ERROR, .error = EINVAL},
	{"MAP argsz", UGVT_VFIO_DMA_MAP, PAYLOAD(struct ugvt_vfio_dma_map, 31, 3, 0, 0, 0x1000),
		.effect = ERROR, .error = EINVAL},
	{"MAP of 0", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0), .n_fds = 1, .effect = ERROR,
		.error = EINVAL},
	{"MAP wraps", UGVT_VFIO_DMA_MAP, MAP(3, 0, UINT64_MAX - 0xfff, 0x2000), .effect = ERROR,
		.error = EINVAL},
	{"MAP beyond the file", UGVT_VFIO_DMA_MAP, MAP(3, 0x1000, 0, 0x2000), .n_fds = 1,
		.effect = ERROR, .error = EINVAL},
	{"MAP offset beyond the file", UGVT_VFIO_DMA_MAP, MAP(3, UINT64_MAX - 0xfff, 0, 0x2000),
		.n_fds = 1, .effect = ERROR, .error = EINVAL},
	{"MAP unaligned address", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0x800, 0x1000), .n_fds = 1,
		.effect = ERROR, .error = EINVAL},
	{"MAP unaligned size", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0x801), .n_fds = 1, .effect = ERROR,
		.error = EINVAL},
	{"MAP unaligned offset", UGVT_VFIO_DMA_MAP, MAP(3, 1, 0, 0x1000), .n_fds = 1,
		.effect = ERROR, .error = EINVAL},
	{"MAP unknown flags", UGVT_VFIO_DMA_MAP, MAP(7, 0, 0, 0x1000), .n_fds = 1, .effect = ERROR,
		.error = EINVAL},
	{"MAP no flags", UGVT_VFIO_DMA_MAP, MAP(0, 0, 0, 0x1000), .n_fds = 1, .effect = ERROR,
		.error = EINVAL},
	{"MAP two fds", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0x1000), .n_fds = 2, .effect = ERROR,
		.error = EINVAL},
	{"MAP an eventfd", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0x1000), .n_fds = 1, .fd_kind = EVENTFD,
		.effect = ERROR, .error = EINVAL},
	{"MAP a socket", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0x1000), .n_fds = 1, .fd_kind = SOCKET,
		.effect = ERROR, .error = EINVAL},
	{"bad MAP, no reply", UGVT_VFIO_DMA_MAP, UGVT_VFIO_NO_REPLY, MAP(3, 0, 0, 0), .n_fds = 1,
		.effect = SILENT},
	{"MAP, no reply", UGVT_VFIO_DMA_MAP, UGVT_VFIO_NO_REPLY, MAP(3, 0, 0, 0x1000), .n_fds = 1,
		.effect = SILENT},
	{"UNMAP short", UGVT_VFIO_DMA_UNMAP, BYTES(4), .effect = ERROR, .error = EINVAL},
	{"UNMAP 8 bytes", UGVT_VFIO_DMA_UNMAP, BYTES(8), .effect = ERROR, .error = EINVAL},
	{"UNMAP argsz", UGVT_VFIO_DMA_UNMAP, PAYLOAD(struct ugvt_vfio_dma_unmap, 23, 0, 0, 0x1000),
		.effect = ERROR, .error = EINVAL},
	{"UNMAP nothing", UGVT_VFIO_DMA_UNMAP,
		PAYLOAD(struct ugvt_vfio_dma_unmap, 24, 0, 0, 0x1000), .effect = ERROR,
		.error = ENOENT},
	{"UNMAP of 0", UGVT_VFIO_DMA_UNMAP, PAYLOAD(struct ugvt_vfio_dma_unmap, 24, 0, 0, 0),
		.effect = ERROR, .error = ENOENT},
	{"UNMAP dirty bitmap", UGVT_VFIO_DMA_UNMAP,
		PAYLOAD(struct ugvt_vfio_dma_unmap, 24, 1, 0, 0x1000), .effect = ERROR,
		.error = EINVAL},
	{"UNMAP all", UGVT_VFIO_DMA_UNMAP, PAYLOAD(struct ugvt_vfio_dma_unmap, 24, 2, 0, 0),
		.effect = ERROR, .error = EINVAL},
	{"UNMAP, no reply", UGVT_VFIO_DMA_UNMAP, UGVT_VFIO_NO_REPLY,
		PAYLOAD(struct ugvt_vfio_dma_unmap, 24, 0, 0, 0x1000), .effect = SILENT},
};

/* The same, as the first message of a connection: each ends it. */
static const struct row first_rows[] = {
	{"RESET first", UGVT_VFIO_RESET, .error = EINVAL},
	{"READ first", UGVT_VFIO_REGION_READ, PAYLOAD(struct ugvt_vfio_access, 0, 7, 4),
		.error = EINVAL},
	{"MAP first", UGVT_VFIO_DMA_MAP, MAP(3, 0, 0, 0x1000), .n_fds = 1, .error = EINVAL},
	{"unknown first", 77, .error = EINVAL},
	{"posted WRITE first", UGVT_VFIO_REGION_WRITE, UGVT_VFIO_NO_REPLY,
		PAYLOAD(struct ugvt_vfio_write, {0, 0, 8})},
	{"empty VERSION", UGVT_VFIO_VERSION, .error = EINVAL},
	{"major version 1", UGVT_VFIO_VERSION, PAYLOAD(struct ugvt_vfio_version, 1, 0),
		.error = EPROTONOSUPPORT},
	{"VERSION without NUL", UGVT_VFIO_VERSION, .payload = "\0\0\0\0{}", .size = 6,
		.error = EINVAL},
	{"VERSION with rubbish", UGVT_VFIO_VERSION, .payload = "\0\0\0\0{]", .size = 7,
		.error = EINVAL},
	{"VERSION of zeros", UGVT_VFIO_VERSION, BYTES(64), .error = EINVAL},
	{"VERSION too long", UGVT_VFIO_VERSION, BYTES(4 + 4097), .error = EINVAL},
	{"VERSION very long", UGVT_VFIO_VERSION, BYTES(65000), .error = EINVAL},
	{"VERSION with fds", UGVT_VFIO_VERSION, PAYLOAD(struct ugvt_vfio_version, 0, 0), .n_fds = 2,
		.error = EINVAL},
	{"VERSION as a reply", UGVT_VFIO_VERSION, UGVT_VFIO_TYPE_REPLY,
		PAYLOAD(struct ugvt_vfio_version, 0, 0), .error = EINVAL},
	{"VERSION with the error bit", UGVT_VFIO_VERSION, UGVT_VFIO_ERROR,
		PAYLOAD(struct ugvt_vfio_version, 0, 0), .error = EINVAL},
	{"size 3", UGVT_VFIO_VERSION, .header_size = 3, .error = EMSGSIZE},
};

static int fd_create(enum fd_kind kind)
{
	switch (kind) {
	case MEMFD: return memory_create(0x2000, 0);
	case EVENTFD: return eventfd_create();
	default: return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	}
}

static void row_send(const struct row *row, int fd)
{
	struct ugvt_vfio_header header = request_header(row->command, row->size);
	unsigned char *message = malloc(sizeof(header) + row->size);
	int fds[64];

	header.flags = row->flags;
	if (row->header_size != 0) {
		/* UINT32_MAX stands for 0, as 0 stands for the truth. */
		header.size = row->header_size + (row->header_size == UINT32_MAX);
	}
	memcpy(message, &header, sizeof(header));
	if (row->size > 0) {
		memcpy(message + sizeof(header), row->payload, row->size);
	}
	for (unsigned i = 0; i < row->n_fds; i++) {
		fds[i] = fd_create(row->fd_kind);
	}
	raw_send(fd, message, sizeof(header) + row->size, fds, row->n_fds);
	for (unsigned i = 0; i < row->n_fds; i++) {
		close(fds[i]);
	}
	free(message);
}

static void row_assert_reply(const struct row *row, int fd)
{
	struct ugvt_vfio_header reply;

	if (!raw_receive(fd, &reply, sizeof(reply))) {
		fail_msg("%s: closed without a reply", row->name);
	}
	if (reply.id != 0x4711 || reply.command != row->command || reply.size != sizeof(reply) ||
		reply.flags != (UGVT_VFIO_TYPE_REPLY | UGVT_VFIO_ERROR) ||
		reply.error != (uint32_t)row->error) {
		fail_msg("%s: error %u, flags %x, size %u", row->name, reply.error, reply.flags,
			reply.size);
	}
}

static void row_assert_closed(const struct row *row, int fd)
{
	char byte;

	if (recv(fd, &byte, 1, 0) > 0) {
		fail_msg("%s: not closed", row->name);
	}
}

static void row_run(const struct row *row, struct fixture *f)
{
	row_send(row, f->client.fd);
	if (row->effect == ERROR || (row->effect == CLOSE && row->error)) {
		row_assert_reply(row, f->client.fd);
	}
	if (row->effect == CLOSE) {
		row_assert_closed(row, f->client.fd);
	} else if (ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0) != FAKE_ID) {
		fail_msg("%s: the next read is wrong", row->name);
	}
}

static void assert_fd_count(const struct row *row, unsigned expected)
{
	unsigned n = fd_count();

	if (n != expected) {
		fail_msg("%s: %u fds more than before", row->name, n - expected);
	}
}

static void test_messages(void **state)
{
	struct fixture *f = *state;
	unsigned fds_before = fd_count();

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		fixture_connect(f);
		row_run(&rows[i], f);
		fixture_disconnect(f);
		assert_fd_count(&rows[i], fds_before);
	}
	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0), FAKE_ID);
}

/* What is refused does not keep descriptors until the connection ends either. */
static void test_refused_fds_are_closed(void **state)
{
	struct fixture *f = *state;
	unsigned fds_before;

	fixture_connect(f);
	fds_before = fd_count();
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		if (rows[i].effect == ERROR) {
			row_run(&rows[i], f);
			assert_fd_count(&rows[i], fds_before);
		}
	}
}

static void test_first_messages(void **state)
{
	struct fixture *f = *state;
	unsigned fds_before = fd_count();

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(first_rows); i++) {
		int fd = fixture_connect_raw(f);

		row_send(&first_rows[i], fd);
		if (first_rows[i].error) {
			row_assert_reply(&first_rows[i], fd);
		}
		row_assert_closed(&first_rows[i], fd);
		close(fd);
		assert_fd_count(&first_rows[i], fds_before);
	}
	assert_int_equal(atomic_load(&f->fake.writes) + atomic_load(&f->fake.reads) +
				 atomic_load(&f->fake.client_resets),
		0);
	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0), FAKE_ID);
}

/* A whole conversation, one byte at a time, and cut off after each byte. */
static size_t conversation_build(unsigned char *out)
{
	struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_version version;
	} version = {request_header(UGVT_VFIO_VERSION, 4), {0, 0}};
	struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_dma_map map;
	} map = {request_header(UGVT_VFIO_DMA_MAP, 32), {32, 3, 0, 0, 0x1000}};
	struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_access access;
	} read = {request_header(UGVT_VFIO_REGION_READ, 16), {0, UGVT_PCI_CONFIG, 4}};

	memcpy(out, &version, sizeof(version));
	memcpy(out + sizeof(version), &map, sizeof(map));
	memcpy(out + sizeof(version) + sizeof(map), &read, sizeof(read));
	return sizeof(version) + sizeof(map) + sizeof(read);
}

static void test_byte_at_a_time(void **state)
{
	struct fixture *f = *state;
	unsigned char conversation[256], reply[4096];
	size_t size = conversation_build(conversation);
	int fd = fixture_connect_raw(f);
	int memory = memory_create(0x1000, 7);
	struct ugvt_vfio_header header;

	for (size_t i = 0; i < size; i++) {
		/* The map's descriptor comes with its first byte. */
		assert_true(raw_send(fd, &conversation[i], 1, &memory, i == 20));
	}
	assert_true(raw_receive(fd, &header, sizeof(header)));
	assert_true(raw_receive(fd, reply, header.size - sizeof(header)));
	assert_true(raw_receive(fd, &header, sizeof(header)));
	assert_int_equal(header.command, UGVT_VFIO_DMA_MAP);
	assert_int_equal(header.flags, UGVT_VFIO_TYPE_REPLY);
	assert_true(raw_receive(fd, reply, 36));
	assert_memory_equal(reply + 32, "\x86\x80\x12\x19", 4);
	close(fd);
	close(memory);
}

static void test_cut_off(void **state)
{
	struct fixture *f = *state;
	unsigned char conversation[256];
	size_t size = conversation_build(conversation);
	unsigned fds_before = fd_count();
	int memory = memory_create(0x1000, 7);

	for (size_t i = 0; i <= size; i++) {
		int fd = fixture_connect_raw(f);

		raw_send(fd, conversation, UGVT_MIN(i, (size_t)20), NULL, 0);
		if (i > 20) {
			raw_send(fd, conversation + 20, i - 20, &memory, 1);
		}
		shutdown(fd, SHUT_WR);
		raw_drain(fd);
		close(fd);
	}
	close(memory);
	assert_int_equal(fd_count(), fds_before);
	assert_int_equal(atomic_load(&f->fake.disconnect_resets), size + 1);
}

/* Everything is sent without reading a reply; all replies come, in order. */
static void test_pipelined(void **state)
{
	enum {
		COUNT = 500
	};
	struct fixture *f = *state;
	struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_access access;
	} request = {
		request_header(UGVT_VFIO_REGION_READ, sizeof(request.access)),
		{0, UGVT_PCI_CONFIG, 4},
	};

	fixture_connect(f);
	for (uint16_t i = 0; i < COUNT; i++) {
		request.header.id = i;
		assert_true(raw_send(f->client.fd, &request, sizeof(request), NULL, 0));
	}
	for (uint16_t i = 0; i < COUNT; i++) {
		unsigned char reply[36];

		assert_true(raw_receive(f->client.fd, reply, sizeof(reply)));
		assert_int_equal(reply[0] | reply[1] << 8, i);
	}
}

static void test_random_bytes(void **state)
{
	struct fixture *f = *state;
	unsigned char data[512];
	unsigned fds_before = fd_count();

	srand(2);
	for (unsigned i = 0; i < 300; i++) {
		size_t size = 16 + (size_t)rand() % (sizeof(data) - 16);
		int fd = memory_create(0x1000, 0);

		for (size_t at = 0; at < size; at++) {
			data[at] = (unsigned char)(rand() % 4 ? rand() % 20 : rand());
		}
		memset(data + 5, 0, 3);
		fixture_connect(f);
		raw_send(f->client.fd, data, size, &fd, rand() % 2);
		close(fd);
		fixture_disconnect(f);
	}
	assert_int_equal(fd_count(), fds_before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages),
		TEST(refused_fds_are_closed),
		TEST(first_messages),
		TEST(byte_at_a_time),
		TEST(cut_off),
		TEST(pipelined),
		TEST(random_bytes),
	};

	return cmocka_run_group_tests_name("vfio-user robustness", tests, NULL, NULL);
}
