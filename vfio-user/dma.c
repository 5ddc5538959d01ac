/* SPDX-License-Identifier: MIT */
#include "vfio-user/dma.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "device/guest_memory.h"

#define PAGE_SIZE UINT64_C(4096)
#define HUGE_PAGE_MAX (UINT64_C(1) << 30)

int ugvt_vfio_dma_init(
	struct ugvt_vfio_dma *dma, struct ugvt_guest_memory *memory, unsigned max_maps)
{
	int ret;

	*dma = (struct ugvt_vfio_dma){.memory = memory, .n_slots = max_maps};
	dma->slots = calloc(max_maps, sizeof(*dma->slots));
	if (!dma->slots) {
		return -ENOMEM;
	}
	ret = ugvt_sigbus_guard_init(&dma->guard, max_maps);
	if (ret < 0) {
		free(dma->slots);
		dma->slots = NULL;
	}
	return ret;
}

void ugvt_vfio_dma_finish(struct ugvt_vfio_dma *dma)
{
	ugvt_sigbus_guard_finish(&dma->guard);
	free(dma->slots);
	dma->slots = NULL;
}

static bool request_valid(const struct ugvt_vfio_dma_map *request)
{
	const uint32_t known = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;

	return request->argsz >= sizeof(*request) && request->flags != 0 &&
	       (request->flags & ~known) == 0 && request->size != 0 &&
	       (request->address | request->size | request->offset) % PAGE_SIZE == 0 &&
	       request->address + (request->size - 1) >= request->address;
}

static struct ugvt_vfio_dma_slot *slot_acquire(struct ugvt_vfio_dma *dma)
{
	for (unsigned i = 0; i < dma->n_slots; i++) {
		if (dma->slots[i].size == 0) {
			return &dma->slots[i];
		}
	}
	return NULL;
}

static unsigned slot_index(const struct ugvt_vfio_dma *dma, const struct ugvt_vfio_dma_slot *slot)
{
	return (unsigned)(slot - dma->slots);
}

static int mode_check(int fd, uint32_t flags)
{
	int mode = fcntl(fd, F_GETFL);

	if (mode < 0) {
		return -errno;
	}
	/* A shared mapping needs a file that can be read, even if only writes were asked for. */
	if (mode & O_PATH || (mode & O_ACCMODE) == O_WRONLY) {
		return -EACCES;
	}
	if (flags & VFIO_DMA_MAP_FLAG_WRITE && (mode & O_ACCMODE) != O_RDWR) {
		return -EACCES;
	}
	return 0;
}

/* Makes sure that the file can't shrink, as far as that goes: only memfds that allow it can be sealed. */
static bool file_seal(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0) {
		return false;
	}
	return seals & F_SEAL_SHRINK || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0;
}

static int file_check(const struct ugvt_vfio_dma_map *request, int fd, uint64_t *page_size)
{
	uint64_t size;
	struct stat st;

	if (fstat(fd, &st) < 0) {
		return -errno;
	}
	size = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || request->offset > size ||
		request->size > size - request->offset) {
		return -EINVAL;
	}
	*page_size = (uint64_t)st.st_blksize;
	if (*page_size < PAGE_SIZE || *page_size > HUGE_PAGE_MAX ||
		(*page_size & (*page_size - 1)) != 0) {
		*page_size = PAGE_SIZE;
	}
	return mode_check(fd, request->flags);
}

/* Huge pages can only be mapped whole, so the mapping is widened to the file's own page size; clients split
 * their memory at 4 KiB even then. */
static int slot_map_file(
	struct ugvt_vfio_dma_slot *slot, const struct ugvt_vfio_dma_map *request, int fd)
{
	int prot = (request->flags & VFIO_DMA_MAP_FLAG_READ ? PROT_READ : 0) |
		   (request->flags & VFIO_DMA_MAP_FLAG_WRITE ? PROT_WRITE : 0);
	uint64_t page_size = PAGE_SIZE, offset, length;
	void *base;
	int ret = file_check(request, fd, &page_size);

	if (ret < 0) {
		return ret;
	}
	offset = request->offset & ~(page_size - 1);
	length = (request->offset - offset + request->size + page_size - 1) & ~(page_size - 1);
	base = mmap(NULL, length, prot, MAP_SHARED | MAP_NORESERVE, fd, (off_t)offset);
	if (base == MAP_FAILED) {
		return -errno;
	}
	madvise(base, length, MADV_DONTDUMP);
	slot->base = base;
	slot->length = length;
	slot->host = (char *)base + (request->offset - offset);
	return 0;
}

static void slot_release(struct ugvt_vfio_dma *dma, struct ugvt_vfio_dma_slot *slot)
{
	if (slot->base) {
		ugvt_sigbus_guard_remove(&dma->guard, slot_index(dma, slot));
		munmap(slot->base, slot->length);
	}
	*slot = (struct ugvt_vfio_dma_slot){0};
}

static int slot_publish(struct ugvt_vfio_dma *dma, struct ugvt_vfio_dma_slot *slot,
	const struct ugvt_vfio_dma_map *request)
{
	struct ugvt_guest_range range = {
		.gpa = request->address,
		.size = request->size,
		.host = slot->host,
		.prot = (request->flags & VFIO_DMA_MAP_FLAG_READ ? UGVT_PROT_READ : 0) |
			(request->flags & VFIO_DMA_MAP_FLAG_WRITE ? UGVT_PROT_WRITE : 0),
	};
	int ret;

	if (slot->base) {
		ugvt_sigbus_guard_add(&dma->guard, slot_index(dma, slot), slot->base, slot->length);
	}
	ret = ugvt_guest_memory_map(dma->memory, &range);
	if (ret < 0) {
		slot_release(dma, slot);
		return ret;
	}
	slot->address = request->address;
	slot->size = request->size;
	return 0;
}

int ugvt_vfio_dma_map(struct ugvt_vfio_dma *dma, const struct ugvt_vfio_dma_map *request, int fd)
{
	struct ugvt_vfio_dma_slot *slot = slot_acquire(dma);
	int ret = 0;

	if (!request_valid(request)) {
		return -EINVAL;
	}
	if (!slot) {
		return -ENOSPC;
	}
	/* Sealed first, so that the size which is checked next holds. */
	if (fd >= 0 && !file_seal(fd) && dma->require_sealed) {
		return -EPERM;
	}
	if (fd >= 0) {
		ret = slot_map_file(slot, request, fd);
	}
	return ret < 0 ? ret : slot_publish(dma, slot, request);
}

static void slot_unmap(struct ugvt_vfio_dma *dma, struct ugvt_vfio_dma_slot *slot)
{
	ugvt_guest_memory_unmap(dma->memory, slot->address, slot->size, NULL);
	slot_release(dma, slot);
}

int ugvt_vfio_dma_unmap(struct ugvt_vfio_dma *dma, uint64_t address, uint64_t size)
{
	for (unsigned i = 0; i < dma->n_slots; i++) {
		struct ugvt_vfio_dma_slot *slot = &dma->slots[i];

		if (slot->size != 0 && slot->size == size && slot->address == address) {
			slot_unmap(dma, slot);
			return 0;
		}
	}
	return -ENOENT;
}

void ugvt_vfio_dma_unmap_all(struct ugvt_vfio_dma *dma)
{
	for (unsigned i = 0; i < dma->n_slots; i++) {
		if (dma->slots[i].size != 0) {
			slot_unmap(dma, &dma->slots[i]);
		}
	}
}
