/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"
#include "control/walls.h"

static void walls_survive_the_way(void **state)
{
	for (unsigned one = 0; one < UGVT_WALL_COUNT; one++) {
		struct ugvt_walls walls = {0}, read;
		struct json_object *object;

		walls.stands[one] = true;
		object = ugvt_walls_write(&walls);
		memset(&read, 1, sizeof(read));
		ugvt_walls_read(&read, object);
		assert_memory_equal(&read, &walls, sizeof(walls));
		json_object_put(object);
	}
}

static void walls_have_names_of_their_own(void **state)
{
	for (unsigned i = 0; i < UGVT_WALL_COUNT; i++) {
		for (unsigned j = 0; j < i; j++) {
			assert_string_not_equal(ugvt_wall_name(i), ugvt_wall_name(j));
		}
	}
}

/* Only the word true makes one stand. */
static void strangers_claim_nothing(void **state)
{
	static const char *const cases[] = {
		"{}",
		"[]",
		"[true]",
		"\"seccomp\"",
		"{\"seccomp\":1,\"landlock\":\"true\",\"empty_root\":{},\"no_network\":null}",
		"{\"Seccomp\":true,\"seccomp \":true,\"\":true,\"moat\":true}",
	};

	for (size_t i = 0; i <= UGVT_ARRAY_SIZE(cases); i++) {
		struct json_object *object = NULL;
		struct ugvt_walls walls;

		if (i < UGVT_ARRAY_SIZE(cases)) {
			object = ugvt_json_parse(cases[i], strlen(cases[i]));
			assert_non_null(object);
		}
		ugvt_walls_read(&walls, object);
		for (unsigned j = 0; j < UGVT_WALL_COUNT; j++) {
			assert_false(walls.stands[j]);
		}
		json_object_put(object);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(walls_survive_the_way),
		cmocka_unit_test(walls_have_names_of_their_own),
		cmocka_unit_test(strangers_claim_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
