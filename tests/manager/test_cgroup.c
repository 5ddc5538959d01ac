/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/json.h"
#include "control/uuid.h"
#include "manager/cgroup.h"

static const struct ugvt_uuid one = {"11111111-0000-4000-8000-000000000001"};
static const struct ugvt_uuid two = {"22222222-0000-4000-8000-000000000002"};

/* A folder that looks like a cgroup. */
struct tree {
	char top[64];
};

static void put(const struct tree *tree, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void folder_make(const struct tree *tree, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static bool there(const struct tree *tree, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	return access(path, F_OK) == 0;
}

static void assert_holds(const struct tree *tree, const char *name, const char *text)
{
	char path[PATH_MAX], held[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	file = fopen(path, "r");
	assert_non_null(file);
	held[fread(held, 1, sizeof(held) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(held, text);
}

static void tree_make(struct tree *tree, const char *controllers)
{
	strcpy(tree->top, "/tmp/ugvt-cgroup.XXXXXX");
	assert_non_null(mkdtemp(tree->top));
	put(tree, "cgroup.controllers", controllers);
	put(tree, "cgroup.subtree_control", "");
	put(tree, "cgroup.procs", "");
	folder_make(tree, "manager");
	put(tree, "manager/cgroup.procs", "");
	folder_make(tree, "vgpu-11111111-0000-4000-8000-000000000001");
	put(tree, "vgpu-11111111-0000-4000-8000-000000000001/cgroup.procs", "");
	put(tree, "vgpu-11111111-0000-4000-8000-000000000001/cpu.weight", "");
	put(tree, "vgpu-11111111-0000-4000-8000-000000000001/memory.max", "");
	put(tree, "vgpu-11111111-0000-4000-8000-000000000001/pids.max", "");
}

static void tree_remove(const struct tree *tree)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", tree->top);
	assert_int_equal(system(command), 0);
}

#define ONE "vgpu-11111111-0000-4000-8000-000000000001/"

static void workers_get_limits(void **state)
{
	struct ugvt_cgroup_limits limits = {.weight = 4, .memory = 300000000};
	struct ugvt_cgroup cgroup;
	struct json_object *told;
	struct tree tree;
	char pid[32];
	uint64_t value;

	tree_make(&tree, "cpuset cpu io memory hugetlb pids\n");
	ugvt_cgroup_init(&cgroup, tree.top);
	assert_string_equal(cgroup.path, tree.top);
	assert_true(cgroup.cpu && cgroup.memory && cgroup.pids);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	assert_holds(&tree, "manager/cgroup.procs", pid);
	ugvt_cgroup_add(&cgroup, &one, 4711, &limits);
	assert_holds(&tree, ONE "cgroup.procs", "4711");
	assert_holds(&tree, ONE "cpu.weight", "40");
	assert_holds(&tree, ONE "memory.max", "300000000");
	assert_holds(&tree, ONE "pids.max", "64");
	told = ugvt_cgroup_describe(&cgroup, &one);
	assert_non_null(told);
	assert_true(ugvt_json_uint(told, "memory_max", UINT64_MAX, &value));
	assert_int_equal(value, 300000000);
	assert_true(ugvt_json_uint(told, "cpu_weight", UINT64_MAX, &value));
	assert_int_equal(value, 40);
	json_object_put(told);
	assert_null(ugvt_cgroup_describe(&cgroup, &two));
	/* The files of a kernel take no more than its range. */
	put(&tree, ONE "cpu.weight", "");
	ugvt_cgroup_set_weight(&cgroup, &one, UINT_MAX);
	assert_holds(&tree, ONE "cpu.weight", "10000");
	put(&tree, ONE "memory.max", "max\n");
	told = ugvt_cgroup_describe(&cgroup, &one);
	assert_false(ugvt_json_has(told, "memory_max"));
	json_object_put(told);
	put(&tree, "cgroup.subtree_control", "");
	ugvt_cgroup_finish(&cgroup);
	/* "-cpu", "-memory" and "-pids", over each other. */
	assert_holds(&tree, "cgroup.subtree_control", "-pidsry");
	tree_remove(&tree);
}

static void what_is_empty_goes(void **state)
{
	struct ugvt_cgroup cgroup;
	struct tree tree;

	tree_make(&tree, "cpu\n");
	folder_make(&tree, "vgpu-22222222-0000-4000-8000-000000000002");
	folder_make(&tree, "vgpu-other");
	ugvt_cgroup_init(&cgroup, tree.top);
	assert_true(cgroup.cpu && !cgroup.memory && !cgroup.pids);
	ugvt_cgroup_remove(&cgroup, &two);
	assert_false(there(&tree, "vgpu-22222222-0000-4000-8000-000000000002"));
	ugvt_cgroup_remove(&cgroup, &two);
	folder_make(&tree, "vgpu-22222222-0000-4000-8000-000000000002");
	ugvt_cgroup_clean(&cgroup);
	assert_false(there(&tree, "vgpu-22222222-0000-4000-8000-000000000002"));
	assert_true(there(&tree, ONE));
	assert_true(there(&tree, "vgpu-other"));
	tree_remove(&tree);
}

static void without_one_nothing_happens(void **state)
{
	struct ugvt_cgroup_limits limits = {.weight = 4, .memory = 1};
	static const char *const givens[] = {"none", "/nonexistent", "/proc"};
	struct ugvt_cgroup cgroup;
	struct tree tree;

	for (size_t i = 0; i < 3; i++) {
		ugvt_cgroup_init(&cgroup, givens[i]);
		assert_string_equal(cgroup.path, "");
		ugvt_cgroup_add(&cgroup, &one, 1, &limits);
		ugvt_cgroup_set_weight(&cgroup, &one, 3);
		ugvt_cgroup_remove(&cgroup, &one);
		ugvt_cgroup_clean(&cgroup);
		ugvt_cgroup_finish(&cgroup);
		assert_null(ugvt_cgroup_describe(&cgroup, &one));
	}
	/* No controllers: nobody is moved. */
	tree_make(&tree, "cpuset io\n");
	ugvt_cgroup_init(&cgroup, tree.top);
	assert_string_equal(cgroup.path, "");
	assert_holds(&tree, "manager/cgroup.procs", "");
	tree_remove(&tree);
}

static void processes_have_one(void **state)
{
	static const struct place {
		const char *cgroup, *mounts, *path; // path NULL: none
	} places[] = {
		{"0::/system.slice/ugvtd.service\n",
			"29 1 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
			"/sys/fs/cgroup/system.slice/ugvtd.service"},
		/* Hybrid: version 1 beside it. */
		{"9:name=systemd:/\n4:memory:/a\n0::/b\n",
			"1 1 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
			"2 1 0:2 / /sys/fs/cgroup/unified rw shared:7 - cgroup2 cgroup2 rw\n",
			"/sys/fs/cgroup/unified/b"},
		/* In a container that sees only its own part. */
		{"0::/box/7/a\n", "2 1 0:2 /box/7 /cg rw - cgroup2 none rw\n", "/cg/a"},
		{"0::/box/7\n", "2 1 0:2 /box/7 /cg rw - cgroup2 none rw\n", "/cg"},
		{"0::/box/77\n", "2 1 0:2 /box/7 /cg rw - cgroup2 none rw\n", NULL},
		{"0::/\n", "2 1 0:2 / /cg rw - cgroup2 none rw\n", "/cg"},
		{"4:memory:/a\n", "2 1 0:2 / /cg rw - cgroup2 none rw\n", NULL},
		{"0::/a\n", "2 1 0:2 / /cg rw - cgroup none rw\n", NULL},
		{"0::/a\n", "nonsense - cgroup2 \n", NULL},
		{"0::\n", "2 1 0:2 / /cg rw - cgroup2 none rw\n", NULL},
		{"", "", NULL},
	};
	char path[PATH_MAX];
	struct tree tree;

	tree_make(&tree, "");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		put(&tree, "cgroup", places[i].cgroup);
		put(&tree, "mountinfo", places[i].mounts);
		assert_int_equal(ugvt_cgroup_find(tree.top, path), places[i].path != NULL);
		if (places[i].path) {
			assert_string_equal(path, places[i].path);
		}
	}
	tree_remove(&tree);
	assert_false(ugvt_cgroup_find("/nonexistent", path));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_get_limits),
		cmocka_unit_test(what_is_empty_goes),
		cmocka_unit_test(without_one_nothing_happens),
		cmocka_unit_test(processes_have_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
