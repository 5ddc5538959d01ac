/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/pair.h"
#include "tests/gpu/eu/rig.h"
#include "tests/gpu/random.h"

/*
 * Random straight kernels of SIMD8 threads, each run by two threads, channel by channel, and by a pair of them: both send
 * the same messages.
 */

enum {
	KERNELS = 1500,
	LENGTH = 40,
	VALUES = 4, // registers of integers, from FIRST on, and of floats
	FIRST = 10,
	FLOATS = FIRST + VALUES,
	UNIFORMS = FLOATS + VALUES, // what one channel writes for all
	UNIFORM_FLOATS,
	END,
	LOG_MAX = LENGTH / 8 + 1,
	URB_WRITE = (END - FIRST) << 25 | 1 << 19 | 7,
	SAMPLE = 1 << 25 | 2 << 20 | 1 << 17, // SIMD8, two registers
};

struct sent {
	uint32_t desc, channels;
	uint8_t payload[UGVT_EU_PAYLOAD_MAX * UGVT_EU_REGISTER_BYTES];
};

/* What each of two threads sent. */
struct log {
	struct ugvt_eu_port port;
	unsigned turn; // whose messages come now
	bool pair;     // they take turns
	unsigned n[UGVT_EU_PAIR];
	struct sent sent[UGVT_EU_PAIR][LOG_MAX];
	unsigned refused; // which one of the first thread's is; 0: none
};

/* Responses follow from payloads. */
static const char *log_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct log *log = ugvt_container_of(port, struct log, port);
	unsigned who = log->turn;
	struct sent *sent = &log->sent[who][log->n[who]++];

	*sent = (struct sent){.desc = message->desc, .channels = message->channels};
	memcpy(sent->payload, message->payload, message->length * UGVT_EU_REGISTER_BYTES);
	for (unsigned i = 0; i < message->response_length * UGVT_EU_REGISTER_BYTES; i++) {
		message->response[i] = message->payload[i % UGVT_EU_REGISTER_BYTES] & 3;
	}
	log->turn ^= log->pair && !(who == 1 && log->refused && log->n[0] >= log->refused);
	return who == 0 && log->n[0] == log->refused ? "refused" : NULL;
}

static const struct ugvt_eu_port_impl log_impl = {.send = log_send};

/* Of integers or floats, from register first on. */
static struct ugvt_eu_operand source_make(uint64_t *random, unsigned first)
{
	enum ugvt_eu_type type = first == FLOATS ? UGVT_EU_F : UGVT_EU_D;
	unsigned number = first + below(random, VALUES);

	switch (below(random, 8)) {
	case 0: return one(type, number, below(random, 8));
	case 1:
	case 2: return one(type, first == FLOATS ? UNIFORM_FLOATS : UNIFORMS, below(random, 8));
	case 3: return first == FLOATS ? imm_f(0.75f) : imm(type, below(random, 5));
	case 4: return region(type, number, 4, 4, 0);
	default: return vec(type, number);
	}
}

static struct ugvt_eu_inst mad_make(uint64_t *random)
{
	const struct ugvt_eu_operand src[3] = {
		vec(UGVT_EU_F, FLOATS + below(random, VALUES)),
		one(UGVT_EU_F, UNIFORM_FLOATS, below(random, 8)),
		vec(UGVT_EU_F, FLOATS + below(random, VALUES)),
	};

	return make3(UGVT_EU_MAD, 8, vec(UGVT_EU_F, FLOATS + below(random, VALUES)), src);
}

/* No NaN comes of these: numbers are not below zero, and products are small again. */
static struct ugvt_eu_inst float_make(uint64_t *random)
{
	static const uint8_t opcodes[] = {
		UGVT_EU_MAD, UGVT_EU_ADD, UGVT_EU_MUL, UGVT_EU_SEL, UGVT_EU_FRC, UGVT_EU_RNDD};
	unsigned opcode = opcodes[below(random, UGVT_ARRAY_SIZE(opcodes))];
	struct ugvt_eu_inst inst = make(opcode, 8, vec(UGVT_EU_F, FLOATS + below(random, VALUES)),
		vec(UGVT_EU_F, FLOATS + below(random, VALUES)), null(UGVT_EU_F));

	if (opcode == UGVT_EU_MAD) {
		inst = mad_make(random);
	} else if (inst.op->sources == 2) {
		inst.src[1] = source_make(random, FLOATS);
	}
	inst.saturate = opcode == UGVT_EU_MUL || opcode == UGVT_EU_MAD;
	return inst;
}

static struct ugvt_eu_inst integer_make(uint64_t *random)
{
	static const uint8_t opcodes[] = {UGVT_EU_ADD, UGVT_EU_MUL, UGVT_EU_AND, UGVT_EU_XOR,
		UGVT_EU_SEL, UGVT_EU_CMP, UGVT_EU_CMP};
	unsigned opcode = opcodes[below(random, UGVT_ARRAY_SIZE(opcodes))];
	unsigned width = 1u << below(random, 4);
	struct ugvt_eu_inst inst =
		make(opcode, width, vec(UGVT_EU_D, FIRST + below(random, VALUES)),
			region(UGVT_EU_D, FIRST + below(random, VALUES), width > 1 ? width : 0,
				width, width > 1),
			width < 8 ? imm(UGVT_EU_D, below(random, 5)) : source_make(random, FIRST));

	if (opcode == UGVT_EU_CMP) {
		inst.cmod = (uint8_t)(UGVT_EU_CMOD_Z + below(random, 6));
		inst.dst = below(random, 2) ? null(UGVT_EU_D) : inst.dst;
	}
	return inst;
}

/* As drivers load constants, and compute with what is the same for all. */
static struct ugvt_eu_inst uniform_make(uint64_t *random)
{
	bool is_float = below(random, 2);
	enum ugvt_eu_type type = is_float ? UGVT_EU_F : UGVT_EU_D;
	unsigned number = is_float ? UNIFORM_FLOATS : UNIFORMS;
	unsigned opcode = is_float ? UGVT_EU_FRC : UGVT_EU_NOT;
	struct ugvt_eu_operand from = one(type, number, below(random, 8));
	struct ugvt_eu_inst inst;

	if (below(random, 2)) {
		opcode = UGVT_EU_MOV;
		from = is_float ? imm_f(0.5f) : imm(type, below(random, 9));
	}
	inst = make(opcode, 1, one(type, number, below(random, 8)), from, null(type));
	inst.no_mask = below(random, 4) != 0;
	return inst;
}

static struct ugvt_eu_inst words_make(uint64_t *random)
{
	struct ugvt_eu_operand words = vec(UGVT_EU_W, FIRST + below(random, VALUES));
	struct ugvt_eu_operand dwords = vec(UGVT_EU_D, FIRST + below(random, VALUES));

	return below(random, 2) ? make(UGVT_EU_MOV, 8, words, dwords, null(UGVT_EU_D))
				: make(UGVT_EU_MOV, 8, dwords, words, null(UGVT_EU_W));
}

static struct ugvt_eu_inst message_make(uint64_t *random)
{
	struct ugvt_eu_inst inst;

	if (below(random, 2)) {
		return message(UGVT_EU_SFID_URB, URB_WRITE, FIRST + below(random, 6), false);
	}
	inst = message(UGVT_EU_SFID_SAMPLER, SAMPLE, FIRST + below(random, VALUES), false);
	inst.dst = vec(UGVT_EU_D, FIRST + below(random, VALUES - 1));
	return inst;
}

static struct ugvt_eu_inst inst_make(uint64_t *random, unsigned at)
{
	static const uint8_t predicates[] = {UGVT_EU_PREDICATE_NORMAL, UGVT_EU_PREDICATE_NORMAL,
		UGVT_EU_PREDICATE_ANYV, UGVT_EU_PREDICATE_ALL4H, UGVT_EU_PREDICATE_ANY8H};
	struct ugvt_eu_inst inst;

	if (at % 8 == 7) {
		return message_make(random);
	}
	switch (below(random, 6)) {
	case 0: inst = uniform_make(random); break;
	case 1: inst = words_make(random); break;
	case 2:
	case 3: inst = integer_make(random); break;
	default: inst = float_make(random);
	}
	if (inst.opcode == UGVT_EU_SEL || below(random, 4) == 0) {
		inst.predicate = inst.align16 ? UGVT_EU_PREDICATE_NORMAL
					      : predicates[below(random, sizeof(predicates))];
	}
	inst.predicate_inverse = below(random, 2);
	inst.flag = (uint8_t)below(random, 4);
	inst.no_mask = inst.no_mask || below(random, 8) == 0;
	return inst;
}

static struct ugvt_eu_program *kernel_make(uint64_t *random)
{
	struct ugvt_eu_bits code[LENGTH + 1];
	struct ugvt_eu_program *program;
	struct ugvt_eu_inst inst;

	for (unsigned i = 0; i < LENGTH; i++) {
		inst = inst_make(random, i);
		code[i] = encode(&inst);
	}
	inst = message(UGVT_EU_SFID_URB, URB_WRITE, FIRST, true);
	code[LENGTH] = encode(&inst);
	program = ugvt_eu_program_create(code, sizeof(code));
	assert_non_null(program);
	assert_non_null(program->pair);
	return program;
}

/* Of integers, or floats from 0 to 4. */
static uint32_t start_value(uint64_t *random, unsigned number)
{
	bool is_float = number >= FLOATS && number != UNIFORMS;
	float value = (float)below(random, 256) / 64;
	uint32_t bits = below(random, 6);

	if (is_float) {
		memcpy(&bits, &value, sizeof(bits));
	}
	return bits;
}

/* What threads start with. */
static void registers_make(uint64_t *random, const struct ugvt_eu_program *program,
	uint8_t grf[UGVT_EU_PAIR][UGVT_EU_GRF_BYTES])
{
	memset(grf, 0, (size_t)UGVT_EU_PAIR * UGVT_EU_GRF_BYTES);
	for (unsigned number = FIRST; number < END; number++) {
		for (unsigned i = 0; i < UGVT_EU_PAIR * 8; i++) {
			uint32_t value = start_value(random, number);

			memcpy(grf[i / 8] + number * UGVT_EU_REGISTER_BYTES + i % 8 * 4, &value,
				sizeof(value));
		}
		if (!ugvt_eu_pair_may_differ(program, number)) {
			memcpy(grf[1] + number * UGVT_EU_REGISTER_BYTES,
				grf[0] + number * UGVT_EU_REGISTER_BYTES, UGVT_EU_REGISTER_BYTES);
		}
	}
}

static void singles_run(struct ugvt_eu_program *program,
	uint8_t grf[UGVT_EU_PAIR][UGVT_EU_GRF_BYTES], struct log *log)
{
	static struct ugvt_eu_thread thread;

	for (log->turn = 0; log->turn < UGVT_EU_PAIR; log->turn++) {
		ugvt_eu_thread_init(&thread, program, 0xff, 0);
		memcpy(thread.grf, grf[log->turn], UGVT_EU_GRF_BYTES);
		assert_int_equal(ugvt_eu_thread_run(&thread, &log->port, UINT64_MAX),
			log->turn == 0 && log->refused ? UGVT_EU_FAULTED : UGVT_EU_DONE);
	}
}

static void pair_run(struct ugvt_eu_program *program, uint8_t grf[UGVT_EU_PAIR][UGVT_EU_GRF_BYTES],
	struct log *log)
{
	static struct ugvt_eu_pair pair;
	const char *wrong[UGVT_EU_PAIR];

	log->turn = 0;
	log->pair = true;
	ugvt_eu_pair_init(&pair, program, 0);
	for (unsigned i = 0; i < UGVT_EU_PAIR * UGVT_EU_REGISTERS; i++) {
		memcpy(ugvt_eu_pair_registers(&pair, i / 2) + i % 2 * UGVT_EU_REGISTER_BYTES,
			grf[i % 2] + i / 2 * UGVT_EU_REGISTER_BYTES, UGVT_EU_REGISTER_BYTES);
	}
	ugvt_eu_pair_run(&pair, &log->port, wrong);
	assert_int_equal(wrong[0] != NULL, log->refused != 0);
	assert_null(wrong[1]);
}

static void kernel_try(uint64_t *random, unsigned refused)
{
	static uint8_t grf[UGVT_EU_PAIR][UGVT_EU_GRF_BYTES];
	static struct log singles, pairs;
	struct ugvt_eu_program *program = kernel_make(random);

	singles = pairs = (struct log){.port = {.impl = &log_impl}, .refused = refused};
	registers_make(random, program, grf);
	ugvt_eu_program_link(program, UGVT_EU_TIER_REFERENCE);
	singles_run(program, grf, &singles);
	ugvt_eu_program_link(program, UGVT_EU_TIER_REFERENCE + below(random, 4));
	pair_run(program, grf, &pairs);
	assert_memory_equal(singles.n, pairs.n, sizeof(singles.n));
	for (unsigned who = 0; who < UGVT_EU_PAIR; who++) {
		for (unsigned i = 0; i < singles.n[who]; i++) {
			assert_memory_equal(&singles.sent[who][i], &pairs.sent[who][i],
				sizeof(singles.sent[who][i]));
		}
	}
	ugvt_eu_program_destroy(program);
}

static void test_same(void **state)
{
	uint64_t random = 11;

	for (unsigned i = 0; i < KERNELS; i++) {
		kernel_try(&random, 0);
	}
}

/* What is wrong with one thread's message does not end the other one. */
static void test_refused(void **state)
{
	uint64_t random = 12;

	for (unsigned i = 0; i < 60; i++) {
		kernel_try(&random, 1 + i % (LENGTH / 8 + 1));
	}
}

/* Kernels of no two instructions, the first of which keeps pairs away. */
static bool has_pair(struct ugvt_eu_inst inst)
{
	struct rig rig;
	struct ugvt_eu_inst end = message(UGVT_EU_SFID_URB, URB_WRITE, FIRST, true);
	bool has;

	rig_init(&rig);
	rig_add(&rig, inst);
	rig_add(&rig, end);
	rig_start(&rig, 0xff, 0);
	has = rig.program->pair != NULL;
	rig_finish(&rig);
	return has;
}

static void test_which(void **state)
{
	struct ugvt_eu_inst inst =
		make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, 10), vec(UGVT_EU_F, 11), vec(UGVT_EU_F, 12));

	assert_true(has_pair(inst));
	inst.exec_size = 16;
	assert_false(has_pair(inst));
	inst.exec_size = 8;
	inst.first = 8;
	assert_false(has_pair(inst));
	inst.first = 0;
	inst.predicate = UGVT_EU_PREDICATE_ANY16H;
	assert_false(has_pair(inst));
	inst.predicate = UGVT_EU_PREDICATE_ANY8H;
	assert_true(has_pair(inst));
	inst.src[0] = arf(UGVT_EU_UD, UGVT_EU_ARF_STATE, 0);
	assert_false(has_pair(inst));
	assert_false(has_pair(branch(UGVT_EU_ENDIF, 8, 16, 0)));
	assert_false(has_pair(message(UGVT_EU_SFID_DATA_CACHE_1, 0x02000000, 10, false)));
	assert_true(has_pair(message(UGVT_EU_SFID_SAMPLER, SAMPLE, 10, false)));
}

/* Registers that are read as one element for all, before they are written. */
static void test_may_differ(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, 10), vec(UGVT_EU_F, 11),
			      one(UGVT_EU_F, 12, 3)));
	rig_add(&rig, make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, 13), vec(UGVT_EU_F, 11),
			      one(UGVT_EU_F, 10, 3)));
	rig_add(&rig, message(UGVT_EU_SFID_URB, URB_WRITE, 10, true));
	rig_start(&rig, 0xff, 0);
	assert_non_null(rig.program->pair);
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		assert_int_equal(ugvt_eu_pair_may_differ(rig.program, i), i != 12);
	}
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_which),
		cmocka_unit_test(test_may_differ),
	};

	return cmocka_run_group_tests_name("eu pairs", tests, NULL, NULL);
}
