/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/render/urb.h"

/* Messages to the URB, against the entries that they read and write. */

#define DWORDS 32
#define WRITE 7u
#define READ 8u

struct bench {
	struct ugvt_urb urb;
	uint32_t entries[16 * DWORDS];
	uint32_t payload[16][8], payload2[16][8], response[16][8];
	struct ugvt_eu_message message;
};

static int setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	bench.urb.entries[UGVT_URB_DOMAIN] = (struct ugvt_urb_entries){bench.entries, 16, DWORDS};
	for (unsigned lane = 0; lane < 8; lane++) {
		bench.payload[0][lane] = ugvt_urb_handle(UGVT_URB_DOMAIN, 8 + lane);
	}
	bench.message = (struct ugvt_eu_message){
		.channels = 0xff,
		.payload = (const uint8_t *)bench.payload,
		.length = 1,
		.payload2 = (const uint8_t *)bench.payload2,
		.response = (uint8_t *)bench.response,
	};
	*state = &bench;
	return 0;
}

static uint32_t entry(const struct bench *bench, unsigned vertex, unsigned at)
{
	return bench->entries[vertex * DWORDS + at];
}

static void payload_fill(uint32_t payload[16][8], uint32_t first)
{
	for (unsigned i = 0; i < 16 * 8; i++) {
		payload[i / 8][i % 8] = first + i / 8 * 100 + i % 8;
	}
}

static void test_write(void **state)
{
	struct bench *bench = *state;

	payload_fill(bench->payload2, 1000);
	bench->message.length2 = 3;
	bench->message.desc = WRITE | 2 << 4;
	bench->message.channels = 0xbf;
	assert_null(ugvt_urb_send(&bench->urb, &bench->message));
	for (unsigned lane = 0; lane < 8; lane++) {
		for (unsigned at = 0; at < DWORDS; at++) {
			uint32_t value =
				at >= 8 && at < 11 && lane != 6 ? 1000 + 100 * (at - 8) + lane : 0;

			assert_int_equal(entry(bench, 8 + lane, at), value);
			assert_int_equal(entry(bench, lane, at), 0);
		}
	}
}

/* Offsets of each lane, then masks of which dwords are written. */
static void test_headers(void **state)
{
	struct bench *bench = *state;
	uint32_t handles[8];

	memcpy(handles, bench->payload[0], sizeof(handles));
	payload_fill(bench->payload, 5);
	memcpy(bench->payload[0], handles, sizeof(handles));
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[1][lane] = lane / 2;
		bench->payload[2][lane] = lane % 2 ? 0x50000 : 0xf0000;
	}
	bench->message.length = 7;
	bench->message.desc = WRITE | 1 << 4 | 1 << 17 | 1 << 15;
	assert_null(ugvt_urb_send(&bench->urb, &bench->message));
	for (unsigned lane = 0; lane < 8; lane++) {
		for (unsigned i = 0; i < 4; i++) {
			bool written = lane % 2 == 0 || i % 2 == 0;

			assert_int_equal(entry(bench, 8 + lane, 4 + 4 * (lane / 2) + i),
				written ? 5 + 100 * (3 + i) + lane : 0);
		}
	}
}

static void test_read(void **state)
{
	struct bench *bench = *state;

	for (unsigned i = 0; i < 16 * DWORDS; i++) {
		bench->entries[i] = i;
	}
	memset(bench->response, 0xee, sizeof(bench->response));
	bench->message.desc = READ | 7 << 4; // the last OWord and one beyond
	bench->message.response_length = 8;
	bench->message.channels = 0x7f;
	bench->payload[0][3] = ugvt_urb_handle(UGVT_URB_DOMAIN, 16); // there is none
	assert_null(ugvt_urb_send(&bench->urb, &bench->message));
	for (unsigned lane = 0; lane < 8; lane++) {
		for (unsigned i = 0; i < 8; i++) {
			uint32_t value = i < 4 && lane != 3 ? (8 + lane) * DWORDS + 28 + i : 0;

			assert_int_equal(bench->response[i][lane], lane == 7 ? 0xeeeeeeee : value);
		}
	}
}

/* Handles and offsets that lead nowhere write nothing. */
static void test_wild(void **state)
{
	struct bench *bench = *state;

	payload_fill(bench->payload2, 1);
	bench->message.length = 2;
	bench->message.length2 = 15;
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[0][lane] = lane % 2 ? UINT32_MAX : ugvt_urb_handle(lane % 4, lane);
		bench->payload[1][lane] = lane % 2 ? 0 : UINT32_MAX - lane;
	}
	bench->message.desc = WRITE | 0x7ff << 4 | 1 << 17;
	assert_null(ugvt_urb_send(&bench->urb, &bench->message));
	for (unsigned i = 0; i < 16 * DWORDS; i++) {
		assert_int_equal(entry(bench, i / DWORDS, i % DWORDS), 0);
	}
}

static void test_malformed(void **state)
{
	struct bench *bench = *state;

	bench->message.desc = 0;
	assert_non_null(ugvt_urb_send(&bench->urb, &bench->message));
	bench->message.desc = WRITE | 1 << 17 | 1 << 15;
	assert_non_null(ugvt_urb_send(&bench->urb, &bench->message));
	bench->message.desc = WRITE;
	bench->message.length = 0;
	assert_non_null(ugvt_urb_send(&bench->urb, &bench->message));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_write, setup),
		cmocka_unit_test_setup(test_headers, setup),
		cmocka_unit_test_setup(test_read, setup),
		cmocka_unit_test_setup(test_wild, setup),
		cmocka_unit_test_setup(test_malformed, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
