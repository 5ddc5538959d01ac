/* SPDX-License-Identifier: MIT */
#include "manager/govern.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "manager/manager.h"
#include "schedule/arbiter.h"

/* A worker that has kept an engine for so long beyond its turn, and used so much processor time since that was noticed, does not hang,
 * and was not stopped by somebody, but works on at the cost of others. */
#define OVER_NS (5 * UGVT_NS_PER_S)
#define OVER_CPU_NS (UGVT_NS_PER_S / 2)

struct ugvt_governor {
	struct ugvt_manager *manager;
	struct ugvt_arbiter *arbiter; // NULL: there is none
	struct ugvt_loop_watch watch; // of its alarm
};

/* A parent that was taken over with a vGPU is known by its name. */
static struct ugvt_governor *governor_find(const struct ugvt_instance *instance)
{
	struct ugvt_manager *manager = instance->manager;
	const struct ugvt_parent *parent =
		ugvt_manager_parent(manager, instance->parent->config->name);

	return parent ? &manager->governors[parent - manager->parents] : NULL;
}

static uint64_t cpu_ns(pid_t pid)
{
	struct timespec ts = {0};
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &ts) < 0) {
		return 0;
	}
	return (uint64_t)ts.tv_sec * UGVT_NS_PER_S + (uint64_t)ts.tv_nsec;
}

static void instance_check(struct ugvt_governor *governor, struct ugvt_instance *instance)
{
	uint64_t used = cpu_ns(instance->worker.pid);
	struct ugvt_tenant_stats stats;

	ugvt_tenant_stats(governor->arbiter, instance->tenant, &stats);
	if (stats.over_ns == 0) {
		return;
	}
	/* Another turn than the last time. */
	if (instance->over_turn != stats.overruns) {
		instance->over_turn = stats.overruns;
		instance->over_cpu_ns = used;
		ugvt_warn("vGPU %s has kept an engine for %llu s beyond its turn",
			instance->uuid.text, (unsigned long long)(stats.over_ns / UGVT_NS_PER_S));
	} else if (stats.over_ns > OVER_NS && used > instance->over_cpu_ns + OVER_CPU_NS) {
		ugvt_worker_condemn(&instance->worker, "does not give an engine back to others");
	}
}

static void alarm_handle(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_governor *governor = ugvt_container_of(watch, struct ugvt_governor, watch);
	struct ugvt_instance *instance;
	uint64_t count;

	if (read(ugvt_arbiter_alarm_fd(governor->arbiter), &count, sizeof(count)) < 0) {
		return;
	}
	ugvt_list_for_each(instance, &governor->manager->instances, link) {
		if (instance->tenant && governor_find(instance) == governor) {
			instance_check(governor, instance);
		}
	}
}

static void governor_init(struct ugvt_governor *governor, struct ugvt_manager *manager,
	const struct ugvt_parent_config *parent)
{
	const struct ugvt_arbiter_config config = {.slots = ugvt_parent_config_slots(parent)};

	governor->manager = manager;
	governor->watch.handle_ready = alarm_handle;
	governor->arbiter = ugvt_arbiter_create(&config);
	if (governor->arbiter && ugvt_loop_add(manager->loop, &governor->watch,
					 ugvt_arbiter_alarm_fd(governor->arbiter), EPOLLIN) < 0) {
		ugvt_arbiter_destroy(governor->arbiter);
		governor->arbiter = NULL;
	}
	if (!governor->arbiter) {
		ugvt_warn("vGPUs of %s can't be told to take turns: out of memory, threads or "
			  "descriptors",
			parent->name);
	}
}

bool ugvt_governors_create(struct ugvt_manager *manager)
{
	size_t n = manager->config->n_parents;

	manager->governors = calloc(n, sizeof(*manager->governors));
	if (!manager->governors) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		governor_init(&manager->governors[i], manager, &manager->config->parents[i]);
	}
	return true;
}

void ugvt_governors_destroy(struct ugvt_manager *manager)
{
	for (size_t i = 0; i < manager->config->n_parents; i++) {
		ugvt_loop_remove(manager->loop, &manager->governors[i].watch);
		ugvt_arbiter_destroy(manager->governors[i].arbiter);
	}
	free(manager->governors);
}

static struct ugvt_claim_terms terms_of(const struct ugvt_instance *instance)
{
	return (struct ugvt_claim_terms){instance->weight, instance->cap};
}

void ugvt_govern_begin(struct ugvt_instance *instance)
{
	struct ugvt_governor *governor = governor_find(instance);
	struct ugvt_claim_terms terms = terms_of(instance);

	if (!governor || !governor->arbiter) {
		return;
	}
	/* A page that it may have left in any state is of no use to a new connection. */
	ugvt_govern_end(instance);
	instance->tenant = ugvt_arbiter_add(governor->arbiter, &terms);
	if (!instance->tenant) {
		ugvt_warn("vGPU %s can't be told to take turns: out of memory or descriptors",
			instance->uuid.text);
		return;
	}
	ugvt_worker_govern(&instance->worker, ugvt_tenant_page_fd(instance->tenant),
		ugvt_tenant_doorbell_fd(instance->tenant));
}

void ugvt_govern_end(struct ugvt_instance *instance)
{
	if (instance->tenant) {
		ugvt_arbiter_remove(governor_find(instance)->arbiter, instance->tenant);
		instance->tenant = NULL;
		instance->over_turn = 0;
	}
}

void ugvt_govern_update(struct ugvt_instance *instance)
{
	struct ugvt_claim_terms terms = terms_of(instance);

	if (instance->tenant) {
		ugvt_arbiter_set(governor_find(instance)->arbiter, instance->tenant, &terms);
	}
}
