/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "bench/bench.h"
#include "gpu/eu/pair.h"
#include "gpu/eu/thread.h"
#include "tests/gpu/eu/encode.h"

/*
 * Kernels as drivers compile them for pixels, thread after thread, in nanoseconds of CPU time per instruction. The yardstick
 * is a loop in C that does mads of 16 floats between registers in memory. A thread's start counts.
 */

enum {
	KERNEL_MAX = 400, // instructions
	ROUNDS = 11,
	ROUND_INSTRUCTIONS = 200000,
	END_AT = 120, // register of the last message
	URB_WRITE = 1 << 25 | 1 << 19 | 7,
	SCALARS_AT = 4,
	CONSTANTS = 8,
	VALUES_AT = 10, // 20 pairs
	VALUES = 20,
	REGISTERS = VALUES_AT + 2 * VALUES,
};

typedef float lanes __attribute__((vector_size(64)));

struct kernel {
	struct ugvt_eu_bits code[KERNEL_MAX];
	unsigned n;
	unsigned width; // channels
};

struct bench {
	struct ugvt_eu_port port;
	struct ugvt_eu_thread thread;
	struct ugvt_eu_pair pair;
	struct kernel kernel;
	uint8_t grf[REGISTERS * UGVT_EU_REGISTER_BYTES];
};

struct bench_case {
	const char *name;
	void (*build)(struct kernel *kernel);
	unsigned width;
	bool pairs; // of threads
};

static const char *port_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	return NULL;
}

static const struct ugvt_eu_port_impl port_impl = {.send = port_send};

/* Kernels */

static void add(struct kernel *kernel, struct ugvt_eu_inst inst)
{
	if (kernel->n == KERNEL_MAX) {
		abort();
	}
	kernel->code[kernel->n++] = encode(&inst);
}

static struct ugvt_eu_operand value(enum ugvt_eu_type type, unsigned n)
{
	return vec(type, VALUES_AT + n % VALUES * 2);
}

static struct ugvt_eu_operand scalar(unsigned n)
{
	return one(UGVT_EU_F, SCALARS_AT, n % CONSTANTS);
}

static struct ugvt_eu_operand negated(struct ugvt_eu_operand src)
{
	src.negate = true;
	return src;
}

static void op(struct kernel *kernel, enum ugvt_eu_opcode opcode, struct ugvt_eu_operand dst,
	struct ugvt_eu_operand a, struct ugvt_eu_operand b)
{
	add(kernel, make(opcode, kernel->width, dst, a, b));
}

static void mad(struct kernel *kernel, struct ugvt_eu_operand dst, struct ugvt_eu_operand a,
	struct ugvt_eu_operand b, struct ugvt_eu_operand c)
{
	const struct ugvt_eu_operand src[3] = {a, b, c};

	add(kernel, make3(UGVT_EU_MAD, kernel->width, dst, src));
}

#define F(n) value(UGVT_EU_F, n)
#define D(n) value(UGVT_EU_D, n)
#define UD(n) value(UGVT_EU_UD, n)
#define NONE null(UGVT_EU_F)

static void build_mad(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i++) {
		mad(kernel, F(i), F(i + 3), F(i + 7), F(i + 12));
	}
}

/* Lights: what the scope's arithmetic shader is made of. */
static void build_mix(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i += 10) {
		struct ugvt_eu_inst saturated =
			make(UGVT_EU_MUL, kernel->width, F(i + 3), F(i + 1), F(i + 2));
		struct ugvt_eu_inst largest =
			make(UGVT_EU_SEL, kernel->width, F(i + 5), F(i + 4), imm_f(0.25f));

		saturated.saturate = true;
		largest.cmod = UGVT_EU_CMOD_GE;
		op(kernel, UGVT_EU_ADD, F(i), F(i + 8), negated(scalar(i)));
		op(kernel, UGVT_EU_MUL, F(i + 1), F(i), F(i));
		mad(kernel, F(i + 1), F(i + 1), F(i + 9), F(i + 9));
		mad(kernel, F(i + 2), F(i + 1), scalar(i + 1), F(i + 7));
		add(kernel, saturated);
		mad(kernel, F(i + 4), negated(F(i + 3)), F(i + 3), scalar(i + 2));
		add(kernel, largest);
		op(kernel, UGVT_EU_MUL, F(i + 6), F(i + 5), imm_f(1.5f));
		op(kernel, UGVT_EU_MOV, F(i + 7), F(i + 6), NONE);
		op(kernel, UGVT_EU_ADD, F(i + 8), F(i + 7), imm_f(-0.5f));
	}
}

static void build_math(struct kernel *kernel, enum ugvt_eu_math function)
{
	for (unsigned i = 0; i < 40; i++) {
		struct ugvt_eu_inst inst =
			make(UGVT_EU_MATH, kernel->width, F(10 + i % 5), F(i % 10), NONE);

		inst.cmod = (uint8_t)function; // the same bits
		if (function == UGVT_EU_MATH_POW) {
			inst.src[1] = F((i + 5) % 10);
		}
		add(kernel, inst);
	}
}

#define BUILD_MATH(name, function)                           \
	static void build_##name(struct kernel *kernel)      \
	{                                                    \
		build_math(kernel, UGVT_EU_MATH_##function); \
	}

BUILD_MATH(inv, INV)
BUILD_MATH(rsq, RSQ)
BUILD_MATH(sin, SIN)
BUILD_MATH(exp, EXP)
BUILD_MATH(log, LOG)
BUILD_MATH(pow, POW)

static void build_select(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i += 4) {
		struct ugvt_eu_inst compare =
			make(UGVT_EU_CMP, kernel->width, null(UGVT_EU_F), F(i), F(i + 1));
		struct ugvt_eu_inst choose =
			make(UGVT_EU_SEL, kernel->width, F(i + 2), F(i), F(i + 1));
		struct ugvt_eu_inst move =
			make(UGVT_EU_MOV, kernel->width, F(i + 3), F(i + 2), NONE);

		compare.cmod = UGVT_EU_CMOD_L;
		choose.predicate = move.predicate = UGVT_EU_PREDICATE_NORMAL;
		move.predicate_inverse = true;
		add(kernel, compare);
		add(kernel, choose);
		add(kernel, move);
		compare.cmod = UGVT_EU_CMOD_GE;
		compare.dst = UD(i + 2);
		compare.src[1] = imm_f(0);
		add(kernel, compare);
	}
}

static void build_integer(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i += 5) {
		op(kernel, UGVT_EU_AND, UD(i), UD(i + 1), imm(UGVT_EU_UD, 0xffff));
		op(kernel, UGVT_EU_SHL, UD(i + 1), UD(i), imm(UGVT_EU_UD, 3));
		op(kernel, UGVT_EU_ADD, D(i + 2), D(i + 1), D(i));
		op(kernel, UGVT_EU_MOV, F(i + 3), D(i + 2), NONE);
		op(kernel, UGVT_EU_MOV, D(i + 4), F(i + 3), NONE);
	}
}

/* What a pixel's coordinates are made of. */
static void build_convert(struct kernel *kernel)
{
	struct ugvt_eu_operand corner = region(UGVT_EU_UW, 1, 1, 4, 0);

	corner.offset = 8;
	for (unsigned i = 0; i < 200; i += 4) {
		op(kernel, UGVT_EU_ADD, value(UGVT_EU_UW, i), corner, imm(UGVT_EU_V, 0x11001010));
		op(kernel, UGVT_EU_MOV, F(i + 1), value(UGVT_EU_UW, i), NONE);
		op(kernel, UGVT_EU_MOV, value(UGVT_EU_HF, i + 2), F(i + 1), NONE);
		op(kernel, UGVT_EU_MOV, F(i + 3), value(UGVT_EU_HF, i + 2), NONE);
	}
}

static void build_plane(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i++) {
		op(kernel, UGVT_EU_PLN, F(i), region(UGVT_EU_F, SCALARS_AT, 0, 1, 0), F(i + 2));
	}
}

/* Addresses of messages and the like. */
static void build_scalar(struct kernel *kernel)
{
	for (unsigned i = 0; i < 200; i += 2) {
		struct ugvt_eu_inst move = make(UGVT_EU_MOV, 1, one(UGVT_EU_UD, 60, i % 8),
			one(UGVT_EU_UD, SCALARS_AT, i % 8), NONE);
		struct ugvt_eu_inst sum = make(UGVT_EU_ADD, 1, one(UGVT_EU_UD, 61, i % 8),
			one(UGVT_EU_UD, 60, i % 8), imm(UGVT_EU_UD, 16));

		move.no_mask = sum.no_mask = true;
		add(kernel, move);
		add(kernel, sum);
	}
}

/* Four instructions and an end. */
static void build_short(struct kernel *kernel)
{
	for (unsigned i = 0; i < 4; i++) {
		op(kernel, UGVT_EU_PLN, F(i), region(UGVT_EU_F, SCALARS_AT, 0, 1, 0), F(i + 4));
	}
}

/* z = z^2 + c until it is far or 64 iterations are over: 0 and 1 are z, 2 and 3 are c, 4 counts. */
static void build_mandelbrot(struct kernel *kernel)
{
	struct ugvt_eu_inst far = make(UGVT_EU_CMP, kernel->width, null(UGVT_EU_F), F(7), imm_f(4));
	struct ugvt_eu_inst over =
		make(UGVT_EU_CMP, kernel->width, null(UGVT_EU_D), D(4), imm(UGVT_EU_D, 64));
	struct ugvt_eu_inst leave = branch(UGVT_EU_BREAK, kernel->width, 7 * 16, 7 * 16);
	struct ugvt_eu_inst again = branch(UGVT_EU_WHILE, kernel->width, -11 * 16, 0);

	far.cmod = UGVT_EU_CMOD_G;
	over.cmod = UGVT_EU_CMOD_L;
	leave.predicate = again.predicate = UGVT_EU_PREDICATE_NORMAL;
	op(kernel, UGVT_EU_MOV, D(4), imm(UGVT_EU_D, 0), NONE);
	op(kernel, UGVT_EU_MOV, F(0), imm_f(0), NONE);
	op(kernel, UGVT_EU_MOV, F(1), imm_f(0), NONE);
	/* Where some channels stay and others leave. */
	op(kernel, UGVT_EU_ADD, F(2), F(2), imm_f(-1.6f));
	op(kernel, UGVT_EU_ADD, F(3), F(3), imm_f(-0.75f));
	op(kernel, UGVT_EU_MUL, F(5), F(0), F(0));
	op(kernel, UGVT_EU_MUL, F(6), F(1), F(1));
	op(kernel, UGVT_EU_ADD, F(7), F(5), F(6));
	add(kernel, far);
	add(kernel, leave);
	op(kernel, UGVT_EU_MUL, F(8), F(0), F(1));
	op(kernel, UGVT_EU_ADD, F(5), F(5), negated(F(6)));
	mad(kernel, F(1), F(3), F(8), one(UGVT_EU_F, 3, 0));
	op(kernel, UGVT_EU_ADD, F(0), F(5), F(2));
	op(kernel, UGVT_EU_ADD, D(4), D(4), imm(UGVT_EU_D, 1));
	add(kernel, over);
	add(kernel, again);
}

/* Channels take both sides. */
static void build_branches(struct kernel *kernel)
{
	for (unsigned i = 0; i < 30; i++) {
		struct ugvt_eu_inst compare =
			make(UGVT_EU_CMP, kernel->width, null(UGVT_EU_F), F(i), imm_f(0.9f));
		struct ugvt_eu_inst fork = branch(UGVT_EU_IF, kernel->width, 5 * 16, 7 * 16);

		compare.cmod = UGVT_EU_CMOD_G;
		fork.predicate = UGVT_EU_PREDICATE_NORMAL;
		add(kernel, compare);
		add(kernel, fork);
		for (unsigned side = 0; side < 2; side++) {
			mad(kernel, F(i + 1), F(i + side), F(i + 2), scalar(0));
			op(kernel, UGVT_EU_MUL, F(i + 2), F(i + 2), imm_f(0.5f));
			op(kernel, UGVT_EU_ADD, F(i + 3), F(i + 2), F(i + 1));
			if (side == 0) {
				add(kernel, branch(UGVT_EU_ELSE, kernel->width, 4 * 16, 4 * 16));
			}
		}
		add(kernel, branch(UGVT_EU_ENDIF, kernel->width, 16, 0));
	}
}

static const struct bench_case cases[] = {
	{"mad", build_mad, 16},
	{"mad, SIMD8", build_mad, 8},
	{"mix", build_mix, 16},
	{"mix, SIMD8", build_mix, 8},
	{"mix, SIMD8 in pairs", build_mix, 8, true},
	{"compare and select", build_select, 16},
	{"integers", build_integer, 16},
	{"conversions", build_convert, 16},
	{"pln", build_plane, 16},
	{"scalars", build_scalar, 16},
	{"inv", build_inv, 16},
	{"rsq", build_rsq, 16},
	{"sin", build_sin, 16},
	{"exp", build_exp, 16},
	{"log", build_log, 16},
	{"pow", build_pow, 16},
	{"mandelbrot", build_mandelbrot, 16},
	{"if and else", build_branches, 16},
	{"short threads", build_short, 16},
};

/* Measuring */

static double cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* What threads start with. */
static void registers_make(uint8_t *grf)
{
	static const uint16_t corners[] = {16, 8, 18, 8, 20, 8, 22, 8};

	for (unsigned i = 0; i < REGISTERS * 8; i++) {
		/* From 0.8 to 1. */
		float number = 0.8f + (float)(i * 37 % 64) / 320;

		memcpy(grf + 4 * i, &number, sizeof(number));
	}
	memcpy(grf + UGVT_EU_REGISTER_BYTES + 8, corners, sizeof(corners));
}

/* Runs threads; the number of instructions. */
static uint64_t threads_run(struct bench *bench, const struct ugvt_eu_program *program, double *ns)
{
	uint64_t executed = 0;
	double start = cpu_ns();

	while (executed < ROUND_INSTRUCTIONS) {
		ugvt_eu_thread_init(&bench->thread, program, 0xffff, 0);
		memcpy(bench->thread.grf, bench->grf, sizeof(bench->grf));
		if (ugvt_eu_thread_run(&bench->thread, &bench->port, UINT64_MAX) != UGVT_EU_DONE) {
			fprintf(stderr, "bench: a kernel faults: %s\n", bench->thread.fault);
			abort();
		}
		executed += bench->thread.executed;
	}
	*ns = cpu_ns() - start;
	return executed;
}

/* The same in pairs, of what each thread executes. */
static uint64_t pairs_run(struct bench *bench, const struct ugvt_eu_program *program, double *ns)
{
	const char *wrong[UGVT_EU_PAIR];
	uint64_t executed = 0;
	double start = cpu_ns();

	ugvt_eu_pair_init(&bench->pair, program, 0);
	while (executed < ROUND_INSTRUCTIONS) {
		for (unsigned i = 0; i < UGVT_EU_PAIR * REGISTERS; i++) {
			memcpy(ugvt_eu_pair_registers(&bench->pair, 0) + i * UGVT_EU_REGISTER_BYTES,
				bench->grf + i / UGVT_EU_PAIR * UGVT_EU_REGISTER_BYTES,
				UGVT_EU_REGISTER_BYTES);
		}
		ugvt_eu_pair_run(&bench->pair, &bench->port, wrong);
		executed += UGVT_EU_PAIR * program->straight.cost;
	}
	*ns = cpu_ns() - start;
	return executed;
}

/* The same mads as build_mad(), in C. */
static void yardstick_run(lanes registers[VALUES], unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		registers[i % VALUES] = registers[(i + 7) % VALUES] * registers[(i + 12) % VALUES] +
					registers[(i + 3) % VALUES];
	}
}

static double yardstick_measure(void)
{
	static lanes registers[VALUES];
	double start = cpu_ns();

	yardstick_run(registers, ROUND_INSTRUCTIONS);
	return (cpu_ns() - start) / ROUND_INSTRUCTIONS;
}

static void case_run(struct bench *bench, const struct bench_case *bench_case)
{
	double ns[ROUNDS], yardstick[ROUNDS], median, unit;
	struct ugvt_eu_program *program;

	bench->kernel = (struct kernel){.width = bench_case->width};
	bench_case->build(&bench->kernel);
	add(&bench->kernel, message(UGVT_EU_SFID_URB, URB_WRITE, END_AT, true));
	program = ugvt_eu_program_create(
		bench->kernel.code, bench->kernel.n * sizeof(bench->kernel.code[0]));
	if (!program) {
		abort();
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t executed =
			(bench_case->pairs ? pairs_run : threads_run)(bench, program, &ns[i]);

		ns[i] /= (double)executed;
		yardstick[i] = yardstick_measure();
	}
	median = bench_median(ns, ROUNDS);
	unit = bench_median(yardstick, ROUNDS);
	bench_print(bench_case->name, median, "ns", "mad in C", median / unit);
	ugvt_eu_program_destroy(program);
}

int main(int argc, char **argv)
{
	static struct bench bench = {.port = {.impl = &port_impl}};

	registers_make(bench.grf);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		if (argc < 2 || strcmp(argv[1], cases[i].name) == 0) {
			case_run(&bench, &cases[i]);
		}
	}
	return 0;
}
