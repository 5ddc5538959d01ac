/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "vfio-user/session.h"

#define INFO_SIZE_MAX 64 // the kernel's info structs grow at their end

static int handle_version(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	int ret;

	if (session->greeted) {
		return -EINVAL;
	}
	ret = ugvt_vfio_version_parse(message->payload, message->size, &session->caps);
	if (ret < 0) {
		return ret;
	}
	session->greeted = true;
	return ugvt_vfio_version_build(session->channel.reply.payload,
		sizeof(session->channel.reply.payload), &session->caps, session->config.max_maps);
}

static int handle_dma_map(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_dma_map map;

	memcpy(&map, message->payload, sizeof(map));
	if (message->n_fds > 1) {
		return -EINVAL;
	}
	return ugvt_vfio_dma_map(&session->dma, &map, message->n_fds == 1 ? message->fds[0] : -1);
}

static int handle_dma_unmap(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_dma_unmap unmap;
	int ret;

	memcpy(&unmap, message->payload, sizeof(unmap));
	if (unmap.argsz < sizeof(unmap) || unmap.flags != 0) {
		return -EINVAL;
	}
	ret = ugvt_vfio_dma_unmap(&session->dma, unmap.address, unmap.size);
	if (ret < 0) {
		return ret;
	}
	unmap.argsz = sizeof(unmap);
	memcpy(session->channel.reply.payload, &unmap, sizeof(unmap));
	return sizeof(unmap);
}

static int handle_set_irqs(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	struct ugvt_vfio_irq_data data = {
		.bools = message->payload + sizeof(struct vfio_irq_set),
		.fds = message->fds,
		.n_fds = message->n_fds,
	};
	size_t data_size = message->size - sizeof(struct vfio_irq_set);
	struct vfio_irq_set set;

	memcpy(&set, message->payload, sizeof(set));
	if (data_size != (set.flags & VFIO_IRQ_SET_DATA_BOOL ? set.count : 0)) {
		return -EINVAL;
	}
	return ugvt_vfio_irqs_set(&session->irqs, &set, &data);
}

static int handle_reset(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	session->dev->impl->reset(session->dev, UGVT_PCI_RESET_CLIENT);
	return 0;
}

/* Every length and the mere presence of fds is checked by this table, before any handler. Commands without
 * a handler are those of the protocol that we don't offer. */
static const struct command {
	const char *name;
	ugvt_vfio_handler *handle;
	uint32_t size_min, size_max; // of the payload
	bool takes_fds;
	bool may_wait; // for others to let go of guest memory
} commands[UGVT_VFIO_COMMAND_COUNT] = {
	[UGVT_VFIO_VERSION] = {"VERSION", handle_version, sizeof(struct ugvt_vfio_version),
		UGVT_VFIO_PAYLOAD_MAX},
	[UGVT_VFIO_DMA_MAP] = {"DMA_MAP", handle_dma_map, sizeof(struct ugvt_vfio_dma_map),
		sizeof(struct ugvt_vfio_dma_map), .takes_fds = true, .may_wait = true},
	[UGVT_VFIO_DMA_UNMAP] = {"DMA_UNMAP", handle_dma_unmap, sizeof(struct ugvt_vfio_dma_unmap),
		sizeof(struct ugvt_vfio_dma_unmap), .may_wait = true},
	[UGVT_VFIO_GET_INFO] = {"DEVICE_GET_INFO", ugvt_vfio_handle_device_info,
		sizeof(struct ugvt_vfio_device_info), INFO_SIZE_MAX},
	[UGVT_VFIO_GET_REGION_INFO] = {"DEVICE_GET_REGION_INFO", ugvt_vfio_handle_region_info,
		sizeof(struct vfio_region_info), INFO_SIZE_MAX},
	[UGVT_VFIO_GET_REGION_IO_FDS] = {"DEVICE_GET_REGION_IO_FDS"},
	[UGVT_VFIO_GET_IRQ_INFO] = {"DEVICE_GET_IRQ_INFO", ugvt_vfio_handle_irq_info,
		sizeof(struct vfio_irq_info), INFO_SIZE_MAX},
	[UGVT_VFIO_SET_IRQS] = {"DEVICE_SET_IRQS", handle_set_irqs, sizeof(struct vfio_irq_set),
		sizeof(struct vfio_irq_set) + UGVT_VFIO_VECTORS_MAX, .takes_fds = true},
	[UGVT_VFIO_REGION_READ] = {"REGION_READ", ugvt_vfio_handle_region_read,
		sizeof(struct ugvt_vfio_access), sizeof(struct ugvt_vfio_access)},
	[UGVT_VFIO_REGION_WRITE] = {"REGION_WRITE", ugvt_vfio_handle_region_write,
		sizeof(struct ugvt_vfio_access), UGVT_VFIO_PAYLOAD_MAX},
	[UGVT_VFIO_DMA_READ] = {"DMA_READ"},
	[UGVT_VFIO_DMA_WRITE] = {"DMA_WRITE"},
	[UGVT_VFIO_RESET] = {"DEVICE_RESET", handle_reset, .may_wait = true},
	[UGVT_VFIO_REGION_WRITE_MULTI] = {"REGION_WRITE_MULTI", ugvt_vfio_handle_region_write_multi,
		sizeof(uint64_t), UGVT_VFIO_PAYLOAD_MAX},
	[UGVT_VFIO_FEATURE] = {"DEVICE_FEATURE"},
	[UGVT_VFIO_MIG_DATA_READ] = {"MIG_DATA_READ"},
	[UGVT_VFIO_MIG_DATA_WRITE] = {"MIG_DATA_WRITE"},
};

static const struct command *command_find(uint16_t number)
{
	static const struct command unknown = {"unknown command"};

	if (number >= UGVT_ARRAY_SIZE(commands) || !commands[number].name) {
		return &unknown;
	}
	return &commands[number];
}

static int command_run(const struct command *command, struct ugvt_vfio_session *session,
	struct ugvt_vfio_message *message)
{
	if (message->header.flags & ~UGVT_VFIO_NO_REPLY) {
		return -EINVAL;
	}
	if (!command->handle) {
		return -ENOTSUP;
	}
	if (message->size < command->size_min || message->size > command->size_max ||
		(message->n_fds > 0 && !command->takes_fds)) {
		return -EINVAL;
	}
	return command->handle(session, message);
}

/* A client that has given up on a reply takes it for the next one's: better to end it than to be late. */
static int command_run_timed(const struct command *command, struct ugvt_vfio_session *session,
	struct ugvt_vfio_message *message)
{
	uint64_t start = ugvt_clock_ns();
	int ret = command_run(command, session, message);
	uint64_t took = ugvt_clock_ns() - start;

	if (took > session->config.reply_ms * UGVT_NS_PER_MS) {
		ugvt_warn("vfio-user: %s took %llu ms: closing the connection", command->name,
			(unsigned long long)(took / UGVT_NS_PER_MS));
		session->closing = true;
	}
	return ret;
}

static void request_reply(
	struct ugvt_vfio_session *session, struct ugvt_vfio_message *message, int ret)
{
	if (ret < 0) {
		ugvt_vfio_count(&session->counters.errors, 1);
		ugvt_guest_log(&session->noise, "vfio-user: %s refused: %s",
			command_find(message->header.command)->name, strerror(-ret));
	}
	if (!(message->header.flags & UGVT_VFIO_NO_REPLY) &&
		ugvt_vfio_channel_reply(&session->channel, message, ret) < 0) {
		session->closing = true;
	}
}

void ugvt_vfio_request_run(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	const struct command *command = command_find(message->header.command);
	bool refused = (message->header.flags & UGVT_VFIO_TYPE_MASK) != UGVT_VFIO_TYPE_COMMAND ||
		       (!session->greeted && message->header.command != UGVT_VFIO_VERSION);
	int ret = -EINVAL;

	ugvt_vfio_count(&session->counters.messages, 1);
	if (!refused) {
		ret = command->may_wait ? command_run_timed(command, session, message)
					: command_run(command, session, message);
	}
	ugvt_vfio_message_finish(message);
	if (!session->closing) {
		request_reply(session, message, ret);
	}
	/* A first message that isn't a good VERSION ends it, as does what isn't a request at all. */
	if (refused || !session->greeted) {
		session->closing = true;
	}
}

void ugvt_vfio_request_refuse(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message)
{
	ugvt_vfio_count(&session->counters.messages, 1);
	request_reply(session, message, -EMSGSIZE);
	session->closing = true;
}
