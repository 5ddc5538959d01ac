/* SPDX-License-Identifier: MIT */
#include "tests/worker/hostile.h"

#include <linux/pci_regs.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "gen/commands.h"
#include "gen/gt.h"
#include "gen/hooks_display.h"
#include "gpu/regs/regfile.h"

#define MEMORY (32u << 20)
#define BATCH_DWORDS 4096u
#define GGTT_OFFSET (8u << 20)
#define GGTT_ENTRIES (1u << 20)
#define APERTURE (128u << 20)
#define PIPES 3

/* Memory that the client can take away while it is shared, and behind it some that the device may only read. */
#define LOOSE_GPA (UINT64_C(1) << 28)
#define LOOSE_SIZE (2u << 20)

#define MI_BATCH_BUFFER_START (0x31u << 23 | 1)
#define START_PPGTT (1u << 8)
#define MI_BATCH_BUFFER_END (0x0au << 23)

struct hostile {
	const struct peer *peer;
	uint64_t random;
	struct driver_remote remote;
	struct driver_context contexts[UGVT_ENGINE_COUNT];
	uint64_t tables; // guest physical address of the page tables
	uint32_t *batch;
	uint32_t batch_address; // in the GGTT
	uint64_t batch_gpa;     // and so in the PPGTT
	int loose_fd;
};

static uint32_t any(struct hostile *h)
{
	return peer_random(&h->random);
}

static uint32_t below(struct hostile *h, uint32_t limit)
{
	return any(h) % limit;
}

static enum ugvt_engine_id any_engine(struct hostile *h)
{
	return (enum ugvt_engine_id)below(h, UGVT_ENGINE_COUNT);
}

/* Often something that is there. */
static uint32_t any_address(struct hostile *h)
{
	switch (below(h, 4)) {
	case 0: return h->batch_address + below(h, BATCH_DWORDS) * 4;
	case 1: return (1u << 20) + below(h, h->remote.driver.used) / 4 * 4;
	case 2: return (uint32_t)LOOSE_GPA + below(h, 2 * LOOSE_SIZE);
	default: return any(h);
	}
}

static uint32_t any_register(struct hostile *h)
{
	switch (below(h, 4)) {
	case 0: return ugvt_engines[any_engine(h)].base + below(h, 0x800) / 4 * 4;
	case 1: return 0x40000 + below(h, 0x40000) / 4 * 4;
	case 2: return 0xc0000 + below(h, 0x8000) / 4 * 4;
	default: return below(h, UGVT_MMIO_SIZE) / 4 * 4;
	}
}

static void loose_share(struct hostile *h)
{
	struct ugvt_vfio_client_memory map = {
		.address = LOOSE_GPA + LOOSE_SIZE,
		.size = LOOSE_SIZE,
		.fd = h->remote.memory_fd,
		.flags = VFIO_DMA_MAP_FLAG_READ,
	};

	ugvt_vfio_client_map(&h->remote.client, &map);
	h->loose_fd = memfd_create("loose", MFD_CLOEXEC);
	if (h->loose_fd < 0 || ftruncate(h->loose_fd, LOOSE_SIZE) < 0) {
		peer_fail("no memory to share");
	}
	map.fd = h->loose_fd;
	map.address = LOOSE_GPA;
	map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
	ugvt_vfio_client_map(&h->remote.client, &map);
	driver_ggtt_map(&h->remote.driver, (uint32_t)LOOSE_GPA, LOOSE_GPA, 2 * LOOSE_SIZE);
}

static void client_start(struct hostile *h)
{
	struct driver *driver = &h->remote.driver;

	peer_connect(h->peer, &h->remote, MEMORY);
	driver_irq_enable(driver);
	h->tables = peer_identity_map(driver);
	h->batch_gpa = driver->used;
	h->batch = driver_alloc_ggtt(driver, BATCH_DWORDS * 4, &h->batch_address);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
		driver_context_init(driver, &h->contexts[id], (enum ugvt_engine_id)id, h->tables);
	}
	loose_share(h);
}

static void client_end(struct hostile *h)
{
	close(h->loose_fd);
	driver_remote_finish(&h->remote);
}

static bool client_is_lost(struct hostile *h)
{
	struct ugvt_vfio_access access = {0, UGVT_PCI_CONFIG, 4};
	uint32_t id;

	return ugvt_vfio_client_read(&h->remote.client, &access, &id) < 0;
}

static void submit(struct hostile *h, struct driver_context *context)
{
	driver_submit(&h->remote.driver, context, NULL);
}

static void do_breadcrumb(struct hostile *h)
{
	struct driver_context *context = &h->contexts[any_engine(h)];

	driver_emit_breadcrumb(context, h->batch_address, any(h));
	submit(h, context);
}

static void do_register(struct hostile *h)
{
	driver_write(&h->remote.driver, any_register(h), any(h));
}

static void do_interrupt_registers(struct hostile *h)
{
	driver_write(&h->remote.driver, 0x44200 + below(h, 0x300) / 4 * 4, any(h));
	driver_irq_handle(&h->remote.driver);
}

/* A picture of some kind, from somewhere. */
static void do_display(struct hostile *h)
{
	struct driver *driver = &h->remote.driver;
	unsigned pipe = below(h, PIPES), plane = below(h, 3);

	driver_write(driver, UGVT_PIPESRC(pipe), any(h));
	driver_write(driver, UGVT_TRANS_HTOTAL(pipe), any(h));
	driver_write(driver, UGVT_TRANS_VTOTAL(pipe), any(h));
	driver_write(driver, UGVT_PIPECONF(pipe), any(h) | 1u << 31);
	driver_write(driver, UGVT_PLANE_CTL(pipe, plane),
		1u << 31 | (any(h) & 0x01100031) | below(h, 8) << 25 | below(h, 5) << 10);
	driver_write(driver, UGVT_PLANE_STRIDE(pipe, plane), below(h, 0x400));
	driver_write(driver, UGVT_PLANE_POS(pipe, plane), any(h));
	driver_write(driver, UGVT_PLANE_SIZE(pipe, plane), any(h));
	driver_write(driver, UGVT_PLANE_OFFSET(pipe, plane), any(h));
	driver_write(driver, UGVT_PLANE_SURF(pipe, plane), any_address(h));
	driver_write(driver, UGVT_CUR_CTL(pipe), 0x22 + below(h, 6));
	driver_write(driver, UGVT_CUR_POS(pipe), any(h));
	driver_write(driver, UGVT_CUR_BASE(pipe), any_address(h));
	driver_write(driver, 0x44404 + 0x10 * pipe, any(h)); // IMR
	driver_write(driver, 0x4440c + 0x10 * pipe, any(h)); // IER
}

static void do_reset_register(struct hostile *h)
{
	uint32_t base = ugvt_engines[any_engine(h)].base;

	switch (below(h, 3)) {
	case 0: driver_write(&h->remote.driver, UGVT_GDRST, 1u << below(h, 8)); break;
	case 1: driver_write(&h->remote.driver, base + 0x9c, 0x01000000 | below(h, 2) << 8); break;
	default: driver_write(&h->remote.driver, base + 0xd0, 0x00010000 | below(h, 2)); break;
	}
}

static void do_elsp(struct hostile *h)
{
	uint32_t elsp = ugvt_engines[any_engine(h)].base + 0x230;

	for (unsigned n = below(h, 9); n > 0; n--) {
		uint32_t image = h->contexts[any_engine(h)].image;

		driver_write(&h->remote.driver, elsp, below(h, 2) ? image | 0x19 : any(h));
	}
}

static void do_read(struct hostile *h)
{
	static uint8_t data[UGVT_VFIO_DATA_MAX];
	struct ugvt_vfio_access access = {
		below(h, 16u << 20), below(h, 10), 1 + below(h, UGVT_VFIO_DATA_MAX)};

	ugvt_vfio_client_read(&h->remote.client, &access, data);
}

static void do_config(struct hostile *h)
{
	struct driver_bus *bus = h->remote.driver.bus;
	uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	uint32_t value = any(h);

	bus->impl->write(bus, UGVT_PCI_CONFIG, below(h, 0x100 - 4), &value, 1 + below(h, 4));
	if (below(h, 4) != 0) {
		bus->impl->write(bus, UGVT_PCI_CONFIG, PCI_COMMAND, &command, sizeof(command));
	}
}

static void do_aperture(struct hostile *h)
{
	struct driver_bus *bus = h->remote.driver.bus;
	uint8_t data[512];

	memset(data, (int)any(h), sizeof(data));
	if (below(h, 2)) {
		driver_write(
			&h->remote.driver, UGVT_FENCE_LO + below(h, 8) * 4, any_address(h) | 1);
	}
	bus->impl->write(bus, UGVT_PCI_BAR2, any_address(h) % (APERTURE - sizeof(data)), data,
		1 + below(h, sizeof(data)));
}

static void do_ggtt(struct hostile *h)
{
	struct ugvt_vfio_write writes[100];
	uint32_t first = below(h, 2) ? below(h, GGTT_ENTRIES) : below(h, 0x2000);
	unsigned n = 1 + below(h, UGVT_ARRAY_SIZE(writes));

	for (unsigned i = 0; i < n; i++) {
		uint64_t entry = (any_address(h) & ~0xfffu) | (any(h) & 3);

		writes[i] = (struct ugvt_vfio_write){
			.access = {GGTT_OFFSET + (first + i) % GGTT_ENTRIES * 8, UGVT_PCI_BAR0, 8}};
		memcpy(writes[i].data, &entry, sizeof(entry));
	}
	ugvt_vfio_client_post_multi(&h->remote.client, writes, n);
}

static void do_page_tables(struct hostile *h)
{
	uint64_t *tables = (uint64_t *)(h->remote.driver.memory + h->tables);

	for (unsigned n = below(h, 16); n > 0; n--) {
		tables[below(h, 3 * 512)] = (any_address(h) & ~0xfffu) | (any(h) & 0x883);
	}
}

static bool is_for(const struct ugvt_command *row, enum ugvt_engine_id engine)
{
	return row->engines & (1u << engine);
}

/* A command that the engine takes, mostly one of those that all have: they are the first rows. */
static const struct ugvt_command *any_command(struct hostile *h, enum ugvt_engine_id engine)
{
	uint32_t limit = below(h, 3) ? UGVT_MIN((uint32_t)ugvt_command_count, 60u)
				     : (uint32_t)ugvt_command_count;
	const struct ugvt_command *row;

	do {
		row = &ugvt_commands[below(h, limit)];
	} while (!is_for(row, engine));
	return row;
}

/* Some command, and whatever behind it. */
static unsigned command_put(
	struct hostile *h, enum ugvt_engine_id engine, uint32_t *dw, unsigned room)
{
	const struct ugvt_command *row = any_command(h, engine);
	uint32_t header = row->header;
	unsigned length;

	header |= any(h) & ~row->mask & ~(uint32_t)row->length_mask;
	header |= (below(h, 8) ? below(h, 12) : any(h)) & row->length_mask;
	length = UGVT_MIN(ugvt_command_length(row, header), room);
	dw[0] = header;
	for (unsigned i = 1; i < length; i++) {
		dw[i] = below(h, 2) ? any_address(h) : below(h, 2) ? any_register(h) : below(h, 4);
	}
	return length;
}

static void do_batch(struct hostile *h)
{
	struct driver_context *context = &h->contexts[any_engine(h)];
	bool ppgtt = below(h, 2);
	unsigned n = 0, max = 1 + below(h, BATCH_DWORDS - 1);
	uint32_t start[4] = {MI_BATCH_BUFFER_START, h->batch_address};

	while (n < max - 1) {
		n += command_put(h, context->engine, h->batch + n, max - 1 - n);
	}
	h->batch[n] = MI_BATCH_BUFFER_END;
	if (ppgtt) {
		start[0] |= START_PPGTT;
		start[1] = (uint32_t)h->batch_gpa;
	}
	driver_emit(context, start, UGVT_ARRAY_SIZE(start));
	submit(h, context);
}

static void do_image(struct hostile *h)
{
	struct driver_context *context = &h->contexts[any_engine(h)];
	unsigned dwords = (ugvt_engines[context->engine].context_pages - 1) * 1024;

	for (unsigned n = below(h, 64); n > 0; n--) {
		context->state[below(h, 2) ? below(h, dwords) : below(h, 0x50)] =
			below(h, 2) ? any(h) : any_address(h);
	}
	submit(h, context);
}

static void do_ring(struct hostile *h)
{
	struct driver_context *context = &h->contexts[any_engine(h)];

	command_put(h, context->engine, context->ring_host, DRIVER_RING_SIZE / 4);
	context->tail = below(h, 2) ? 0 : below(h, DRIVER_RING_SIZE) / 8 * 8;
	submit(h, context);
}

/* The image as the driver first made it. */
static void do_new_context(struct hostile *h)
{
	client_end(h);
	client_start(h);
}

static void do_map(struct hostile *h)
{
	struct ugvt_vfio_client_memory map = {
		.address = (uint64_t)below(h, 1u << 20) << 12,
		.size = (uint64_t)(1 + below(h, 1024)) << 12,
		.offset = (uint64_t)below(h, 1024) << 12,
		.fd = below(h, 2)   ? h->remote.memory_fd
		      : below(h, 2) ? h->loose_fd
				    : -1,
		.flags = 1 + below(h, 3),
	};

	ugvt_vfio_client_map(&h->remote.client, &map);
	if (below(h, 2)) {
		ugvt_vfio_client_unmap(&h->remote.client, map.address, map.size);
	}
}

/* Under whatever runs. */
static void do_unmap(struct hostile *h)
{
	struct ugvt_vfio_client_memory map = {
		.size = MEMORY,
		.fd = h->remote.memory_fd,
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
	};

	ugvt_vfio_client_unmap(&h->remote.client, 0, MEMORY);
	ugvt_vfio_client_map(&h->remote.client, &map);
}

/* Reads and writes of some pages on both sides of where memory begins that may only be read. */
static void do_blits(struct hostile *h)
{
	struct driver_context *context = &h->contexts[UGVT_BCS];
	const uint32_t at = (uint32_t)LOOSE_GPA + LOOSE_SIZE;

	for (unsigned n = 1 + below(h, 12); n > 0; n--) {
		uint32_t size = 1u << 16 | (1 + below(h, 0x7fff)); // one row
		uint32_t dst = at - (below(h, 8) << 12), src = at - (below(h, 8) << 12);
		const uint32_t fill[] = {
			2u << 29 | 0x50u << 22 | 5, 0xf0u << 16, 0, size, dst, 0, 0, 0};
		const uint32_t copy[] = {
			2u << 29 | 0x53u << 22 | 8, 0xccu << 16, 0, size, dst, 0, 0, 0, src, 0};

		if (below(h, 2)) {
			driver_emit(context, fill, UGVT_ARRAY_SIZE(fill));
		} else {
			driver_emit(context, copy, UGVT_ARRAY_SIZE(copy));
		}
	}
	submit(h, context);
}

/* A blit into memory that is being taken away. */
static void do_truncate(struct hostile *h)
{
	const uint32_t blit[] = {2u << 29 | 0x50u << 22 | 3u << 20 | 5,
		3u << 24 | 0xf0u << 16 | 4096, 0, LOOSE_SIZE / 4096 << 16 | 1024,
		(uint32_t)LOOSE_GPA, 0, 0, 0};

	driver_emit(&h->contexts[UGVT_BCS], blit, UGVT_ARRAY_SIZE(blit));
	submit(h, &h->contexts[UGVT_BCS]);
	if (ftruncate(h->loose_fd, below(h, LOOSE_SIZE / 4096) * 4096L) < 0 ||
		(below(h, 2) && ftruncate(h->loose_fd, LOOSE_SIZE) < 0)) {
		peer_fail("a memfd can't be made shorter");
	}
}

static void do_device_reset(struct hostile *h)
{
	ugvt_vfio_client_reset(&h->remote.client);
}

static void do_irqs(struct hostile *h)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct ugvt_vfio_client_irqs irqs = {
		.index = below(h, 6),
		.flags = 1u << below(h, 3) | 8u << below(h, 3),
		.start = below(h, 2),
		.count = below(h, 3),
		.fds = &fd,
		.n_fds = below(h, 2),
	};

	if (!(irqs.flags & VFIO_IRQ_SET_DATA_BOOL)) {
		ugvt_vfio_client_set_irqs(&h->remote.client, &irqs);
	}
	close(fd);
}

static void do_garbage(struct hostile *h)
{
	uint32_t garbage[64];

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(garbage); i++) {
		garbage[i] = any(h);
	}
	/* A header that is right so far as it goes. */
	garbage[0] = (any(h) & 0xffff) | below(h, 20) << 16;
	garbage[1] = 16 + below(h, 200);
	garbage[2] = below(h, 2) << 4;
	send(h->remote.client.fd, garbage, 1 + below(h, sizeof(garbage)), MSG_NOSIGNAL);
	client_end(h);
	client_start(h);
}

static const struct {
	unsigned weight;
	void (*run)(struct hostile *h);
} steps[] = {
	{20, do_breadcrumb},
	{20, do_batch},
	{10, do_register},
	{8, do_interrupt_registers},
	{8, do_reset_register},
	{6, do_display},
	{4, do_elsp},
	{4, do_read},
	{4, do_config},
	{8, do_aperture},
	{8, do_ggtt},
	{4, do_page_tables},
	{4, do_image},
	{4, do_ring},
	{8, do_new_context},
	{6, do_map},
	{4, do_unmap},
	{6, do_blits},
	{4, do_truncate},
	{1, do_device_reset},
	{3, do_irqs},
	{1, do_garbage},
};

static void step(struct hostile *h)
{
	unsigned total = 0, i = 0;
	uint32_t choice;

	for (size_t k = 0; k < UGVT_ARRAY_SIZE(steps); k++) {
		total += steps[k].weight;
	}
	for (choice = below(h, total); choice >= steps[i].weight; i++) {
		choice -= steps[i].weight;
	}
	steps[i].run(h);
}

void hostile_run(const struct peer *peer, uint64_t seed, unsigned count)
{
	struct hostile h = {.peer = peer, .random = seed};

	client_start(&h);
	for (unsigned i = 0; i < count; i++) {
		step(&h);
		if (client_is_lost(&h)) {
			client_end(&h);
			client_start(&h);
		}
	}
	client_end(&h);
}
