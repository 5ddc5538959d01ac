/* SPDX-License-Identifier: MIT */
#include "worker/machine.h"

#include <errno.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/log.h"
#include "gen/device.h"
#include "schedule/turn.h"
#include "vfio-user/server.h"
#include "vgpu/vgpu.h"
#include "worker/figures.h"

/* A year; more would not count as nanoseconds. */
#define DEADLINE_MAX_MS (UINT64_C(366) * 24 * 3600 * 1000)

static void *transport_thread(void *argument)
{
	struct ugvt_machine *machine = argument;
	int ret = ugvt_vfio_user_run(machine->vfio);

	if (ret < 0) {
		ugvt_error("the socket for the virtual machine is broken: %s", strerror(-ret));
		machine->failed = true;
		ugvt_loop_stop(machine->loop);
	}
	return NULL;
}

static struct ugvt_vgpu *vgpu_create(struct ugvt_machine *machine,
	const struct ugvt_worker_config *config, struct ugvt_failure *failure)
{
	struct ugvt_vgpu_config vgpu_config = {
		.device = ugvt_device_find(config->device),
		.low_gm = config->low_gm,
		.high_gm = config->high_gm,
		.fences = (unsigned)config->fences,
		.width = (unsigned)config->width,
		.height = (unsigned)config->height,
		.direct = config->direct,
		.deadline_ns = UGVT_MIN(config->deadline_ms, DEADLINE_MAX_MS) * UGVT_NS_PER_MS,
		.turns = machine->turns,
	};
	struct ugvt_vgpu *vgpu;

	if (!vgpu_config.device) {
		ugvt_fail(failure, UGVT_FAILURE_INVALID, "there is no device %s", config->device);
		return NULL;
	}
	vgpu = ugvt_vgpu_create(&vgpu_config, machine->loop);
	if (!vgpu) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory, threads or descriptors");
	}
	return vgpu;
}

bool ugvt_machine_start(struct ugvt_machine *machine, const struct ugvt_worker_config *config,
	struct ugvt_failure *failure)
{
	struct ugvt_vfio_user_config vfio_config = {.listen_fd = UGVT_WORKER_FD_VFIO};
	int error;

	machine->turns = ugvt_turns_create();
	if (!machine->turns) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
	}
	machine->vgpu = vgpu_create(machine, config, failure);
	if (!machine->vgpu) {
		ugvt_turns_destroy(machine->turns);
		return false;
	}
	machine->vfio = ugvt_vfio_user_create(ugvt_vgpu_device(machine->vgpu), &vfio_config);
	if (!machine->vfio) {
		error = errno;
		goto destroy_vgpu;
	}
	error = -ugvt_photo_init(&machine->photo, machine->loop, machine->vgpu);
	if (error) {
		goto destroy_vfio;
	}
	error = pthread_create(&machine->thread, NULL, transport_thread, machine);
	if (error) {
		goto finish_photo;
	}
	return true;

finish_photo:
	ugvt_photo_finish(&machine->photo);
destroy_vfio:
	ugvt_vfio_user_destroy(machine->vfio);
destroy_vgpu:
	ugvt_vgpu_destroy(machine->vgpu);
	ugvt_turns_destroy(machine->turns);
	machine->vgpu = NULL;
	return ugvt_fail(failure, UGVT_FAILURE_OTHER, "can't make the vGPU: %s", strerror(error));
}

void ugvt_machine_stop(struct ugvt_machine *machine)
{
	if (!machine->vgpu) {
		return;
	}
	ugvt_vfio_user_stop(machine->vfio);
	pthread_join(machine->thread, NULL);
	ugvt_photo_finish(&machine->photo);
	ugvt_vfio_user_destroy(machine->vfio);
	ugvt_vgpu_destroy(machine->vgpu);
	ugvt_turns_destroy(machine->turns);
	machine->vgpu = NULL;
}

int ugvt_machine_govern(struct ugvt_machine *machine, int page_fd, int doorbell_fd)
{
	return ugvt_turns_govern(machine->turns, page_fd, doorbell_fd);
}

void ugvt_machine_ungovern(struct ugvt_machine *machine)
{
	ugvt_turns_ungovern(machine->turns);
}

struct json_object *ugvt_machine_figures(const struct ugvt_machine *machine)
{
	struct ugvt_vfio_user_stats vfio = ugvt_vfio_user_stats(machine->vfio);
	struct ugvt_vgpu_stats vgpu;

	ugvt_vgpu_stats(machine->vgpu, &vgpu);
	return ugvt_figures_write(&vgpu, &vfio);
}
