/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "vfio-user/protocol.h"
#include "vfio-user/version.h"

static int text_parse(const char *text, struct ugvt_vfio_capabilities *caps)
{
	struct ugvt_vfio_version version = {0, 0};
	size_t size = sizeof(version) + strlen(text) + 1;
	unsigned char *payload = malloc(size);
	int ret;

	memcpy(payload, &version, sizeof(version));
	memcpy(payload + sizeof(version), text, strlen(text) + 1);
	ret = ugvt_vfio_version_parse(payload, size, caps);
	free(payload);
	return ret;
}

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		int ret;
		unsigned max_msg_fds;
		bool write_multiple;
	} rows[] = {
		/* What QEMU 11.1 and cloud-hypervisor send. */
		{"{\"capabilities\":{\"pgsizes\":4096,\"max_msg_fds\":16,\"max_dma_maps\":65535,"
		 "\"max_data_xfer_size\":1048576,\"migration\":{\"max_bitmap_size\":268435456,"
		 "\"pgsize\":4096},\"write_multiple\":true}}",
			0, 16, true},
		{"{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
		 "\"migration\":{\"pgsize\":4096}}}",
			0, 1, false},
		{"{}", 0, 1, false},
		{"{\"capabilities\":{}}", 0, 1, false},
		{"{\"capabilities\":{\"max_msg_fds\":0}}", 0, 0, false},
		{"{\"capabilities\":{\"new\":[1,2],\"write_multiple\":false}}", 0, 1, false},
		{"", -EINVAL},
		{"null", -EINVAL},
		{"7", -EINVAL},
		{"[]", -EINVAL},
		{"{", -EINVAL},
		{"{\"capabilities\":{}", -EINVAL},
		{"{\"capabilities\":[]}", -EINVAL},
		{"{\"capabilities\":null}", -EINVAL},
		{"{} {}", -EINVAL},
		{"{}x", -EINVAL},
		{"{\"capabilities\":{\"max_msg_fds\":-1}}", -EINVAL},
		{"{\"capabilities\":{\"max_msg_fds\":1.5}}", -EINVAL},
		{"{\"capabilities\":{\"max_msg_fds\":\"1\"}}", -EINVAL},
		{"{\"capabilities\":{\"max_msg_fds\":4294967296}}", -EINVAL},
		{"{\"capabilities\":{\"max_msg_fds\":99999999999999999999999}}", -EINVAL},
		{"{\"capabilities\":{\"max_dma_maps\":-5}}", -EINVAL},
		{"{\"capabilities\":{\"pgsizes\":true}}", -EINVAL},
		{"{\"capabilities\":{\"write_multiple\":1}}", -EINVAL},
		{"{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}", -EINVAL},
		{"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", -EINVAL},
		{"{\"\xff\xfe\":1}", -EINVAL},
		{"{\"\xc3\xa9\":\"\xe2\x82\xac\"}", 0, 1, false},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		struct ugvt_vfio_capabilities caps;
		int ret = text_parse(rows[i].text, &caps);

		if (ret != rows[i].ret) {
			fail_msg("%s: %d", rows[i].text, ret);
		}
		if (ret == 0) {
			assert_int_equal(caps.max_msg_fds, rows[i].max_msg_fds);
			assert_int_equal(caps.write_multiple, rows[i].write_multiple);
		}
	}
}

static void test_framing(void **state)
{
	static const struct {
		const char *name;
		unsigned char payload[16];
		size_t size;
		int ret;
	} rows[] = {
		{"no text", {0, 0, 0, 0}, 4, 0},
		{"later minor version", {0, 0, 1, 0}, 4, 0},
		{"major version 1", {1, 0, 0, 0}, 4, -EPROTONOSUPPORT},
		{"no version", {0, 0, 0}, 3, -EINVAL},
		{"nothing", {0}, 0, -EINVAL},
		{"no NUL", {0, 0, 0, 0, '{', '}'}, 6, -EINVAL},
		{"two NULs", {0, 0, 0, 0, '{', '}', 0, 0}, 8, -EINVAL},
		{"only a NUL", {0, 0, 0, 0, 0}, 5, -EINVAL},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		struct ugvt_vfio_capabilities caps;
		int ret = ugvt_vfio_version_parse(rows[i].payload, rows[i].size, &caps);

		if (ret != rows[i].ret) {
			fail_msg("%s: %d", rows[i].name, ret);
		}
	}
}

static void test_too_long(void **state)
{
	struct ugvt_vfio_capabilities caps;
	char text[4097];

	memset(text, ' ', sizeof(text));
	text[0] = '{';
	text[4094] = '}';
	text[4095] = 0;
	assert_int_equal(text_parse(text, &caps), 0);
	text[4094] = ' ';
	text[4095] = '}';
	text[4096] = 0;
	assert_int_equal(text_parse(text, &caps), -EINVAL);
}

static void assert_reply(const struct ugvt_vfio_capabilities *caps, bool write_multiple)
{
	unsigned char reply[256];
	int size = ugvt_vfio_version_build(reply, sizeof(reply), caps, 4096);
	const char *text = (const char *)reply + sizeof(struct ugvt_vfio_version);
	struct json_object *root, *object, *value;

	assert_int_equal(memcmp(reply, "\0\0\0\0", 4), 0);
	assert_int_equal(strlen(text) + 1 + sizeof(struct ugvt_vfio_version), size);
	assert_true(strlen(text) + 1 <= 194);
	root = json_tokener_parse(text);
	assert_true(json_object_object_get_ex(root, "capabilities", &object));
	assert_true(json_object_object_get_ex(object, "max_dma_maps", &value));
	assert_int_equal(json_object_get_int(value), 4096);
	assert_true(json_object_object_get_ex(object, "max_data_xfer_size", &value));
	assert_int_equal(json_object_get_int(value), UGVT_VFIO_DATA_MAX);
	assert_int_equal(
		json_object_object_get_ex(object, "write_multiple", &value), write_multiple);
	json_object_put(root);
}

/* What the client doesn't offer isn't offered to it. */
static void test_reply(void **state)
{
	assert_reply(&(struct ugvt_vfio_capabilities){.write_multiple = true}, true);
	assert_reply(&(struct ugvt_vfio_capabilities){.write_multiple = false}, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_reply),
	};

	return cmocka_run_group_tests_name("vfio-user version", tests, NULL, NULL);
}
