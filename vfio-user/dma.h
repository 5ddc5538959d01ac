/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_DMA_H
#define UGVT_VFIO_USER_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-user/protocol.h"
#include "vfio-user/sigbus.h"

/*
 * The client's memory: each DMA_MAP is a range of the device's guest memory and, if it came with a file,
 * a mapping of ours. Belongs to the connection's thread.
 */

struct ugvt_guest_memory;

struct ugvt_vfio_dma_slot {
	uint64_t address;
	uint64_t size; // 0: free
	void *base;    // NULL: came without a file
	size_t length; // of the mapping at base
	void *host;    // where in it the range starts
};

struct ugvt_vfio_dma {
	struct ugvt_guest_memory *memory;
	bool require_sealed; // refuse files that can still shrink; false after init
	unsigned n_slots;
	struct ugvt_vfio_dma_slot *slots;
	struct ugvt_sigbus_guard guard;
};

/* 0 or -errno. memory must outlive the dma. */
int ugvt_vfio_dma_init(
	struct ugvt_vfio_dma *dma, struct ugvt_guest_memory *memory, unsigned max_maps);
/* Everything must be unmapped. */
void ugvt_vfio_dma_finish(struct ugvt_vfio_dma *dma);

/* Maps what the request says; fd is -1 or a file, and stays the caller's. -EINVAL: empty, not in whole
 * pages, wraps, unknown flags, not a file, or beyond the file's end; -EACCES: fd isn't open for it;
 * -EPERM: the file can shrink and that isn't allowed; -EEXIST; -ENOSPC; -ENOMEM. */
int ugvt_vfio_dma_map(struct ugvt_vfio_dma *dma, const struct ugvt_vfio_dma_map *request, int fd);
/* Unmaps exactly that range. Nobody uses its memory any more when this returns. -ENOENT. */
int ugvt_vfio_dma_unmap(struct ugvt_vfio_dma *dma, uint64_t address, uint64_t size);
void ugvt_vfio_dma_unmap_all(struct ugvt_vfio_dma *dma);

#endif
