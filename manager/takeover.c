/* SPDX-License-Identifier: MIT */
#include "manager/takeover.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "manager/birth.h"
#include "manager/manager.h"
#include "manager/state_file.h"

struct leftover {
	struct ugvt_uuid uuid;
	struct ugvt_state state; // pid is 0 if its worker is gone
};

struct leftovers {
	struct leftover *at;
	size_t n;
};

static bool type_same(const struct ugvt_type *a, const struct ugvt_type *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0 &&
	       a->direct == b->direct && a->low_gm == b->low_gm && a->high_gm == b->high_gm &&
	       a->fences == b->fences && a->weight == b->weight && a->width == b->width &&
	       a->height == b->height && a->deadline_s == b->deadline_s;
}

/* The configuration's type and parent where they are as they were, else the keepsake's. */
static void place_find(struct ugvt_manager *manager, struct ugvt_instance_keepsake *kept,
	struct ugvt_instance_place *place)
{
	const struct ugvt_type *type = ugvt_config_type(manager->config, kept->type.id);
	struct ugvt_parent *parent = ugvt_manager_parent(manager, kept->config.name);

	place->type = type && type_same(type, &kept->type) ? type : &kept->type;
	if (!parent || parent->config->device != kept->config.device) {
		ugvt_parent_init(&kept->parent, &kept->config);
		parent = &kept->parent;
	}
	place->parent = parent;
}

static bool id_taken(const struct ugvt_manager *manager, const struct ugvt_instance *instance)
{
	const struct ugvt_instance *other;

	ugvt_list_for_each(other, &manager->instances, link) {
		if (other != instance && other->parent == instance->parent &&
			other->id == instance->id) {
			return true;
		}
	}
	return false;
}

static void leftover_fail(struct ugvt_instance *instance)
{
	ugvt_home_vgpu_end(instance->manager->home, &instance->uuid);
	snprintf(instance->reason, sizeof(instance->reason),
		"ended while there was no manager to see how");
	ugvt_error("vGPU %s failed: %s", instance->uuid.text, instance->reason);
}

static void leftover_take(struct ugvt_manager *manager, const struct leftover *leftover)
{
	const struct ugvt_state *state = &leftover->state;
	struct ugvt_instance *instance = ugvt_instance_create(manager, &leftover->uuid);
	struct ugvt_instance_keepsake *kept = calloc(1, sizeof(*kept));
	struct ugvt_instance_place place = {.weight = state->weight, .cap = state->cap};

	if (!instance || !kept) {
		ugvt_error("out of memory: can't take over vGPU %s", leftover->uuid.text);
		if (instance) {
			ugvt_instance_destroy(instance);
		}
		free(kept);
		return;
	}
	kept->type = state->type;
	kept->config = state->parent;
	place_find(manager, kept, &place);
	ugvt_list_append(&manager->instances, &instance->link);
	if (!ugvt_instance_take_over(instance, &place, state, kept)) {
		leftover_fail(instance);
	}
	while (id_taken(manager, instance)) {
		instance->id++;
	}
}

/* Whether somebody who is not the process that the state names, if there is one, holds the vGPU's lock; then nothing of it
 * is touched. */
static bool held_by_stranger(struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	bool held;
	int pid;

	/* Without a state, its manager died before it wrote one: so the worker ends by itself. */
	if (ugvt_state_exists(&manager->home->run_dir, uuid)) {
		held = ugvt_home_vgpu_lives(manager->home, uuid, &pid);
	} else {
		held = ugvt_home_vgpu_wait(manager->home, uuid, &pid);
	}
	if (held) {
		ugvt_warn(
			"process %d still serves vGPU %s, of which nothing is known; 'kill %d' ends it",
			pid, uuid->text, pid);
	}
	return held;
}

/* The process counts, not its lock, which it may have closed. */
static void leftover_add(
	struct leftovers *leftovers, struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct leftover leftover = {.uuid = *uuid};
	struct leftover *more;
	bool known = ugvt_state_read(&manager->home->run_dir, uuid, &leftover.state);

	if (!known || !ugvt_birth_lives(leftover.state.pid, leftover.state.born)) {
		if (held_by_stranger(manager, uuid)) {
			return;
		}
		ugvt_home_vgpu_end(manager->home, uuid);
		leftover.state.pid = 0;
	}
	if (!known || (leftover.state.pid == 0 && leftover.state.phase != UGVT_PHASE_RUNNING)) {
		return;
	}
	more = reallocarray(leftovers->at, leftovers->n + 1, sizeof(*more));
	if (!more) {
		ugvt_error("out of memory: can't take over vGPU %s", uuid->text);
		return;
	}
	leftovers->at = more;
	leftovers->at[leftovers->n++] = leftover;
}

/* In the order they were started in, as they were listed. */
static int leftover_compare(const void *a, const void *b)
{
	const struct leftover *left = a, *right = b;
	uint64_t x = left->state.born, y = right->state.born;

	/* Within one tick, pids tell, unless they have just begun anew. */
	return x != y ? (x > y ? 1 : -1) : (int)left->state.pid - (int)right->state.pid;
}

void ugvt_takeover(struct ugvt_manager *manager)
{
	struct leftovers leftovers = {0};
	DIR *dir = opendir(manager->home->run_dir.path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct ugvt_uuid uuid;

		if (ugvt_uuid_parse(&uuid, entry->d_name) &&
			strcmp(uuid.text, entry->d_name) == 0) {
			leftover_add(&leftovers, manager, &uuid);
		}
	}
	if (dir) {
		closedir(dir);
	}
	if (leftovers.n > 0) {
		qsort(leftovers.at, leftovers.n, sizeof(*leftovers.at), leftover_compare);
	}
	for (size_t i = 0; i < leftovers.n; i++) {
		leftover_take(manager, &leftovers.at[i]);
	}
	free(leftovers.at);
}
