/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_WORKER_PEER_H
#define UGVT_TESTS_WORKER_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/driver/remote.h"

/*
 * What the tests of whole workers share: a worker as seen from outside, as a process and through its socket. Whatever is
 * not as it should be ends the test.
 */

struct peer {
	const char *socket;
	pid_t pid;
	uint64_t born; // when, by the kernel's clock: tells it from a later process with its pid
	uint32_t *registers; // as a new vGPU has them
};

/* What a worker holds. */
struct peer_size {
	unsigned fds; // 0: may not be looked at
	uint64_t anonymous_kb;
};

/* Prints what went wrong and ends the process with status 1. */
_Noreturn void peer_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The worker with that pid, whose vGPU nobody has used yet. */
void peer_init(struct peer *peer, const char *socket, const char *pid);
void peer_finish(struct peer *peer);

/* Still the same process, and not a zombie. */
void peer_check_alive(const struct peer *peer);
struct peer_size peer_measure(const struct peer *peer);

/* Connects and shares size bytes of memory, waiting for as long as the device is said to be in use. */
void peer_connect(const struct peer *peer, struct driver_remote *remote, uint64_t size);
/* Nothing is left of the last client: configuration space, registers and GGTT are as they were at first. */
void peer_check_scrubbed(const struct peer *peer);
/* A new client gets a breadcrumb from each engine; *size (may be NULL): what the worker holds meanwhile. */
void peer_check_works(const struct peer *peer, struct peer_size *size);

/* Waits until *word is value. */
void peer_wait_word(const volatile uint32_t *word, uint32_t value, const char *what);
/* A 4-level page table of 2 MB pages that maps the first gigabyte to itself. Its guest physical address. */
uint64_t peer_identity_map(struct driver *driver);

/* A small generator, so that a seed tells all of a test. */
uint32_t peer_random(uint64_t *state);

#endif
