/* SPDX-License-Identifier: MIT */
#include "vgpu/ports.h"

#include "base/bits.h"

enum csb_status {
	CSB_IDLE_TO_ACTIVE = 1 << 0,
	CSB_PREEMPTED = 1 << 1,
	CSB_ELEMENT_SWITCH = 1 << 2,
	CSB_ACTIVE_TO_IDLE = 1 << 3,
	CSB_COMPLETE = 1 << 4,
	CSB_LITE_RESTORE = 1 << 15,
};

void ugvt_ports_reset(struct ugvt_ports *ports)
{
	*ports = (struct ugvt_ports){.element = UGVT_PORTS_IDLE};
}

void ugvt_ports_submit(struct ugvt_ports *ports, const uint64_t descriptors[2])
{
	ports->pending[0] = descriptors[0];
	ports->pending[1] = descriptors[1];
	ports->has_pending = true;
}

bool ugvt_ports_have_work(const struct ugvt_ports *ports)
{
	return ports->has_pending || ports->element != UGVT_PORTS_IDLE;
}

uint64_t ugvt_ports_descriptor(const struct ugvt_ports *ports)
{
	return ports->current[ports->element];
}

/* Same context: PRM SKL vol 6, the descriptor's LRCA (31:12) and context id (63:32). */
static bool same_context(uint64_t a, uint64_t b)
{
	return ((a ^ b) & UGVT_MASK64(63, 12)) == 0;
}

bool ugvt_ports_run(const struct ugvt_ports *ports, uint64_t descriptor)
{
	return ports->element != UGVT_PORTS_IDLE &&
	       same_context(ugvt_ports_descriptor(ports), descriptor);
}

/* Makes the pending execlist the current one. */
static uint64_t pending_take(struct ugvt_ports *ports, enum ugvt_ports_start start)
{
	uint64_t old = ports->element == UGVT_PORTS_IDLE ? 0 : ugvt_ports_descriptor(ports);

	ports->current[0] = ports->pending[0];
	ports->current[1] = ports->pending[1];
	ports->has_pending = false;
	ports->element = 0;
	ports->start = start;
	return old;
}

struct ugvt_ports_event ugvt_ports_begin(struct ugvt_ports *ports)
{
	if (!ports->has_pending) {
		return (struct ugvt_ports_event){0};
	}
	if (ports->element == UGVT_PORTS_IDLE) {
		return (struct ugvt_ports_event){
			CSB_IDLE_TO_ACTIVE, pending_take(ports, UGVT_PORTS_LOAD)};
	}
	if (ugvt_ports_run(ports, ports->pending[0])) {
		enum ugvt_ports_start start =
			ports->start == UGVT_PORTS_CONTINUE ? UGVT_PORTS_UPDATE : ports->start;

		return (struct ugvt_ports_event){
			CSB_PREEMPTED | CSB_LITE_RESTORE, pending_take(ports, start)};
	}
	return (struct ugvt_ports_event){0};
}

struct ugvt_ports_event ugvt_ports_switch(struct ugvt_ports *ports, bool complete)
{
	uint32_t status = complete ? CSB_COMPLETE : 0;
	uint64_t old = ugvt_ports_descriptor(ports);

	if (ports->has_pending) {
		pending_take(ports, UGVT_PORTS_LOAD);
		return (struct ugvt_ports_event){status | CSB_PREEMPTED, old};
	}
	if (!complete) {
		ports->start = UGVT_PORTS_LOAD;
		return (struct ugvt_ports_event){0};
	}
	if (ports->element == 0 && ports->current[1] != 0) {
		ports->element = 1;
		ports->start = UGVT_PORTS_LOAD;
		return (struct ugvt_ports_event){status | CSB_ELEMENT_SWITCH, old};
	}
	ports->element = UGVT_PORTS_IDLE;
	return (struct ugvt_ports_event){status | CSB_ACTIVE_TO_IDLE, old};
}

/* PRM SKL vol 2c: context id in 63:32, active element in 15:14, execlist 0 valid in 4, queue full in 2. */
uint64_t ugvt_ports_status(const struct ugvt_ports *ports)
{
	uint64_t status = 0;

	if (ports->element != UGVT_PORTS_IDLE) {
		status = ugvt_u64(UGVT_BIT(4) | UGVT_BIT(14 + ports->element),
			ugvt_hi32(ugvt_ports_descriptor(ports)));
	}
	if (ports->has_pending) {
		status |= UGVT_BIT(2);
	}
	return status;
}
