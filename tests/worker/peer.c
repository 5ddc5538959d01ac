/* SPDX-License-Identifier: MIT */
#include "tests/worker/peer.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "gen/pvinfo.h"
#include "gpu/regs/regfile.h"

/* For what takes no time, unless something is broken. */
#define WAIT_STEPS 120000
#define WAIT_STEP_NS 1000000

#define MMIO_DWORDS (UGVT_MMIO_SIZE / 4)
#define GGTT_OFFSET (8u << 20)
#define GGTT_BYTES (8u << 20)
#define WORKS_MEMORY (4u << 20)

void peer_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	fflush(stderr);
	_exit(1);
}

uint32_t peer_random(uint64_t *state)
{
	/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

static void step_sleep(void)
{
	nanosleep(&(struct timespec){0, WAIT_STEP_NS}, NULL);
}

/* State and start time of a process, fields 3 and 22 of its stat. */
static char stat_read(const struct peer *peer, uint64_t *born)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)peer->pid);
	file = fopen(path, "r");
	if (!file ||
		fscanf(file,
			"%*d %*s %c %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %" SCNu64,
			&state, born) != 2) {
		peer_fail("worker %d is gone", (int)peer->pid);
	}
	fclose(file);
	return state;
}

void peer_check_alive(const struct peer *peer)
{
	uint64_t born;
	char state = stat_read(peer, &born);

	if (state == 'Z' || born != peer->born) {
		peer_fail("worker %d has ended", (int)peer->pid);
	}
}

static unsigned fds_count(const struct peer *peer)
{
	unsigned count = 0;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)peer->pid);
	folder = opendir(path);
	while (folder && readdir(folder)) {
		count++;
	}
	if (folder) {
		closedir(folder);
	}
	return count;
}

struct peer_size peer_measure(const struct peer *peer)
{
	struct peer_size size = {.fds = fds_count(peer)};
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)peer->pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "RssAnon: %" SCNu64, &size.anonymous_kb);
	}
	if (file) {
		fclose(file);
	}
	if (size.anonymous_kb == 0) {
		peer_fail("the size of worker %d is not known", (int)peer->pid);
	}
	return size;
}

static bool is_in_use(int error)
{
	return error == -EBUSY || error == -ECONNREFUSED || error == -EPIPE || error == -EAGAIN;
}

void peer_connect(const struct peer *peer, struct driver_remote *remote, uint64_t size)
{
	int ret = -EBUSY;

	for (unsigned i = 0; i < WAIT_STEPS && is_in_use(ret); i++) {
		ret = driver_remote_init(remote, peer->socket, -1, size);
		if (ret < 0) {
			step_sleep();
		}
	}
	if (ret < 0) {
		peer_fail("can't connect to %s: %s", peer->socket, strerror(-ret));
	}
}

static void client_connect(const struct peer *peer, struct ugvt_vfio_client *client)
{
	int ret = -EBUSY;

	for (unsigned i = 0; i < WAIT_STEPS && is_in_use(ret); i++) {
		ret = ugvt_vfio_client_connect(client, peer->socket);
		if (ret < 0) {
			step_sleep();
		}
	}
	if (ret < 0) {
		peer_fail("can't connect to %s: %s", peer->socket, strerror(-ret));
	}
}

static void region_read(struct ugvt_vfio_client *client, uint32_t region, uint64_t offset,
	void *data, uint32_t size)
{
	struct ugvt_vfio_access access = {offset, region, size};
	int ret = ugvt_vfio_client_read(client, &access, data);

	if (ret < 0) {
		peer_fail("a read of region %u at %#llx fails: %s", region,
			(unsigned long long)offset, strerror(-ret));
	}
}

static void registers_read(struct ugvt_vfio_client *client, uint32_t *registers)
{
	for (uint32_t at = 0; at < UGVT_MMIO_SIZE; at += UGVT_VFIO_DATA_MAX) {
		region_read(client, UGVT_PCI_BAR0, at, registers + at / 4, UGVT_VFIO_DATA_MAX);
	}
}

void peer_init(struct peer *peer, const char *socket, const char *pid)
{
	struct ugvt_vfio_client client;

	*peer = (struct peer){
		.socket = socket,
		.pid = (pid_t)strtol(pid, NULL, 10),
		.registers = calloc(MMIO_DWORDS, sizeof(uint32_t)),
	};
	stat_read(peer, &peer->born);
	client_connect(peer, &client);
	registers_read(&client, peer->registers);
	ugvt_vfio_client_close(&client);
	if (memcmp(&peer->registers[UGVT_PVINFO_MAGIC / 4], &(uint64_t){UGVT_PVINFO_MAGIC_VALUE},
		    8) != 0) {
		peer_fail("%s: not a new vGPU", socket);
	}
}

void peer_finish(struct peer *peer)
{
	free(peer->registers);
}

/* What a read hook answers may be the time. */
static bool is_time(const struct ugvt_regfile *rows, uint32_t offset)
{
	const struct ugvt_reg *row = ugvt_regfile_row(rows, offset);

	return row && (row->flags & UGVT_REG_HOOK_READ) && (row->flags & UGVT_REG_READ_ONLY);
}

static void registers_check(const struct peer *peer, struct ugvt_vfio_client *client)
{
	static uint32_t now[MMIO_DWORDS];
	struct ugvt_regfile rows;

	if (!ugvt_regfile_init(&rows, UGVT_SKL)) {
		peer_fail("out of memory");
	}
	registers_read(client, now);
	for (uint32_t at = 0; at < UGVT_MMIO_SIZE; at += 4) {
		if (now[at / 4] != peer->registers[at / 4] && !is_time(&rows, at)) {
			peer_fail("register %#x is %#x, was %#x at first", at, now[at / 4],
				peer->registers[at / 4]);
		}
	}
	ugvt_regfile_finish(&rows);
}

static void ggtt_check(struct ugvt_vfio_client *client)
{
	static uint64_t entries[UGVT_VFIO_DATA_MAX / 8];

	for (uint32_t at = 0; at < GGTT_BYTES; at += sizeof(entries)) {
		region_read(client, UGVT_PCI_BAR0, GGTT_OFFSET + at, entries, sizeof(entries));
		for (unsigned i = 0; i < UGVT_ARRAY_SIZE(entries); i++) {
			if (entries[i] != 0) {
				peer_fail("entry %#zx of the GGTT is left", at / 8 + (size_t)i);
			}
		}
	}
}

static void config_check(struct ugvt_vfio_client *client)
{
	uint16_t command, msi;
	uint32_t bars[6];

	region_read(client, UGVT_PCI_CONFIG, PCI_COMMAND, &command, sizeof(command));
	region_read(client, UGVT_PCI_CONFIG, 0xac + PCI_MSI_FLAGS, &msi, sizeof(msi));
	region_read(client, UGVT_PCI_CONFIG, PCI_BASE_ADDRESS_0, bars, sizeof(bars));
	if (command != 0 || (msi & PCI_MSI_FLAGS_ENABLE) != 0 || (bars[0] & ~0xfu) != 0 ||
		bars[1] != 0 || (bars[2] & ~0xfu) != 0 || bars[3] != 0) {
		peer_fail("configuration space: command %#x, MSI %#x, BARs %#x %#x %#x %#x",
			command, msi, bars[0], bars[1], bars[2], bars[3]);
	}
}

void peer_check_scrubbed(const struct peer *peer)
{
	struct ugvt_vfio_client client;

	client_connect(peer, &client);
	config_check(&client);
	registers_check(peer, &client);
	ggtt_check(&client);
	ugvt_vfio_client_close(&client);
}

void peer_wait_word(const volatile uint32_t *word, uint32_t value, const char *what)
{
	for (unsigned i = 0; __atomic_load_n(word, __ATOMIC_ACQUIRE) != value; i++) {
		if (i == WAIT_STEPS) {
			peer_fail("%s: %#x, expected %#x", what, *word, value);
		}
		step_sleep();
	}
}

void peer_check_works(const struct peer *peer, struct peer_size *size)
{
	struct driver_remote remote;
	struct driver *driver = &remote.driver;
	uint32_t *results, address;

	peer_connect(peer, &remote, WORKS_MEMORY);
	results = driver_alloc_ggtt(driver, 4096, &address);
	driver_irq_enable(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct driver_context context;

		driver_engine_init(driver, (enum ugvt_engine_id)id);
		driver_context_init(driver, &context, (enum ugvt_engine_id)id, 0);
		driver_emit_breadcrumb(&context, address + 4 * id, 0x600d + id);
		driver_submit(driver, &context, NULL);
	}
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		peer_wait_word(&results[id], 0x600d + id, ugvt_engines[id].name);
	}
	driver_remote_wait_irq(&remote);
	if (size) {
		*size = peer_measure(peer);
	}
	driver_remote_finish(&remote);
}

#define PTE_RW 3u
#define PDE_2M (1u << 7)
#define LARGE_PAGE (UINT64_C(2) << 20)

uint64_t peer_identity_map(struct driver *driver)
{
	uint64_t pml4_at, pdp_at, pd_at;
	uint64_t *pml4 = driver_alloc(driver, 4096, &pml4_at);
	uint64_t *pdp = driver_alloc(driver, 4096, &pdp_at);
	uint64_t *pd = driver_alloc(driver, 4096, &pd_at);

	pml4[0] = pdp_at | PTE_RW;
	pdp[0] = pd_at | PTE_RW;
	for (unsigned i = 0; i < 512; i++) {
		pd[i] = i * LARGE_PAGE | PDE_2M | PTE_RW;
	}
	return pml4_at;
}
