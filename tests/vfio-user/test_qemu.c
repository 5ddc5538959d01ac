/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/vfio-user/fixture.h"

/*
 * usage: test-vfio-user-qemu QEMU...
 *
 * The server with QEMU as its client. There is no guest: in qtest mode QEMU does the accesses that it is told to,
 * one line of text each. The device is at 00:04.0 of a q35 machine, its BAR0 is put at BAR0_ADDRESS.
 */

#define DEVICE 4
#define BAR0_ADDRESS 0xe0000000u
#define BAR2_ADDRESS 0xe0100000u
#define SCRATCH 0x100000u // guest memory that nothing uses

static char *const *qemu_command; // from main's arguments
static unsigned qemu_command_size;

struct qemu {
	pid_t pid;
	FILE *in, *out;
	unsigned raised, lowered; // how often interrupts were
};

static void qemu_exec(const char *path)
{
	const char *arguments[] = {"-machine", "q35,accel=qtest,memory-backend=ram", "-object",
		"memory-backend-memfd,id=ram,size=64M,share=on", "-nodefaults", "-display", "none",
		"-qtest", "stdio", "-qtest-log", "none", "-device"};
	char device[256];
	char *argv[64];
	unsigned n = 0;

	snprintf(device, sizeof(device),
		"{\"driver\":\"vfio-user-pci\",\"addr\":\"%d\",\"socket\":{\"type\":\"unix\","
		"\"path\":\"%s\"}}",
		DEVICE, path);
	for (unsigned i = 0; i < qemu_command_size; i++) {
		argv[n++] = qemu_command[i];
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(arguments); i++) {
		argv[n++] = (char *)arguments[i];
	}
	argv[n++] = device;
	argv[n] = NULL;
	execvp(argv[0], argv);
	_exit(127);
}

static void qemu_start(struct qemu *qemu, const char *path)
{
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	qemu->pid = fork();
	assert_true(qemu->pid >= 0);
	if (qemu->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		qemu_exec(path);
	}
	close(in[0]);
	close(out[1]);
	qemu->raised = qemu->lowered = 0;
	qemu->in = fdopen(in[1], "w");
	qemu->out = fdopen(out[0], "r");
}

/* Its exit status. */
static int qemu_wait(struct qemu *qemu)
{
	int status;

	fclose(qemu->in);
	fclose(qemu->out);
	assert_int_equal(waitpid(qemu->pid, &status, 0), qemu->pid);
	return status;
}

static void qemu_kill(struct qemu *qemu)
{
	kill(qemu->pid, SIGKILL);
	qemu_wait(qemu);
}

/* One command; the number in its answer. Interrupts may be told of before it. */
static uint64_t __attribute__((format(printf, 2, 3)))
qtest(struct qemu *qemu, const char *format, ...)
{
	unsigned long long value = 0;
	char line[256];
	va_list args;

	va_start(args, format);
	vfprintf(qemu->in, format, args);
	va_end(args);
	fputc('\n', qemu->in);
	fflush(qemu->in);
	do {
		if (!fgets(line, sizeof(line), qemu->out)) {
			fail_msg("QEMU is gone after: %s", format);
		}
		if (getenv("DBG"))
			fprintf(stderr, "< %s", line);
		qemu->raised += strncmp(line, "IRQ raise", 9) == 0;
		qemu->lowered += strncmp(line, "IRQ lower", 9) == 0;
	} while (strncmp(line, "OK", 2) != 0);
	sscanf(line, "OK %llx", &value);
	return value;
}

static uint32_t config_read(struct qemu *qemu, unsigned offset)
{
	qtest(qemu, "outl 0xcf8 0x%x", 0x80000000u | DEVICE << 11 | offset);
	return (uint32_t)qtest(qemu, "inl 0xcfc");
}

static void config_write(struct qemu *qemu, unsigned offset, uint32_t value)
{
	qtest(qemu, "outl 0xcf8 0x%x", 0x80000000u | DEVICE << 11 | offset);
	qtest(qemu, "outl 0xcfc 0x%x", value);
}

static void bars_enable(struct qemu *qemu)
{
	config_write(qemu, 0x10, BAR0_ADDRESS);
	config_write(qemu, 0x18, BAR2_ADDRESS);
	config_write(qemu, 0x04, 0x6); // memory space, bus master
}

static uint32_t bar0_read(struct qemu *qemu, uint32_t offset)
{
	return (uint32_t)qtest(qemu, "readl 0x%x", BAR0_ADDRESS + offset);
}

static void bar0_write(struct qemu *qemu, uint32_t offset, uint32_t value)
{
	qtest(qemu, "writel 0x%x 0x%x", BAR0_ADDRESS + offset, value);
}

struct rig {
	struct fixture f;
	struct qemu qemu;
};

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	fixture_init(&rig->f, NULL);
	qemu_start(&rig->qemu, rig->f.path);
	bars_enable(&rig->qemu);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	qemu_kill(&rig->qemu);
	fixture_finish(&rig->f);
	free(rig);
	return 0;
}

static void test_accesses(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(config_read(&rig->qemu, 0), FAKE_ID);
	for (uint32_t i = 0; i < 100; i++) {
		bar0_write(&rig->qemu, 0x2000 + i * 4, i * 0x01010101u);
	}
	for (uint32_t i = 0; i < 100; i++) {
		assert_int_equal(bar0_read(&rig->qemu, 0x2000 + i * 4), i * 0x01010101u);
	}
	qtest(&rig->qemu, "writeb 0x%x 0xab", BAR0_ADDRESS + 0x3001);
	qtest(&rig->qemu, "writew 0x%x 0xcdef", BAR0_ADDRESS + 0x3002);
	assert_int_equal(bar0_read(&rig->qemu, 0x3000), 0xcdefab00);
	qtest(&rig->qemu, "writeq 0x%x 0x123456789abcdef0", BAR0_ADDRESS + 0x4000);
	assert_int_equal(bar0_read(&rig->qemu, 0x4004), 0x12345678);
}

/* QEMU maps what a sparse region offers: accesses there make no message. */
static void test_mapped_area(void **state)
{
	struct rig *rig = *state;
	uint64_t writes = ugvt_vfio_user_stats(rig->f.vu).writes;
	uint32_t value = 0;

	qtest(&rig->qemu, "writel 0x%x 0x5a5a1234", BAR2_ADDRESS + 0x8010);
	assert_int_equal(qtest(&rig->qemu, "readl 0x%x", BAR2_ADDRESS + 0x8010), 0x5a5a1234);
	assert_int_equal(pread(rig->f.fake.bar2_fd, &value, 4, 0x1000 + 0x8010), 4);
	assert_int_equal(value, 0x5a5a1234);
	assert_int_equal(ugvt_vfio_user_stats(rig->f.vu).writes, writes);
}

static void test_dma(void **state)
{
	struct rig *rig = *state;

	qtest(&rig->qemu, "writeb 0 0x77");
	bar0_write(&rig->qemu, FAKE_REG_ACTION, FAKE_ACTION_TOUCH);
	assert_int_equal(bar0_read(&rig->qemu, FAKE_REG_TOUCHED), 0x77);
	assert_int_equal(ugvt_vfio_user_stats(rig->f.vu).errors, 0);
}

/* QEMU's own thread writes the message; it can be to memory as well as to an interrupt controller. */
static void scratch_wait(struct qemu *qemu, uint32_t value)
{
	while (qtest(qemu, "readl 0x%x", SCRATCH) != value) {
		usleep(1000);
	}
}

static void test_msi(void **state)
{
	struct rig *rig = *state;

	config_write(&rig->qemu, FAKE_MSI_CAP + 4, SCRATCH);
	config_write(&rig->qemu, FAKE_MSI_CAP + 8, 0);
	config_write(&rig->qemu, FAKE_MSI_CAP + 12, 0x4321);
	config_write(&rig->qemu, FAKE_MSI_CAP, 0x00810005);
	for (unsigned i = 0; i < 10; i++) {
		qtest(&rig->qemu, "writel 0x%x 0", SCRATCH);
		bar0_write(&rig->qemu, FAKE_REG_ACTION, FAKE_ACTION_MSI);
		scratch_wait(&rig->qemu, 0x4321);
	}
	/* Off, and on again. */
	config_write(&rig->qemu, FAKE_MSI_CAP, 0x00800005);
	config_write(&rig->qemu, FAKE_MSI_CAP, 0x00810005);
	qtest(&rig->qemu, "writel 0x%x 0", SCRATCH);
	bar0_write(&rig->qemu, FAKE_REG_ACTION, FAKE_ACTION_MSI);
	scratch_wait(&rig->qemu, 0x4321);
	assert_int_equal(ugvt_vfio_user_stats(rig->f.vu).errors, 0);
}

/* An access to a BAR is the end of the interrupt for QEMU, which then unmasks it: while the line is high it comes
 * again, and not after. */
static void test_intx(void **state)
{
	struct rig *rig = *state;
	struct qemu *qemu = &rig->qemu;

	qtest(qemu, "irq_intercept_in ioapic");
	for (unsigned i = 0; i < 3; i++) {
		unsigned raised = qemu->raised;

		bar0_write(qemu, FAKE_REG_ACTION, FAKE_ACTION_INTX_HIGH);
		while (qemu->raised < raised + 3) {
			bar0_read(qemu, 0);
			usleep(1000);
		}
		bar0_write(qemu, FAKE_REG_ACTION, FAKE_ACTION_INTX_LOW);
		do {
			bar0_read(qemu, 0);
		} while (qemu->lowered < qemu->raised);
		raised = qemu->raised;
		bar0_read(qemu, 0);
		bar0_read(qemu, 0);
		assert_int_equal(qemu->raised, raised);
	}
	assert_int_equal(ugvt_vfio_user_stats(rig->f.vu).errors, 0);
}

static void test_reset(void **state)
{
	struct rig *rig = *state;
	unsigned resets = atomic_load(&rig->f.fake.client_resets);

	for (unsigned i = 0; i < 3; i++) {
		bar0_write(&rig->qemu, 0x2000, 1);
		qtest(&rig->qemu, "outb 0xcf9 6"); // ICH9: full reset
		while (atomic_load(&rig->f.fake.client_resets) == resets) {
			usleep(1000);
		}
		resets = atomic_load(&rig->f.fake.client_resets);
		bars_enable(&rig->qemu);
		assert_int_equal(bar0_read(&rig->qemu, 0x2000), 0);
	}
	assert_int_equal(ugvt_vfio_user_stats(rig->f.vu).errors, 0);
}

static void test_kill_and_restart(void **state)
{
	struct rig *rig = *state;
	unsigned fds = fd_count();

	for (unsigned i = 0; i < 3; i++) {
		bar0_write(&rig->qemu, 0x2000, 1);
		qemu_kill(&rig->qemu);
		qemu_start(&rig->qemu, rig->f.path);
		assert_int_equal(config_read(&rig->qemu, 0), FAKE_ID);
		bars_enable(&rig->qemu);
		assert_int_equal(bar0_read(&rig->qemu, 0x2000), 0);
	}
	assert_int_equal(fd_count(), fds);
}

static void test_second_qemu(void **state)
{
	struct rig *rig = *state;
	struct qemu second;
	int status;

	qemu_start(&second, rig->f.path);
	status = qemu_wait(&second);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(config_read(&rig->qemu, 0), FAKE_ID);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_accesses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mapped_area, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dma, setup, teardown),
		cmocka_unit_test_setup_teardown(test_msi, setup, teardown),
		cmocka_unit_test_setup_teardown(test_intx, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kill_and_restart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second_qemu, setup, teardown),
	};

	if (argc < 2) {
		fprintf(stderr, "usage: %s QEMU...\n", argv[0]);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	qemu_command = argv + 1;
	qemu_command_size = (unsigned)argc - 1;
	return cmocka_run_group_tests_name("vfio-user with QEMU", tests, NULL, NULL);
}
