/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/assemble.h"

/* Each topology's objects as text: vertices as letters in order, the provoking one in upper case, then the edges that count; a line
 * that starts a stipple pattern has a '*'. */

#define VERTICES 12

struct drawn {
	char text[512];
	size_t length;
	struct ugvt_vertex vertices[VERTICES];
};

static void note(struct drawn *drawn, const struct ugvt_object *object)
{
	static const unsigned counts[] = {1, 2, 3, 3};
	char *out = drawn->text + drawn->length;

	if (drawn->length > 0) {
		*out++ = ' ';
	}
	for (unsigned i = 0; i < counts[object->kind]; i++) {
		long index = object->v[i] - drawn->vertices;

		*out++ = (char)((i == object->provoking ? 'A' : 'a') + index);
	}
	if (object->kind == UGVT_PRIMITIVE_TRIANGLE && object->edges != 7) {
		*out++ = (char)('0' + object->edges);
	}
	if (object->stipple) {
		*out++ = '*';
	}
	if (object->kind == UGVT_PRIMITIVE_RECTANGLE) {
		*out++ = 'r';
	}
	*out = 0;
	drawn->length = (size_t)(out - drawn->text);
}

/* first: provoking; cut: after so many vertices the strip ends once, 0: not. */
static const char *draw(
	struct drawn *drawn, unsigned topology, unsigned count, unsigned first, unsigned cut)
{
	struct ugvt_provoking provoking = {
		(uint8_t)(first ? 0 : 1), (uint8_t)(first ? 0 : 2), (uint8_t)(first ? 1 : 2)};
	struct ugvt_object objects[UGVT_OBJECTS_MAX];
	struct ugvt_assembler a;

	drawn->length = 0;
	drawn->text[0] = 0;
	assert_true(ugvt_assembler_init(&a, topology, &provoking));
	for (unsigned i = 0; i <= count; i++) {
		unsigned made = 0;

		if (i == count || (cut > 0 && i == cut)) {
			made = ugvt_assembler_cut(&a, objects);
			for (unsigned k = 0; k < made; k++) {
				note(drawn, &objects[k]);
			}
		}
		if (i < count) {
			made = ugvt_assembler_vertex(&a, &drawn->vertices[i], objects);
			for (unsigned k = 0; k < made; k++) {
				note(drawn, &objects[k]);
			}
		}
		assert_true(a.count < UGVT_HELD_MAX);
	}
	return drawn->text;
}

static void test_topologies(void **state)
{
	static const struct {
		unsigned topology, count, first, cut;
		const char *objects;
	} cases[] = {
		{UGVT_TOPOLOGY_POINTLIST, 3, 0, 0, "A B C"},
		{UGVT_TOPOLOGY_POINTLIST_BF, 1, 0, 0, "A"},
		{UGVT_TOPOLOGY_LINELIST, 5, 0, 0, "aB* cD*"},
		{UGVT_TOPOLOGY_LINELIST, 5, 1, 1, "Bc* De*"},
		{UGVT_TOPOLOGY_LINESTRIP, 4, 0, 0, "aB* bC cD"},
		{UGVT_TOPOLOGY_LINESTRIP, 5, 1, 3, "Ab* Bc De*"},
		{UGVT_TOPOLOGY_LINESTRIP_CONT, 3, 0, 0, "aB bC"},
		{UGVT_TOPOLOGY_LINELOOP, 4, 0, 0, "aB* bC cD dA"},
		{UGVT_TOPOLOGY_LINELOOP, 4, 1, 0, "Ab* Bc Cd Da"},
		{UGVT_TOPOLOGY_LINELOOP, 2, 0, 0, "aB* bA"},
		{UGVT_TOPOLOGY_LINELOOP, 1, 0, 0, ""},
		{UGVT_TOPOLOGY_LINELOOP, 6, 0, 3, "aB* bC cA dE* eF fD"},
		{UGVT_TOPOLOGY_LINELIST_ADJ, 8, 0, 0, "bC* fG*"},
		{UGVT_TOPOLOGY_LINESTRIP_ADJ, 5, 0, 0, "bC* cD"},
		{UGVT_TOPOLOGY_TRILIST, 7, 0, 0, "abC deF"},
		{UGVT_TOPOLOGY_TRILIST, 7, 1, 2, "Cde"},
		{UGVT_TOPOLOGY_TRILIST_ADJ, 12, 0, 0, "acE giK"},
		{UGVT_TOPOLOGY_TRISTRIP, 5, 0, 0, "abC bDc cdE"},
		{UGVT_TOPOLOGY_TRISTRIP, 5, 1, 0, "Abc Bdc Cde"},
		{UGVT_TOPOLOGY_TRISTRIP, 7, 0, 4, "abC bDc efG"},
		{UGVT_TOPOLOGY_TRISTRIP_REVERSE, 4, 0, 0, "aCb bcD"},
		{UGVT_TOPOLOGY_TRISTRIP_ADJ, 10, 0, 0, "acE cGe egI"},
		{UGVT_TOPOLOGY_TRISTRIP_ADJ, 9, 0, 0, "acE cGe"},
		{UGVT_TOPOLOGY_TRIFAN, 5, 0, 0, "abC acD adE"},
		{UGVT_TOPOLOGY_TRIFAN, 5, 1, 0, "aBc aCd aDe"},
		{UGVT_TOPOLOGY_POLYGON, 3, 0, 0, "Abc"},
		{UGVT_TOPOLOGY_POLYGON, 5, 0, 0, "Abc3 Acd2 Ade6"},
		{UGVT_TOPOLOGY_POLYGON, 7, 1, 4, "Abc3 Acd6 Efg"},
		{UGVT_TOPOLOGY_QUADLIST, 9, 0, 0, "Dab3 Dbc6 Hef3 Hfg6"},
		{UGVT_TOPOLOGY_QUADLIST, 4, 1, 0, "Dab3 Dbc6"},
		{UGVT_TOPOLOGY_QUADSTRIP, 7, 0, 0, "Dca3 Dab6 Fec3 Fcd6"},
		{UGVT_TOPOLOGY_RECTLIST, 7, 0, 0, "abCr deFr"},
	};
	struct drawn drawn = {.length = 0};

	for (unsigned i = 0; i < VERTICES; i++) {
		drawn.vertices[i].edge = true;
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		assert_string_equal(draw(&drawn, cases[i].topology, cases[i].count, cases[i].first,
					    cases[i].cut),
			cases[i].objects);
	}
}

/* An edge flag is that of the edge which starts at the vertex. */
static void test_edge_flags(void **state)
{
	struct drawn drawn = {.length = 0};

	drawn.vertices[0].edge = true;
	drawn.vertices[2].edge = true;
	drawn.vertices[3].edge = true;
	assert_string_equal(draw(&drawn, UGVT_TOPOLOGY_TRILIST, 3, 0, 0), "abC5");
	assert_string_equal(draw(&drawn, UGVT_TOPOLOGY_POLYGON, 4, 0, 0), "Abc1 Acd6");
	assert_string_equal(draw(&drawn, UGVT_TOPOLOGY_QUADLIST, 4, 0, 0), "Dab3 Dbc4");
}

static void test_numbers(void **state)
{
	struct ugvt_provoking provoking = {1, 2, 2};
	struct ugvt_object objects[UGVT_OBJECTS_MAX];
	struct ugvt_vertex vertex = {.edge = true};
	struct ugvt_assembler a;

	ugvt_assembler_init(&a, UGVT_TOPOLOGY_TRISTRIP, &provoking);
	for (unsigned i = 0; i < 4; i++) {
		unsigned made = ugvt_assembler_vertex(&a, &vertex, objects);

		assert_int_equal(made, i >= 2);
		assert_true(i < 2 || objects[0].id == i - 2);
	}
	/* They go on behind a cut, and start anew with an instance. */
	ugvt_assembler_cut(&a, objects);
	ugvt_assembler_vertex(&a, &vertex, objects);
	ugvt_assembler_vertex(&a, &vertex, objects);
	assert_int_equal(ugvt_assembler_vertex(&a, &vertex, objects), 1);
	assert_int_equal(objects[0].id, 2);
	ugvt_assembler_cut(&a, objects);
	ugvt_assembler_restart(&a);
	ugvt_assembler_vertex(&a, &vertex, objects);
	ugvt_assembler_vertex(&a, &vertex, objects);
	ugvt_assembler_vertex(&a, &vertex, objects);
	assert_int_equal(objects[0].id, 0);
}

static void test_no_topologies(void **state)
{
	struct ugvt_provoking provoking = {3, 3, 3};
	struct ugvt_assembler a;
	unsigned known = 0;

	for (unsigned topology = 0; topology < 64; topology++) {
		known += ugvt_assembler_init(&a, topology, &provoking);
	}
	assert_int_equal(known, 21 + 32);
	assert_false(ugvt_assembler_init(&a, 0, &provoking));
}

/* Neighbours as the shader of a triangle strip sees them: GL 4.6, table 10.2, with vertices from 1. */
static void test_adjacent_strip(void **state)
{
	static const uint8_t expected[3][6] = {
		{1, 3, 5, 2, 7, 4},
		{3, 7, 5, 6, 9, 2}, // its last two corners are exchanged
		{5, 7, 9, 4, 10, 8},
	};
	struct ugvt_provoking provoking = {1, 2, 2};
	struct ugvt_vertex vertices[10] = {{.codes = 0}};
	struct ugvt_object objects[UGVT_OBJECTS_MAX];
	struct ugvt_assembler a;
	unsigned made = 0;

	assert_true(ugvt_assembler_init(&a, UGVT_TOPOLOGY_TRISTRIP_ADJ, &provoking));
	for (unsigned i = 0; i <= 10; i++) {
		unsigned n = i < 10 ? ugvt_assembler_vertex(&a, &vertices[i], objects)
				    : ugvt_assembler_cut(&a, objects);

		if (n > 0) {
			assert_true(objects[0].adjacent);
			assert_int_equal(objects[0].exchanged, made == 1);
			for (unsigned k = 0; k < 6; k++) {
				assert_int_equal(objects[0].v[k] - vertices + 1, expected[made][k]);
			}
			made++;
		}
	}
	assert_int_equal(made, 3);
}

static void test_patches(void **state)
{
	struct ugvt_provoking provoking = {0, 0, 0};
	struct ugvt_vertex vertices[7] = {{.codes = 0}};
	struct ugvt_object objects[UGVT_OBJECTS_MAX];
	struct ugvt_assembler a;

	assert_true(ugvt_assembler_init(&a, UGVT_TOPOLOGY_PATCHLIST_1 + 2, &provoking));
	for (unsigned i = 0; i < 7; i++) {
		assert_int_equal(
			ugvt_assembler_vertex(&a, &vertices[i], objects), i % 3 == 2 ? 1 : 0);
	}
	assert_int_equal(objects[0].kind, UGVT_OBJECT_PATCH);
	assert_int_equal(objects[0].id, 1);
	assert_ptr_equal(a.patch[0], &vertices[3]);
	assert_ptr_equal(a.patch[2], &vertices[5]);
	assert_int_equal(ugvt_assembler_cut(&a, objects), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_topologies),
		cmocka_unit_test(test_edge_flags),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_no_topologies),
		cmocka_unit_test(test_adjacent_strip),
		cmocka_unit_test(test_patches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
