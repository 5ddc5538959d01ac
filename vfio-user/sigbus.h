/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_SIGBUS_H
#define UGVT_VFIO_USER_SIGBUS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A file that is made shorter while it is mapped raises SIGBUS in whoever touches the part that is gone.
 * A guard knows one client's mappings: when one of them faults, blank memory takes the place of the part that faulted,
 * so that the thread goes on, and the guard's socket is shut down, so that the client is lost. Blank memory is shared
 * by all that was lost, and holds no guest's data when the next one comes.
 * Guards install the process's SIGBUS handler; faults that are nobody's go to the one before.
 */

#define UGVT_SIGBUS_GUARDS_MAX 64 // of a process

struct ugvt_sigbus_range {
	_Atomic uintptr_t start; // 0: unused
	_Atomic size_t size;
	atomic_bool replaced; // some of it
};

struct ugvt_sigbus_guard {
	_Atomic int fd;          // of the socket; -1: none
	_Atomic uint64_t faults; // grows with each
	unsigned n_ranges;
	struct ugvt_sigbus_range *ranges;
};

/* Makes what the first guard needs of the process. For who may not be able to any more when that is created. */
void ugvt_sigbus_prepare(void);

/* Room for n ranges. 0, -ENOMEM, or -ENOSPC: too many guards in this process. */
int ugvt_sigbus_guard_init(struct ugvt_sigbus_guard *guard, unsigned n);
void ugvt_sigbus_guard_finish(struct ugvt_sigbus_guard *guard);

/* Guards the mapping at start, in whole pages of its file; slot below n is free. One thread at a time. */
void ugvt_sigbus_guard_add(
	struct ugvt_sigbus_guard *guard, unsigned slot, void *start, size_t size);
/* Nobody may touch the mapping any more. */
void ugvt_sigbus_guard_remove(struct ugvt_sigbus_guard *guard, unsigned slot);

#endif
