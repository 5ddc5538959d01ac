/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drm-shim/hooks.h"
#include "drm-shim/shim.h"
#include "drm-shim/tree.h"
#include "drm-shim/user.h"

/* Replacements of what works on descriptors. */

#define DRM_TYPE 'd'
#define DMA_BUF_TYPE 'b'
#define DMA_BUF_SYNC_NR 0
#define SYNC_FILE_TYPE '>'

void *ugvt_hook_next(void *_Atomic *function, const char *name)
{
	void *next = atomic_load_explicit(function, memory_order_relaxed);

	if (!next) {
		int saved = errno;

		next = dlsym(RTLD_NEXT, name);
		errno = saved;
		atomic_store_explicit(function, next, memory_order_relaxed);
	}
	return next;
}

static int file_open(const struct ugvt_tree_entry *entry, int flags)
{
	char text[512];
	size_t size = ugvt_tree_text(entry, ugvt_shim_info(), text, sizeof(text));
	int fd = memfd_create("sysfs", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);

	if (fd >= 0 && (write(fd, text, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) < 0)) {
		syscall(SYS_close, fd);
		errno = EIO;
		fd = -1;
	}
	return fd;
}

bool ugvt_hook_open(const char *path, int flags, int *fd)
{
	const struct ugvt_tree_entry *entry;

	if (!ugvt_tree_owns(path)) {
		return false;
	}
	entry = ugvt_tree_find(path);
	*fd = -1;
	if (!entry) {
		errno = ENOENT;
	} else if (entry->kind == UGVT_TREE_DEVICE) {
		*fd = ugvt_shim_open_node(flags);
	} else if (entry->kind == UGVT_TREE_FILE && (flags & O_ACCMODE) == O_RDONLY) {
		*fd = file_open(entry, flags);
	} else {
		errno = entry->kind == UGVT_TREE_FILE ? EACCES : EISDIR;
	}
	return true;
}

/* A file is created: then there is an argument for its mode. */
static bool has_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

typedef int open_function(const char *path, int flags, ...);
typedef int openat_function(int dir, const char *path, int flags, ...);

#define DEFINE_OPEN(name)                                    \
	UGVT_HOOK int name(const char *path, int flags, ...) \
	{                                                    \
		UGVT_NEXT(open_function *, #name);           \
		mode_t mode = 0;                             \
		va_list list;                                \
		int fd;                                      \
                                                             \
		if (ugvt_hook_open(path, flags, &fd)) {      \
			return fd;                           \
		}                                            \
		va_start(list, flags);                       \
		if (has_mode(flags)) {                       \
			mode = va_arg(list, mode_t);         \
		}                                            \
		va_end(list);                                \
		return next(path, flags, mode);              \
	}

#define DEFINE_OPENAT(name)                                           \
	UGVT_HOOK int name(int dir, const char *path, int flags, ...) \
	{                                                             \
		UGVT_NEXT(openat_function *, #name);                  \
		mode_t mode = 0;                                      \
		va_list list;                                         \
		int fd;                                               \
                                                                      \
		if (ugvt_hook_open(path, flags, &fd)) {               \
			return fd;                                    \
		}                                                     \
		va_start(list, flags);                                \
		if (has_mode(flags)) {                                \
			mode = va_arg(list, mode_t);                  \
		}                                                     \
		va_end(list);                                         \
		return next(dir, path, flags, mode);                  \
	}

/* What a program that was compiled with _FORTIFY_SOURCE calls. */
#define DEFINE_OPEN_2(name)                             \
	int name(const char *path, int flags);          \
	UGVT_HOOK int name(const char *path, int flags) \
	{                                               \
		UGVT_NEXT(open_function *, #name);      \
		int fd;                                 \
                                                        \
		if (ugvt_hook_open(path, flags, &fd)) { \
			return fd;                      \
		}                                       \
		return next(path, flags);               \
	}

#define DEFINE_OPENAT_2(name)                                    \
	int name(int dir, const char *path, int flags);          \
	UGVT_HOOK int name(int dir, const char *path, int flags) \
	{                                                        \
		UGVT_NEXT(openat_function *, #name);             \
		int fd;                                          \
                                                                 \
		if (ugvt_hook_open(path, flags, &fd)) {          \
			return fd;                               \
		}                                                \
		return next(dir, path, flags);                   \
	}

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)
DEFINE_OPEN_2(__open_2)
DEFINE_OPEN_2(__open64_2)
DEFINE_OPENAT_2(__openat_2)
DEFINE_OPENAT_2(__openat64_2)

UGVT_HOOK int close(int fd)
{
	UGVT_NEXT(int (*)(int), "close");

	ugvt_shim_closing(fd);
	return next(fd);
}

UGVT_HOOK int close_range(unsigned first, unsigned last, int flags)
{
	UGVT_NEXT(int (*)(unsigned, unsigned, int), "close_range");

	if (!(flags & CLOSE_RANGE_CLOEXEC)) {
		ugvt_shim_closing_range(first, last);
	}
	return next(first, last, flags);
}

UGVT_HOOK void closefrom(int first)
{
	UGVT_NEXT(void (*)(int), "closefrom");

	ugvt_shim_closing_range((unsigned)(first > 0 ? first : 0), UINT32_MAX);
	next(first);
}

UGVT_HOOK int dup(int fd)
{
	UGVT_NEXT(int (*)(int), "dup");
	int to = next(fd);

	if (to >= 0) {
		ugvt_shim_duplicated(fd, to);
	}
	return to;
}

UGVT_HOOK int dup2(int fd, int to)
{
	UGVT_NEXT(int (*)(int, int), "dup2");
	int ret = next(fd, to);

	if (ret >= 0) {
		ugvt_shim_duplicated(fd, to);
	}
	return ret;
}

UGVT_HOOK int dup3(int fd, int to, int flags)
{
	UGVT_NEXT(int (*)(int, int, int), "dup3");
	int ret = next(fd, to, flags);

	if (ret >= 0) {
		ugvt_shim_duplicated(fd, to);
	}
	return ret;
}

typedef int fcntl_function(int fd, int command, ...);

static int fcntl_done(int fd, int command, int ret)
{
	if (ret >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) {
		ugvt_shim_duplicated(fd, ret);
	}
	return ret;
}

#define DEFINE_FCNTL(name)                                                   \
	UGVT_HOOK int name(int fd, int command, ...)                         \
	{                                                                    \
		UGVT_NEXT(fcntl_function *, #name);                          \
		va_list list;                                                \
		void *argument;                                              \
                                                                             \
		va_start(list, command);                                     \
		argument = va_arg(list, void *);                             \
		va_end(list);                                                \
		return fcntl_done(fd, command, next(fd, command, argument)); \
	}

DEFINE_FCNTL(fcntl)
DEFINE_FCNTL(fcntl64)

/* Both fences have come when the new one has: made when that is so. */
static int fences_merge(int fd, struct sync_merge_data *merge)
{
	struct pollfd fences[2] = {
		{.fd = fd, .events = POLLIN}, {.fd = merge->fd2, .events = POLLIN}};

	for (unsigned i = 0; i < 2; i++) {
		while (poll(&fences[i], 1, -1) < 0) {
			if (errno != EINTR) {
				return -1;
			}
		}
		if (fences[i].revents & POLLNVAL) {
			errno = EBADF;
			return -1;
		}
	}
	merge->fence = eventfd(1, EFD_CLOEXEC);
	return merge->fence < 0 ? -1 : 0;
}

/* Calls on buffers and fences that are descriptors, which the kernel does not know for the memory and events that ours are. */
static int foreign_ioctl(int fd, unsigned long request, void *argument)
{
	if (_IOC_TYPE(request) == DMA_BUF_TYPE && _IOC_NR(request) == DMA_BUF_SYNC_NR) {
		return 0; // memory is coherent
	}
	if (request == SYNC_IOC_MERGE) {
		return fences_merge(fd, argument);
	}
	errno = ENOTTY;
	return -1;
}

static int drm_ioctl(struct ugvt_shim_open *open, unsigned long request, void *argument)
{
	int ret = ugvt_drm_file_ioctl(open->file, (uint32_t)request, (uintptr_t)argument);

	ugvt_shim_put(open);
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

UGVT_HOOK int ioctl(int fd, unsigned long request, ...)
{
	UGVT_NEXT(int (*)(int, unsigned long, ...), "ioctl");
	unsigned type = _IOC_TYPE(request);
	struct ugvt_shim_open *open = NULL;
	va_list list;
	void *argument;
	int ret;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (type == DRM_TYPE) {
		open = ugvt_shim_get(fd);
	}
	if (open) {
		return drm_ioctl(open, request, argument);
	}
	ret = next(fd, request, argument);
	if (ret < 0 && errno == ENOTTY && (type == DMA_BUF_TYPE || type == SYNC_FILE_TYPE)) {
		ret = foreign_ioctl(fd, request, argument);
	}
	return ret;
}

/* Not by dlsym(): allocators that replace malloc() call it early. */
static void *next_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, addr, size, prot, flags, fd, offset);
}

static void *any_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	struct ugvt_drm_mmap request = {.addr = addr,
		.size = size,
		.prot = prot,
		.flags = flags,
		.offset = (uint64_t)offset};
	struct ugvt_shim_open *open = NULL;
	void *mapped;
	int ret;

	if (fd >= 0 && !(flags & MAP_ANONYMOUS) && ugvt_shim_is_node(fd)) {
		open = ugvt_shim_get(fd);
	}
	if (!open) {
		return next_mmap(addr, size, prot, flags, fd, offset);
	}
	ret = ugvt_drm_file_mmap(open->file, &request, &mapped);
	ugvt_shim_put(open);
	if (ret < 0) {
		errno = -ret;
		return MAP_FAILED;
	}
	return mapped;
}

UGVT_HOOK void *mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	return any_mmap(addr, size, prot, flags, fd, offset);
}

UGVT_HOOK void *mmap64(void *addr, size_t size, int prot, int flags, int fd, off64_t offset)
{
	return any_mmap(addr, size, prot, flags, fd, offset);
}
