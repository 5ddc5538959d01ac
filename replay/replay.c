/* SPDX-License-Identifier: MIT */
#include "replay/replay.h"

#include <stdlib.h>
#include <string.h>

#include "drm-shim/executor.h"
#include "replay/draw.h"
#include "replay/table.h"

/* Of a draw: the longest command that draws has 15 dwords. */
#define DRAW_DWORDS 16

struct replay {
	const struct ugvt_replay_config *config;
	struct ugvt_drm_watch watch;
	struct ugvt_drm_device *device; // NULL until the process is known
	struct ugvt_replay_table table;
	uint64_t *gone; // ids
	size_t gone_count;
	size_t gone_capacity;
	uint64_t memory; // bytes of all buffers
	uint64_t batches;
	struct ugvt_drm_vm *vm;    // of the batch; NULL: none ran
	struct ugvt_aspace as;     // the same
	struct ugvt_drm_vm *drawn; // of the last draw: a reference
	struct ugvt_replay_draw draw;
	uint32_t draw_dw[DRAW_DWORDS];
	bool drawing; // draw is under way, or just done
	bool pending; // the last batch's result was not met yet
	bool completed;
};

static void drawn_set(struct replay *replay, struct ugvt_drm_vm *vm)
{
	if (vm) {
		ugvt_drm_object_lock(&vm->object);
	}
	if (replay->drawn) {
		ugvt_drm_object_unlock(&replay->drawn->object);
	}
	replay->drawn = vm;
}

static void draw_begin(struct replay *replay, const struct ugvt_cs_command *command)
{
	replay->drawing = true;
	replay->draw.number++;
	replay->draw.command = *command;
	replay->draw.command.dwords = UGVT_MIN(command->dwords, (unsigned)DRAW_DWORDS);
	memcpy(replay->draw_dw, command->dw, sizeof(replay->draw_dw));
	replay->draw.command.dw = replay->draw_dw;
	drawn_set(replay, replay->vm);
}

static bool draw_end(struct replay *replay)
{
	struct ugvt_replay_viewer *viewer = replay->config->viewer;
	bool drawing = replay->drawing;

	replay->drawing = false;
	return !drawing || !viewer->impl->drawn || viewer->impl->drawn(viewer, &replay->draw);
}

/* What the viewer reads is no business of the engine's: it has an address space of its own. */
static bool watch_command(struct ugvt_drm_watch *watch, const struct ugvt_cs_command *command)
{
	struct replay *replay = ugvt_container_of(watch, struct replay, watch);
	struct ugvt_replay_viewer *viewer = replay->config->viewer;
	struct ugvt_cs_command own = *command;

	own.as = &replay->as;
	ugvt_aspace_window(&replay->as);
	if (!draw_end(replay) || (viewer->impl->command && !viewer->impl->command(viewer, &own))) {
		return false;
	}
	if (ugvt_draw_kind(&own) != UGVT_DRAW_NONE) {
		draw_begin(replay, &own);
	}
	return true;
}

static const struct ugvt_drm_watch_impl watch_impl = {
	.command = watch_command,
};

static enum ugvt_replay_status process_do(
	struct replay *replay, const struct ugvt_trace_record *record)
{
	struct ugvt_replay_viewer *viewer = replay->config->viewer;
	const struct ugvt_device_info *info = ugvt_device_find(record->process.device);

	if (replay->device || !info) {
		return UGVT_REPLAY_DAMAGED;
	}
	replay->device = ugvt_drm_device_create(&(struct ugvt_drm_device_config){
		.info = info,
		.deadline_ns = replay->config->deadline_ns,
	});
	if (!replay->device) {
		return UGVT_REPLAY_MEMORY;
	}
	return !viewer->impl->process || viewer->impl->process(viewer, record)
		       ? UGVT_REPLAY_DONE
		       : UGVT_REPLAY_STOPPED;
}

static enum ugvt_replay_status buffer_do(
	struct replay *replay, const struct ugvt_trace_buffer *buffer)
{
	struct ugvt_replay_item item = {.id = buffer->id, .kind = UGVT_REPLAY_BUFFER};

	if (ugvt_replay_table_find(&replay->table, buffer->id)) {
		return UGVT_REPLAY_DAMAGED;
	}
	if (buffer->size > replay->config->memory_max - replay->memory ||
		ugvt_drm_bo_create(replay->device, buffer->size, &item.bo) < 0) {
		return UGVT_REPLAY_MEMORY;
	}
	item.bo->read_only = buffer->read_only;
	if (!ugvt_trace_memory_init(&item.bo->memory, item.bo->size) ||
		!ugvt_replay_table_add(&replay->table, &item)) {
		return UGVT_REPLAY_MEMORY;
	}
	replay->memory += buffer->size;
	return UGVT_REPLAY_DONE;
}

static struct ugvt_drm_bo *bo_find(const struct replay *replay, uint64_t id)
{
	const struct ugvt_replay_item *item = ugvt_replay_table_find(&replay->table, id);

	return item ? item->bo : NULL;
}

static enum ugvt_replay_status pages_do(
	struct replay *replay, const struct ugvt_trace_record *record)
{
	const char *data = record->data;

	for (uint64_t i = 0; i < record->pages.runs; i++) {
		const struct ugvt_trace_run *run = &record->runs[i];
		struct ugvt_drm_bo *bo = bo_find(replay, run->buffer);

		if (!bo || run->first + run->count > bo->memory.pages) {
			return UGVT_REPLAY_DAMAGED;
		}
		memcpy(bo->host + run->first * UGVT_TRACE_PAGE, data, run->count * UGVT_TRACE_PAGE);
		for (uint64_t page = 0; page < run->count; page++) {
			bo->memory.hashes[run->first + page] =
				ugvt_trace_hash(data + page * UGVT_TRACE_PAGE);
		}
		data += run->count * UGVT_TRACE_PAGE;
	}
	return UGVT_REPLAY_DONE;
}

/* NULL: no memory, or the id is of something else. */
static struct ugvt_drm_vm *space_get(struct replay *replay, uint64_t id)
{
	const struct ugvt_replay_item *found = ugvt_replay_table_find(&replay->table, id);
	struct ugvt_replay_item item = {.id = id, .kind = UGVT_REPLAY_SPACE};

	if (found) {
		return found->kind == UGVT_REPLAY_SPACE ? found->vm : NULL;
	}
	item.vm = ugvt_drm_vm_create(replay->device);
	return item.vm && ugvt_replay_table_add(&replay->table, &item) ? item.vm : NULL;
}

/* A context keeps its address space, also when that is gone. */
static struct ugvt_drm_hw *context_get(
	struct replay *replay, const struct ugvt_trace_batch *batch, struct ugvt_drm_vm *vm)
{
	const struct ugvt_replay_item *found =
		ugvt_replay_table_find(&replay->table, batch->context);
	struct ugvt_replay_item item = {
		.id = batch->context, .kind = UGVT_REPLAY_CONTEXT, .vm = vm};

	if (found) {
		return found->kind == UGVT_REPLAY_CONTEXT && found->vm == vm &&
				       found->hw->engine == batch->engine
			       ? found->hw
			       : NULL;
	}
	if (!ugvt_drm_device_has_engine(replay->device, (enum ugvt_engine_id)batch->engine)) {
		return NULL;
	}
	item.hw =
		ugvt_drm_hw_create(replay->device, vm->memory, (enum ugvt_engine_id)batch->engine);
	if (!item.hw) {
		return NULL;
	}
	ugvt_drm_object_lock(&vm->object);
	item.hw->watch = &replay->watch;
	return ugvt_replay_table_add(&replay->table, &item) ? item.hw : NULL;
}

static bool bindings_make(
	struct replay *replay, const struct ugvt_trace_record *record, struct ugvt_drm_vm *vm)
{
	uint64_t exec = ++replay->device->execs;

	for (uint32_t i = 0; i < record->batch.bindings; i++) {
		uint64_t addr = record->bindings[i].addr;
		struct ugvt_drm_bo *bo = bo_find(replay, record->bindings[i].buffer);

		if (!bo || addr % UGVT_PAGE_SIZE || addr >= UGVT_DRM_VM_SIZE ||
			bo->size > UGVT_DRM_VM_SIZE - addr ||
			ugvt_drm_vm_bind(vm, bo, addr, exec) < 0) {
			return false;
		}
	}
	return true;
}

static enum ugvt_replay_status batch_do(
	struct replay *replay, const struct ugvt_trace_record *record)
{
	struct ugvt_replay_viewer *viewer = replay->config->viewer;
	struct ugvt_replay_batch batch = {++replay->batches, record->batch, record->bindings};
	struct ugvt_drm_vm *vm = space_get(replay, record->batch.space);
	struct ugvt_drm_hw *hw = vm ? context_get(replay, &record->batch, vm) : NULL;

	if (!hw || !bindings_make(replay, record, vm)) {
		return UGVT_REPLAY_DAMAGED;
	}
	if (viewer->impl->batch && !viewer->impl->batch(viewer, &batch)) {
		return UGVT_REPLAY_STOPPED;
	}
	ugvt_aspace_init(&replay->as, vm->memory, &replay->device->ggtt);
	ugvt_aspace_set(&replay->as, UGVT_ASPACE_FLAT, NULL);
	hw->time = record->batch.time;
	replay->vm = vm;
	replay->pending = true;
	replay->completed = ugvt_drm_hw_run(hw, record->batch.addr & UGVT_GPU_ADDR_MASK);
	replay->drawing = false;
	return hw->stopped ? UGVT_REPLAY_STOPPED : UGVT_REPLAY_DONE;
}

/* false: there is no such buffer. */
static bool write_compare(struct replay *replay, const struct ugvt_trace_write *recorded,
	struct ugvt_replay_result *result)
{
	struct ugvt_trace_write now = {.buffer = recorded->buffer};
	struct ugvt_drm_bo *bo = bo_find(replay, recorded->buffer);

	if (!bo) {
		return false;
	}
	ugvt_trace_memory_update(&bo->memory, bo->host, &now);
	result->buffers++;
	if (now.pages != recorded->pages || now.hash != recorded->hash) {
		if (result->differ++ == 0) {
			result->first = *recorded;
			result->first_is = now;
		}
	}
	return true;
}

static enum ugvt_replay_status result_do(
	struct replay *replay, const struct ugvt_trace_record *record)
{
	struct ugvt_replay_viewer *viewer = replay->config->viewer;
	struct ugvt_replay_result result = {
		.number = replay->batches,
		.completed = replay->completed,
		.recorded_completed = record->result.completed,
	};

	if (!replay->pending) {
		return UGVT_REPLAY_DAMAGED;
	}
	replay->pending = false;
	for (uint32_t i = 0; i < record->result.writes; i++) {
		if (!write_compare(replay, &record->writes[i], &result)) {
			return UGVT_REPLAY_DAMAGED;
		}
	}
	return !viewer->impl->result || viewer->impl->result(viewer, &result) ? UGVT_REPLAY_DONE
									      : UGVT_REPLAY_STOPPED;
}

/* What goes, goes when it is in the way: at its end a process gives everything back, but its last picture is to be seen. */
static enum ugvt_replay_status gone_do(struct replay *replay, uint64_t id)
{
	size_t capacity = UGVT_MAX(replay->gone_capacity * 2, (size_t)64);
	uint64_t *gone;

	if (replay->gone_count == replay->gone_capacity) {
		gone = realloc(replay->gone, capacity * sizeof(*gone));
		if (!gone) {
			return UGVT_REPLAY_MEMORY;
		}
		replay->gone = gone;
		replay->gone_capacity = capacity;
	}
	replay->gone[replay->gone_count++] = id;
	return UGVT_REPLAY_DONE;
}

static void gone_apply(struct replay *replay)
{
	for (size_t i = 0; i < replay->gone_count; i++) {
		const struct ugvt_drm_bo *bo = bo_find(replay, replay->gone[i]);

		replay->memory -= bo ? bo->size : 0;
		ugvt_replay_table_remove(&replay->table, replay->gone[i]);
	}
	replay->gone_count = 0;
}

static enum ugvt_replay_status record_do(
	struct replay *replay, const struct ugvt_trace_record *record)
{
	if (!replay->device && record->type != UGVT_TRACE_PROCESS) {
		return UGVT_REPLAY_DAMAGED;
	}
	if (record->type == UGVT_TRACE_BUFFER || record->type == UGVT_TRACE_BATCH) {
		gone_apply(replay);
	}
	switch (record->type) {
	case UGVT_TRACE_PROCESS: return process_do(replay, record);
	case UGVT_TRACE_BUFFER: return buffer_do(replay, &record->buffer);
	case UGVT_TRACE_PAGES: return pages_do(replay, record);
	case UGVT_TRACE_BATCH: return batch_do(replay, record);
	case UGVT_TRACE_RESULT: return result_do(replay, record);
	case UGVT_TRACE_GONE: return gone_do(replay, record->gone.id);
	}
	return UGVT_REPLAY_DAMAGED;
}

static enum ugvt_replay_status status_of(enum ugvt_trace_status status)
{
	switch (status) {
	case UGVT_TRACE_CUT: return UGVT_REPLAY_CUT;
	case UGVT_TRACE_FOREIGN: return UGVT_REPLAY_FOREIGN;
	case UGVT_TRACE_DAMAGED: return UGVT_REPLAY_DAMAGED;
	case UGVT_TRACE_ERROR: return UGVT_REPLAY_ERROR;
	default: return UGVT_REPLAY_DONE;
	}
}

static enum ugvt_replay_status records_do(struct replay *replay, struct ugvt_trace_reader *reader)
{
	struct ugvt_trace_record record;
	enum ugvt_trace_status read;

	while ((read = ugvt_trace_read(reader, &record)) == UGVT_TRACE_OK) {
		enum ugvt_replay_status status = record_do(replay, &record);

		if (status != UGVT_REPLAY_DONE) {
			return status;
		}
	}
	return status_of(read);
}

static void finish(struct replay *replay)
{
	struct ugvt_replay_viewer *viewer = replay->config->viewer;

	if (replay->drawn && viewer->impl->finish) {
		ugvt_aspace_init(&replay->as, replay->drawn->memory, &replay->device->ggtt);
		ugvt_aspace_set(&replay->as, UGVT_ASPACE_FLAT, NULL);
		ugvt_guest_memory_begin(replay->drawn->memory);
		ugvt_aspace_window(&replay->as);
		viewer->impl->finish(viewer, &replay->as);
		ugvt_guest_memory_end(replay->drawn->memory);
	}
	drawn_set(replay, NULL);
}

enum ugvt_replay_status ugvt_replay_run(const struct ugvt_replay_config *config, uint64_t *offset)
{
	struct replay replay = {.config = config, .watch = {&watch_impl}};
	struct ugvt_trace_reader *reader = ugvt_trace_reader_create(config->file);
	enum ugvt_replay_status status = UGVT_REPLAY_MEMORY;

	*offset = 0;
	if (reader) {
		status = records_do(&replay, reader);
		*offset = ugvt_trace_reader_offset(reader);
	}
	ugvt_trace_reader_destroy(reader);
	finish(&replay);
	ugvt_replay_table_finish(&replay.table);
	free(replay.gone);
	ugvt_drm_device_destroy(replay.device);
	return status;
}
