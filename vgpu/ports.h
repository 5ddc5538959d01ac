/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VGPU_PORTS_H
#define UGVT_VGPU_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The execlist ports of an engine: the execlist that executes, the one that waits to replace it, and what the context status
 * buffer is told when that changes. PRM SKL vol 6, "Execlists" and "Context Status".
 */

#define UGVT_PORTS_IDLE (-1)

/* What the next step does before it runs the command streamer. */
enum ugvt_ports_start {
	UGVT_PORTS_CONTINUE,
	UGVT_PORTS_LOAD,   // the current element's context is not loaded
	UGVT_PORTS_UPDATE, // it is, and has a new tail
};

struct ugvt_ports {
	uint64_t current[2]; // descriptors; 0: none
	uint64_t pending[2];
	bool has_pending;
	int element; // of current, or UGVT_PORTS_IDLE
	enum ugvt_ports_start start;
};

/* An entry of the status buffer. */
struct ugvt_ports_event {
	uint32_t status; // 0: there is nothing to tell
	uint64_t descriptor;
};

/* Empty; drops what there is. */
void ugvt_ports_reset(struct ugvt_ports *ports);
/* Replaces a pending execlist. */
void ugvt_ports_submit(struct ugvt_ports *ports, const uint64_t descriptors[2]);
/* There is something to execute. */
bool ugvt_ports_have_work(const struct ugvt_ports *ports);
/* Of the current element, which there is. */
uint64_t ugvt_ports_descriptor(const struct ugvt_ports *ports);
/* The current element is that context. */
bool ugvt_ports_run(const struct ugvt_ports *ports, uint64_t descriptor);

/* Before a step: takes the pending execlist if nothing has to be saved for it. If it is still pending then, the current context is
 * to be preempted. */
struct ugvt_ports_event ugvt_ports_begin(struct ugvt_ports *ports);
/* The current context was saved; complete: its ring is empty. */
struct ugvt_ports_event ugvt_ports_switch(struct ugvt_ports *ports, bool complete);

/* EXECLIST_STATUS. */
uint64_t ugvt_ports_status(const struct ugvt_ports *ports);

#endif
