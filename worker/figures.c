/* SPDX-License-Identifier: MIT */
#include "worker/figures.h"

#include <json-c/json.h>

#include "control/json.h"
#include "gen/engine.h"
#include "vfio-user/server.h"
#include "vgpu/vgpu.h"

static struct json_object *connection_write(const struct ugvt_vfio_user_stats *vfio)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_uint(object, "connected", vfio->connected);
	ugvt_json_add_uint(object, "connections", vfio->connections);
	ugvt_json_add_uint(object, "messages", vfio->messages);
	ugvt_json_add_uint(object, "reads", vfio->reads);
	ugvt_json_add_uint(object, "writes", vfio->writes);
	ugvt_json_add_uint(object, "errors", vfio->errors);
	ugvt_json_add_uint(object, "memory_faults", vfio->memory_faults);
	return object;
}

static struct json_object *engine_write(const struct ugvt_vgpu_engine_stats *engine)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_uint(object, "busy_ns", engine->busy_ns);
	ugvt_json_add_uint(object, "waited_ns", engine->waited_ns);
	ugvt_json_add_uint(object, "batches", engine->batches);
	ugvt_json_add_uint(object, "commands", engine->commands);
	ugvt_json_add_uint(object, "contexts", engine->contexts);
	ugvt_json_add_uint(object, "preemptions", engine->preemptions);
	ugvt_json_add_uint(object, "resets", engine->resets);
	ugvt_json_add_uint(object, "hangs", engine->hangs);
	ugvt_json_add_uint(object, "faults", engine->faults);
	ugvt_json_add_uint(object, "not_executed", engine->not_executed);
	return object;
}

struct json_object *ugvt_figures_write(
	const struct ugvt_vgpu_stats *vgpu, const struct ugvt_vfio_user_stats *vfio)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_uint(object, "reg_reads", vgpu->reg_reads);
	ugvt_json_add_uint(object, "reg_writes", vgpu->reg_writes);
	ugvt_json_add_uint(object, "ggtt_writes", vgpu->ggtt_writes);
	ugvt_json_add_uint(object, "aperture_accesses", vgpu->aperture_accesses);
	ugvt_json_add_uint(object, "interrupts", vgpu->interrupts);
	ugvt_json_add_uint(object, "frames", vgpu->frames);
	json_object_object_add(object, "connection", connection_write(vfio));
	for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
		json_object_object_add(
			object, ugvt_engines[i].name, engine_write(&vgpu->engines[i]));
	}
	return object;
}
