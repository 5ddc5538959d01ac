/* SPDX-License-Identifier: MIT */
#include "tests/driver/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"

#define CONFIG_MSI_FLAGS (0xac + 2)

static void remote_read(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	void *data, size_t size)
{
	struct driver_remote *remote = ugvt_container_of(bus, struct driver_remote, bus);
	struct ugvt_vfio_access access = {offset, region, (uint32_t)size};

	ugvt_vfio_client_read(&remote->client, &access, data);
}

/* As QEMU does: memory writes are posted, configuration writes are not. */
static void remote_write(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	const void *data, size_t size)
{
	struct driver_remote *remote = ugvt_container_of(bus, struct driver_remote, bus);
	struct ugvt_vfio_access access = {offset, region, (uint32_t)size};

	if (region == UGVT_PCI_CONFIG) {
		ugvt_vfio_client_write(&remote->client, &access, data);
	} else {
		ugvt_vfio_client_post(&remote->client, &access, data);
	}
}

static const struct driver_bus_impl remote_impl = {.read = remote_read, .write = remote_write};

static int memory_init(struct driver_remote *remote)
{
	struct ugvt_vfio_client_memory map = {
		.size = remote->size, .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE};

	remote->memory_fd = memfd_create("guest", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (remote->memory_fd < 0 || ftruncate(remote->memory_fd, (off_t)remote->size) < 0 ||
		fcntl(remote->memory_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0) {
		return -errno;
	}
	remote->memory =
		mmap(NULL, remote->size, PROT_READ | PROT_WRITE, MAP_SHARED, remote->memory_fd, 0);
	if (remote->memory == MAP_FAILED) {
		return -errno;
	}
	map.fd = remote->memory_fd;
	return ugvt_vfio_client_map(&remote->client, &map);
}

static int irq_init(struct driver_remote *remote)
{
	struct ugvt_vfio_client_irqs irqs = {
		.index = VFIO_PCI_MSI_IRQ_INDEX,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		.count = 1,
		.fds = &remote->irq_fd,
		.n_fds = 1,
	};
	uint16_t enable = 1;

	remote->irq_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (remote->irq_fd < 0) {
		return -errno;
	}
	remote_write(&remote->bus, UGVT_PCI_CONFIG, CONFIG_MSI_FLAGS, &enable, sizeof(enable));
	return ugvt_vfio_client_set_irqs(&remote->client, &irqs);
}

int driver_remote_init(struct driver_remote *remote, const char *path, int fd, uint64_t size)
{
	int ret;

	*remote = (struct driver_remote){
		.bus.impl = &remote_impl, .size = size, .memory_fd = -1, .irq_fd = -1};
	ret = path ? ugvt_vfio_client_connect(&remote->client, path)
		   : ugvt_vfio_client_attach(&remote->client, fd);
	if (ret < 0) {
		return ret;
	}
	ret = memory_init(remote);
	if (ret == 0) {
		ret = irq_init(remote);
	}
	if (ret < 0) {
		driver_remote_finish(remote);
		return ret;
	}
	driver_init(&remote->driver, &remote->bus, remote->memory, size);
	return 0;
}

void driver_remote_finish(struct driver_remote *remote)
{
	ugvt_vfio_client_close(&remote->client);
	if (remote->memory && remote->memory != MAP_FAILED) {
		munmap(remote->memory, remote->size);
	}
	if (remote->memory_fd >= 0) {
		close(remote->memory_fd);
	}
	if (remote->irq_fd >= 0) {
		close(remote->irq_fd);
	}
}

void driver_remote_wait_irq(struct driver_remote *remote)
{
	struct pollfd pfd = {.fd = remote->irq_fd, .events = POLLIN};
	uint64_t count;

	/* The server shares the file description and has made it non-blocking. */
	do {
		poll(&pfd, 1, -1);
	} while (read(remote->irq_fd, &count, sizeof(count)) < 0);
}
