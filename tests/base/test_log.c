/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"

/* stderr goes to a memfd while a test runs. */
struct capture {
	int fd;
	int stderr_fd;
	char text[65536];
};

static int setup(void **state)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	capture->fd = memfd_create("stderr", MFD_CLOEXEC);
	capture->stderr_fd = dup(STDERR_FILENO);
	dup2(capture->fd, STDERR_FILENO);
	*state = capture;
	ugvt_log_init(UGVT_LOG_INFO, NULL);
	return 0;
}

static int teardown(void **state)
{
	struct capture *capture = *state;

	dup2(capture->stderr_fd, STDERR_FILENO);
	close(capture->stderr_fd);
	close(capture->fd);
	free(capture);
	return 0;
}

static const char *captured(struct capture *capture)
{
	ssize_t n = pread(capture->fd, capture->text, sizeof(capture->text) - 1, 0);

	assert_true(n >= 0);
	capture->text[n] = 0;
	return capture->text;
}

static unsigned line_count(const char *text)
{
	unsigned n = 0;

	for (; *text; text++) {
		n += *text == '\n';
	}
	return n;
}

static void test_levels(void **state)
{
	ugvt_error("a%d", 1);
	ugvt_warn("b");
	ugvt_info("c");
	ugvt_debug("d");
	assert_string_equal(captured(*state), "error: a1\nwarn: b\ninfo: c\n");
}

static void test_ident(void **state)
{
	ugvt_log_init(UGVT_LOG_DEBUG, "vgpu-1");
	ugvt_debug("here");
	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	ugvt_warn("not here");
	assert_string_equal(captured(*state), "debug vgpu-1: here\n");
}

static void test_level_parse(void **state)
{
	enum ugvt_log_level level;

	assert_true(ugvt_log_level_parse("guest", &level));
	assert_int_equal(level, UGVT_LOG_GUEST);
	assert_true(ugvt_log_level_parse("debug", &level));
	assert_int_equal(level, UGVT_LOG_DEBUG);
	assert_false(ugvt_log_level_parse("", &level));
	assert_false(ugvt_log_level_parse("Error", &level));
	assert_false(ugvt_log_level_parse("errors", &level));
}

/* One line each, however long. */
static void test_long_line(void **state)
{
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	ugvt_error("%s", text);
	ugvt_error("next");
	assert_int_equal(line_count(captured(*state)), 2);
	assert_non_null(strstr(captured(*state), "x\nerror: next\n"));
}

/* Ten at once, and one more for each second that it takes. */
static void test_limit(void **state)
{
	struct ugvt_log_limit limit = {0};
	uint64_t start = ugvt_clock_ns();
	unsigned lines;

	for (unsigned i = 0; i < 1000; i++) {
		ugvt_guest_log(&limit, "line %u", i);
	}
	lines = 1000 - (unsigned)atomic_load(&limit.dropped);
	assert_true(lines >= 10);
	assert_true(lines <= 11 + (ugvt_clock_ns() - start) / UGVT_NS_PER_S);
	assert_true(strncmp(captured(*state), "guest: line 0\nguest: line 1\n", 28) == 0);
}

static void test_limit_tells_what_it_dropped(void **state)
{
	struct ugvt_log_limit limit = {.dropped = 7};

	ugvt_guest_log(&limit, "a");
	ugvt_guest_log(&limit, "b");
	assert_string_equal(captured(*state),
		"guest: 7 lines like the next were dropped\nguest: a\nguest: b\n");
}

/* Each event has a bucket of its own. */
static void test_limits_are_apart(void **state)
{
	struct ugvt_log_limit empty = {.spent_until_ns = UINT64_MAX / 2};
	struct ugvt_log_limit full = {0};

	ugvt_guest_log(&empty, "no");
	ugvt_guest_log(&full, "yes");
	assert_string_equal(captured(*state), "guest: yes\n");
	assert_int_equal(atomic_load(&empty.dropped), 1);
}

static void test_guest_lines_below_level(void **state)
{
	struct ugvt_log_limit limit = {0};

	ugvt_log_init(UGVT_LOG_WARN, NULL);
	ugvt_guest_log(&limit, "no");
	assert_string_equal(captured(*state), "");
	assert_int_equal(atomic_load(&limit.spent_until_ns), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ident, setup, teardown),
		cmocka_unit_test_setup_teardown(test_level_parse, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit_tells_what_it_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits_are_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_guest_lines_below_level, setup, teardown),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
