/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_WORKER_HOSTILE_H
#define UGVT_TESTS_WORKER_HOSTILE_H

#include "tests/worker/peer.h"

/* A guest and client that does whatever it can against the worker: valid work of a driver, mixed with what no driver does. Takes so
 * many steps, each chosen by a generator that starts with seed, connecting again whenever it was thrown out. */
void hostile_run(const struct peer *peer, uint64_t seed, unsigned count);

#endif
