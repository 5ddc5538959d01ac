/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/list.h"

struct element {
	int n;
	struct ugvt_list link;
};

static void assert_order(struct ugvt_list *list, const int *expected, unsigned n)
{
	struct element *element;
	unsigned i = 0;

	ugvt_list_for_each(element, list, link) {
		assert_true(i < n);
		assert_int_equal(element->n, expected[i++]);
	}
	assert_int_equal(i, n);
}

static void test_append_remove(void **state)
{
	struct element elements[] = {{1}, {2}, {3}};
	struct ugvt_list list;

	ugvt_list_init(&list);
	assert_true(ugvt_list_empty(&list));
	assert_order(&list, NULL, 0);
	for (unsigned i = 0; i < 3; i++) {
		ugvt_list_append(&list, &elements[i].link);
	}
	assert_false(ugvt_list_empty(&list));
	assert_order(&list, (const int[]){1, 2, 3}, 3);
	ugvt_list_remove(&elements[1].link);
	assert_order(&list, (const int[]){1, 3}, 2);
	ugvt_list_remove(&elements[1].link);
	assert_order(&list, (const int[]){1, 3}, 2);
	ugvt_list_append(&list, &elements[1].link);
	assert_order(&list, (const int[]){1, 3, 2}, 3);
	for (unsigned i = 0; i < 3; i++) {
		ugvt_list_remove(&elements[i].link);
	}
	assert_true(ugvt_list_empty(&list));
}

static void test_remove_while_walking(void **state)
{
	struct element elements[] = {{1}, {2}, {3}, {4}};
	struct element *element, *tmp;
	struct ugvt_list list;

	ugvt_list_init(&list);
	for (unsigned i = 0; i < 4; i++) {
		ugvt_list_append(&list, &elements[i].link);
	}
	ugvt_list_for_each_safe(element, tmp, &list, link) {
		if (element->n % 2 == 1) {
			ugvt_list_remove(&element->link);
		}
	}
	assert_order(&list, (const int[]){2, 4}, 2);
	ugvt_list_for_each_safe(element, tmp, &list, link) {
		ugvt_list_remove(&element->link);
	}
	assert_true(ugvt_list_empty(&list));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_remove),
		cmocka_unit_test(test_remove_while_walking),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
