/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_USER_H
#define UGVT_DRM_SHIM_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The client's memory, as a driver in the kernel sees it: an address that leads nowhere gives -EFAULT, not a signal. 0 or
 * -EFAULT.
 */
int ugvt_user_read(void *data, uint64_t user, size_t size);
int ugvt_user_write(uint64_t user, const void *data, size_t size);

/* Is all of it there, and may it be written (or only read)? Brings the pages in. Page aligned. */
int ugvt_user_probe(uint64_t user, uint64_t size, bool write);

#endif
