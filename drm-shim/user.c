/* SPDX-License-Identifier: MIT */
#include "drm-shim/user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "gpu/mem/ggtt.h"

/* linux/mman.h; since Linux 5.14. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/* Some containers forbid the system calls that find out; what is left then is to trust the address. */
static int result(ssize_t done, size_t size, void *to, const void *from)
{
	if (done == (ssize_t)size) {
		return 0;
	}
	if (done < 0 && (errno == EPERM || errno == ENOSYS)) {
		memcpy(to, from, size);
		return 0;
	}
	return -EFAULT;
}

int ugvt_user_read(void *data, uint64_t user, size_t size)
{
	struct iovec local = {data, size};
	struct iovec remote = {(void *)(uintptr_t)user, size};
	int saved = errno;
	int ret = size > 0 ? result(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), size,
				     data, remote.iov_base)
			   : 0;

	errno = saved;
	return ret;
}

int ugvt_user_write(uint64_t user, const void *data, size_t size)
{
	struct iovec local = {(void *)(uintptr_t)data, size};
	struct iovec remote = {(void *)(uintptr_t)user, size};
	int saved = errno;
	int ret = size > 0 ? result(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), size,
				     remote.iov_base, data)
			   : 0;

	errno = saved;
	return ret;
}

/* Does the kernel know how to bring pages in? Tried on some that are there. */
static bool can_populate(void)
{
	static const char page[2 * UGVT_PAGE_SIZE];
	uintptr_t addr = ((uintptr_t)page + UGVT_PAGE_SIZE - 1) & ~(uintptr_t)(UGVT_PAGE_SIZE - 1);

	return madvise((void *)addr, UGVT_PAGE_SIZE, MADV_POPULATE_READ) == 0;
}

int ugvt_user_probe(uint64_t user, uint64_t size, bool write)
{
	void *addr = (void *)(uintptr_t)user;
	int saved = errno;
	int ret = madvise(addr, size, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);

	/* An older kernel can at least tell whether something is mapped. */
	if (ret < 0 && errno == EINVAL && !can_populate()) {
		ret = msync(addr, size, MS_ASYNC);
	}
	errno = saved;
	return ret < 0 ? -EFAULT : 0;
}
