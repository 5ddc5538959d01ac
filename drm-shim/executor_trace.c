/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "drm-shim/bo.h"
#include "drm-shim/executor.h"
#include "trace/writer.h"

/*
 * Records what it runs. Batches take turns, so that the file's order is that in which they ran. What a batch wrote is told from what
 * the program wrote by when it was written: pages that changed while it ran. A program may go on writing to buffers meanwhile, but
 * says which ones the GPU writes to, and those it hardly touches then: where it says that, no others are looked at.
 *
 * A child that goes on after fork() begins a file of its own, in which nothing of its parent's is known.
 */

#define COMMAND_MAX 4096

struct trace {
	struct ugvt_drm_executor executor;
	char *path;
	pthread_mutex_t turn;             // a batch is recorded and runs
	pthread_mutex_t lock;             // of what follows; inside the device's and turn
	struct ugvt_trace_writer *writer; // NULL: nothing was written yet
	pid_t pid;                        // whose file that is
	bool failed;
};

/* Pages on their way to the file. */
struct batch_pages {
	struct ugvt_trace_run runs[UGVT_TRACE_PAGES_MAX];
	uint64_t run_count;
	uint64_t page_count;
	char data[UGVT_TRACE_PAGES_MAX][UGVT_TRACE_PAGE];
};

static struct trace *trace_from_executor(struct ugvt_drm_executor *executor)
{
	return ugvt_container_of(executor, struct trace, executor);
}

static void trace_write(struct trace *trace, enum ugvt_trace_type type,
	const struct ugvt_trace_part *parts, unsigned count)
{
	if (!trace->failed && !ugvt_trace_write(trace->writer, type, parts, count)) {
		trace->failed = true;
		ugvt_error("the trace ends here: can't write to %s: %s",
			ugvt_trace_writer_path(trace->writer), strerror(errno));
	}
}

static void struct_write(
	struct trace *trace, enum ugvt_trace_type type, const void *data, size_t size)
{
	trace_write(trace, type, &(struct ugvt_trace_part){data, size}, 1);
}

/* The command line, in which zeros stand between arguments, as one line; its size with the final zero. */
static size_t command_read(char command[COMMAND_MAX])
{
	FILE *file = fopen("/proc/self/cmdline", "re");
	size_t n = file ? fread(command, 1, COMMAND_MAX - 1, file) : 0;

	if (file) {
		fclose(file);
	}
	while (n > 0 && command[n - 1] == '\0') {
		n--;
	}
	for (size_t i = 0; i < n; i++) {
		command[i] = command[i] == '\0' ? ' ' : command[i];
	}
	command[n] = '\0';
	return n + 1;
}

static void process_write(struct trace *trace, bool child)
{
	const struct ugvt_drm_device *device = trace->executor.device;
	struct ugvt_trace_process process = {
		.pid = (uint64_t)getpid(), .inherited = child ? device->ids : 0};
	char command[COMMAND_MAX];
	size_t size = command_read(command);

	strncpy(process.device, device->info->name, sizeof(process.device) - 1);
	trace_write(trace, UGVT_TRACE_PROCESS,
		(struct ugvt_trace_part[]){{&process, sizeof(process)}, {command, size}}, 2);
}

/* Under the device's lock. */
static void file_begin(struct trace *trace)
{
	bool child = trace->pid != 0 && trace->pid != getpid();
	struct ugvt_drm_bo *bo;

	if (trace->pid == getpid()) {
		return;
	}
	if (child) {
		ugvt_list_for_each(bo, &trace->executor.device->bos, link) {
			ugvt_trace_memory_finish(&bo->memory);
			bo->memory = (struct ugvt_trace_memory){0};
		}
	}
	ugvt_trace_writer_destroy(trace->writer);
	trace->pid = getpid();
	trace->writer = ugvt_trace_writer_create(trace->path);
	trace->failed = !trace->writer;
	if (trace->writer) {
		process_write(trace, child);
	} else {
		ugvt_error("there is no trace: can't make %s: %s", trace->path, strerror(errno));
	}
}

/* false: out of memory. */
static bool bo_meet(struct trace *trace, struct ugvt_drm_bo *bo)
{
	struct ugvt_trace_buffer buffer = {bo->id, bo->size, bo->read_only};

	if (bo->memory.hashes) {
		return true;
	}
	if (!ugvt_trace_memory_init(&bo->memory, bo->size)) {
		return false;
	}
	struct_write(trace, UGVT_TRACE_BUFFER, &buffer, sizeof(buffer));
	return true;
}

static void pages_flush(struct trace *trace, struct batch_pages *pages)
{
	struct ugvt_trace_pages head = {pages->run_count};

	if (pages->page_count > 0) {
		trace_write(trace, UGVT_TRACE_PAGES,
			(struct ugvt_trace_part[]){{&head, sizeof(head)},
				{pages->runs, pages->run_count * sizeof(pages->runs[0])},
				{pages->data, pages->page_count * UGVT_TRACE_PAGE}},
			3);
	}
	pages->run_count = 0;
	pages->page_count = 0;
}

static void page_add(struct batch_pages *pages, uint64_t buffer, uint64_t page)
{
	struct ugvt_trace_run *last =
		pages->run_count > 0 ? &pages->runs[pages->run_count - 1] : NULL;

	if (last && last->buffer == buffer && last->first + last->count == page) {
		last->count++;
	} else {
		pages->runs[pages->run_count++] = (struct ugvt_trace_run){buffer, page, 1};
	}
	pages->page_count++;
}

/* The program may be writing to it right now: what is known is the copy. */
static void bo_record(struct trace *trace, struct batch_pages *pages, struct ugvt_drm_bo *bo)
{
	struct ugvt_trace_memory *memory = &bo->memory;
	uint64_t page = 0;

	while ((page = ugvt_trace_memory_changed(memory, bo->host, page)) < memory->pages) {
		char *copy = pages->data[pages->page_count];

		memcpy(copy, bo->host + page * UGVT_TRACE_PAGE, UGVT_TRACE_PAGE);
		memory->hashes[page] = ugvt_trace_hash(copy);
		page_add(pages, bo->id, page);
		if (pages->page_count == UGVT_TRACE_PAGES_MAX) {
			pages_flush(trace, pages);
		}
		page++;
	}
}

static bool memory_record(struct trace *trace, const struct ugvt_drm_job *job)
{
	struct batch_pages *pages = malloc(sizeof(*pages));
	bool good = pages;

	if (pages) {
		pages->run_count = 0;
		pages->page_count = 0;
	}
	for (uint32_t i = 0; good && i < job->count; i++) {
		good = bo_meet(trace, job->bos[i].bo);
		if (good) {
			bo_record(trace, pages, job->bos[i].bo);
		}
	}
	if (good) {
		pages_flush(trace, pages);
	}
	free(pages);
	return good;
}

/* Under the device's lock, and so is what bindings come from. NULL: out of memory. */
static struct ugvt_trace_binding *bindings_make(const struct ugvt_drm_job *job)
{
	struct ugvt_trace_binding *bindings = calloc(job->count, sizeof(*bindings));

	for (uint32_t i = 0; bindings && i < job->count; i++) {
		const struct ugvt_drm_bo *bo = job->bos[i].bo;
		const struct ugvt_drm_binding *at = ugvt_drm_vm_binding(job->context->vm, bo);

		bindings[i] = (struct ugvt_trace_binding){bo->id, at ? at->addr : 0};
	}
	return bindings;
}

static void batch_record(struct trace *trace, const struct ugvt_drm_job *job,
	const struct ugvt_trace_binding *bindings)
{
	struct ugvt_trace_batch batch = {
		.context = job->hw->id,
		.space = job->context->vm->id,
		.addr = job->addr,
		.time = job->hw->time,
		.engine = job->hw->engine,
		.bindings = job->count,
	};

	if (!trace->failed && (!bindings || !memory_record(trace, job))) {
		ugvt_error("the trace ends here: there is no memory for it");
		trace->failed = true;
	}
	if (!trace->failed) {
		trace_write(trace, UGVT_TRACE_BATCH,
			(struct ugvt_trace_part[]){{&batch, sizeof(batch)},
				{bindings, job->count * sizeof(*bindings)}},
			2);
	}
}

static bool names_writes(const struct ugvt_drm_job *job)
{
	for (uint32_t i = 0; i < job->count; i++) {
		if (job->bos[i].write) {
			return true;
		}
	}
	return false;
}

static uint32_t writes_make(const struct ugvt_drm_job *job, struct ugvt_trace_write *writes)
{
	bool all = !names_writes(job);
	uint32_t count = 0;

	for (uint32_t i = 0; i < job->count; i++) {
		struct ugvt_drm_bo *bo = job->bos[i].bo;

		if (all || job->bos[i].write) {
			writes[count].buffer = bo->id;
			ugvt_trace_memory_update(&bo->memory, bo->host, &writes[count]);
			count++;
		}
	}
	return count;
}

static void result_record(struct trace *trace, const struct ugvt_drm_job *job, bool completed)
{
	struct ugvt_trace_write *writes = calloc(job->count, sizeof(*writes));
	struct ugvt_trace_result result = {.completed = completed};

	if (writes && !trace->failed) {
		/* Where a batch was when it was stopped, no replay finds again: that is recorded with the next one. */
		result.writes = completed ? writes_make(job, writes) : 0;
		trace_write(trace, UGVT_TRACE_RESULT,
			(struct ugvt_trace_part[]){{&result, sizeof(result)},
				{writes, result.writes * sizeof(*writes)}},
			2);
	}
	free(writes);
}

static void trace_submit(struct ugvt_drm_executor *executor, struct ugvt_drm_job *job)
{
	struct trace *trace = trace_from_executor(executor);
	struct ugvt_trace_binding *bindings;
	bool completed;

	pthread_mutex_lock(&trace->lock);
	file_begin(trace);
	pthread_mutex_unlock(&trace->lock);
	bindings = bindings_make(job);
	pthread_mutex_unlock(&executor->device->lock);
	pthread_mutex_lock(&trace->turn);
	job->hw->time = UGVT_MAX(ugvt_drm_device_timestamp(executor->device), 1u);
	pthread_mutex_lock(&trace->lock);
	batch_record(trace, job, bindings);
	pthread_mutex_unlock(&trace->lock);
	completed = ugvt_drm_hw_run(job->hw, job->addr);
	pthread_mutex_lock(&trace->lock);
	result_record(trace, job, completed);
	pthread_mutex_unlock(&trace->lock);
	pthread_mutex_unlock(&trace->turn);
	free(bindings);
	pthread_mutex_lock(&executor->device->lock);
	ugvt_drm_job_end(job, completed);
}

static void trace_forget(struct ugvt_drm_executor *executor, uint64_t id)
{
	struct trace *trace = trace_from_executor(executor);
	struct ugvt_trace_gone gone = {id};

	pthread_mutex_lock(&trace->lock);
	if (trace->writer && trace->pid == getpid()) {
		struct_write(trace, UGVT_TRACE_GONE, &gone, sizeof(gone));
	}
	pthread_mutex_unlock(&trace->lock);
}

static void trace_destroy(struct ugvt_drm_executor *executor)
{
	struct trace *trace = trace_from_executor(executor);

	ugvt_trace_writer_destroy(trace->writer);
	pthread_mutex_destroy(&trace->turn);
	pthread_mutex_destroy(&trace->lock);
	free(trace->path);
	free(trace);
}

static const struct ugvt_drm_executor_impl trace_impl = {
	.submit = trace_submit,
	.destroy = trace_destroy,
	.forget = trace_forget,
};

struct ugvt_drm_executor *ugvt_drm_executor_create_trace(
	struct ugvt_drm_device *device, const char *path)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace) {
		return NULL;
	}
	trace->path = strdup(path);
	if (!trace->path) {
		free(trace);
		return NULL;
	}
	pthread_mutex_init(&trace->turn, NULL);
	pthread_mutex_init(&trace->lock, NULL);
	trace->executor.impl = &trace_impl;
	trace->executor.device = device;
	return &trace->executor;
}
