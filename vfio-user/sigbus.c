/* SPDX-License-Identifier: MIT */
#include "vfio-user/sigbus.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"

/* A signal handler belongs to the process and is called without an argument of ours: it finds the guards
 * here. What it reads is atomic, what it calls is a bare system call. */
static _Atomic(struct ugvt_sigbus_guard *) guards[UGVT_SIGBUS_GUARDS_MAX];
static atomic_uint handlers_running;
static struct sigaction previous;
static pthread_mutex_t install_lock = PTHREAD_MUTEX_INITIALIZER;

/* What takes the place of lost memory: one piece, as large as a huge page, for any number of lost ones. Nobody has a use
 * for the contents, and private memory in its place would count as the process's, which may be limited. */
#define BLANK_SIZE ((size_t)2 << 20)
static int blank_fd = -1; // -1: could not be had
static void *blank;
static pthread_once_t blank_made = PTHREAD_ONCE_INIT;

static void blank_make(void)
{
	int fd = memfd_create("ugvt-blank", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0) {
		return;
	}
	if (ftruncate(fd, BLANK_SIZE) == 0 &&
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
		blank = mmap(NULL, BLANK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		blank_fd = blank != MAP_FAILED ? fd : -1;
	}
	if (blank_fd < 0) {
		close(fd);
	}
}

void ugvt_sigbus_prepare(void)
{
	pthread_once(&blank_made, blank_make);
}

/* The part of the mapping that address is in. */
static bool part_replace(uintptr_t start, size_t size, uintptr_t address)
{
	uintptr_t part = start + ((address - start) & ~(BLANK_SIZE - 1));
	size_t part_size = UGVT_MIN(BLANK_SIZE, start + size - part);

	return blank_fd >= 0 && mmap((void *)part, part_size, PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_FIXED, blank_fd, 0) != MAP_FAILED;
}

static bool range_replace(struct ugvt_sigbus_range *range, uintptr_t address)
{
	uintptr_t start = atomic_load(&range->start);
	size_t size = atomic_load(&range->size);

	/* A slot that changes under us is another mapping's: the one that faulted is in use, so it stays. */
	if (start == 0 || address - start >= size || atomic_load(&range->start) != start) {
		return false;
	}
	atomic_store(&range->replaced, true);
	if (part_replace(start, size, address)) {
		return true;
	}
	/* All of it, because less than a page can't be replaced, and there are pages of 1 GB. */
	return mmap((void *)start, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		       0) != MAP_FAILED;
}

static bool guard_handle_fault(struct ugvt_sigbus_guard *guard, uintptr_t address)
{
	for (unsigned i = 0; i < guard->n_ranges; i++) {
		if (range_replace(&guard->ranges[i], address)) {
			atomic_fetch_add(&guard->faults, 1);
			shutdown(atomic_load(&guard->fd), SHUT_RDWR);
			return true;
		}
	}
	return false;
}

static bool guards_handle_fault(uintptr_t address)
{
	bool found = false;

	atomic_fetch_add(&handlers_running, 1);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(guards) && !found; i++) {
		struct ugvt_sigbus_guard *guard = atomic_load(&guards[i]);

		found = guard && guard_handle_fault(guard, address);
	}
	atomic_fetch_sub(&handlers_running, 1);
	return found;
}

static void handle_sigbus(int number, siginfo_t *info, void *context)
{
	int error = errno;

	if (!guards_handle_fault((uintptr_t)info->si_addr)) {
		/* The same access faults again, and is then handled as it would have been without us. */
		sigaction(number, &previous, NULL);
	}
	errno = error;
}

/* Again with each guard: others may have put theirs in its place. */
static void handler_install(void)
{
	struct sigaction action = {.sa_sigaction = handle_sigbus, .sa_flags = SA_SIGINFO};
	struct sigaction current;

	sigemptyset(&action.sa_mask);
	pthread_mutex_lock(&install_lock);
	sigaction(SIGBUS, NULL, &current);
	if (!(current.sa_flags & SA_SIGINFO) || current.sa_sigaction != handle_sigbus) {
		previous = current;
		sigaction(SIGBUS, &action, NULL);
	}
	pthread_mutex_unlock(&install_lock);
}

int ugvt_sigbus_guard_init(struct ugvt_sigbus_guard *guard, unsigned n)
{
	ugvt_sigbus_prepare();
	handler_install();
	atomic_init(&guard->fd, -1);
	atomic_init(&guard->faults, 0);
	guard->n_ranges = n;
	guard->ranges = calloc(n, sizeof(*guard->ranges));
	if (!guard->ranges) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(guards); i++) {
		struct ugvt_sigbus_guard *none = NULL;

		if (atomic_compare_exchange_strong(&guards[i], &none, guard)) {
			return 0;
		}
	}
	free(guard->ranges);
	guard->ranges = NULL;
	return -ENOSPC;
}

void ugvt_sigbus_guard_finish(struct ugvt_sigbus_guard *guard)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(guards); i++) {
		struct ugvt_sigbus_guard *self = guard;

		atomic_compare_exchange_strong(&guards[i], &self, NULL);
	}
	/* Another guard's fault may just be looking through our ranges. */
	while (atomic_load(&handlers_running) > 0) {
		sched_yield();
	}
	free(guard->ranges);
	guard->ranges = NULL;
}

void ugvt_sigbus_guard_add(struct ugvt_sigbus_guard *guard, unsigned slot, void *start, size_t size)
{
	atomic_store(&guard->ranges[slot].replaced, false);
	atomic_store(&guard->ranges[slot].size, size);
	atomic_store(&guard->ranges[slot].start, (uintptr_t)start);
}

void ugvt_sigbus_guard_remove(struct ugvt_sigbus_guard *guard, unsigned slot)
{
	struct ugvt_sigbus_range *range = &guard->ranges[slot];

	atomic_store(&range->start, 0);
	/* What a guest wrote there is not for the next one to find. */
	if (atomic_load(&range->replaced) && blank_fd >= 0) {
		memset(blank, 0, BLANK_SIZE);
	}
}
