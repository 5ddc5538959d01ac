/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>

/*
 * usage: vulkan
 *
 * A Vulkan program that makes the Intel device, submits, and waits with all there is to wait with. Prints the device's name. Exit
 * status 0 if all is well.
 */

#define LONG_NS UINT64_C(60000000000)

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "vulkan: %s failed\n", what);
		exit(1);
	}
}

static VkInstance instance_create(void)
{
	const VkApplicationInfo application = {
		.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_2};
	const VkInstanceCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
	VkInstance instance;

	require(vkCreateInstance(&info, NULL, &instance) == VK_SUCCESS, "vkCreateInstance");
	return instance;
}

static VkPhysicalDevice physical_find(VkInstance instance)
{
	VkPhysicalDevice devices[8];
	VkPhysicalDeviceProperties properties;
	uint32_t count = 8;

	vkEnumeratePhysicalDevices(instance, &count, devices);
	for (uint32_t i = 0; i < count; i++) {
		vkGetPhysicalDeviceProperties(devices[i], &properties);
		if (properties.vendorID == 0x8086) {
			printf("%s\n", properties.deviceName);
			return devices[i];
		}
	}
	fprintf(stderr, "vulkan: there is no Intel device\n");
	exit(1);
}

static VkDevice device_create(VkPhysicalDevice physical)
{
	static const float priority = 1;
	const VkPhysicalDeviceTimelineSemaphoreFeatures timeline = {
		.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES,
		.timelineSemaphore = VK_TRUE,
	};
	const VkDeviceQueueCreateInfo queue = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
		.queueCount = 1,
		.pQueuePriorities = &priority,
	};
	const VkDeviceCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
		.pNext = &timeline,
		.queueCreateInfoCount = 1,
		.pQueueCreateInfos = &queue,
	};
	VkDevice device;

	require(vkCreateDevice(physical, &info, NULL, &device) == VK_SUCCESS, "vkCreateDevice");
	return device;
}

static VkSemaphore timeline_create(VkDevice device)
{
	const VkSemaphoreTypeCreateInfo type = {
		.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
		.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE,
	};
	const VkSemaphoreCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type};
	VkSemaphore semaphore;

	require(vkCreateSemaphore(device, &info, NULL, &semaphore) == VK_SUCCESS,
		"vkCreateSemaphore");
	return semaphore;
}

/* Sets an event, and writes a timestamp: both are the command streamer's work. */
static VkCommandBuffer commands_record(
	VkDevice device, VkCommandPool pool, VkQueryPool queries, VkEvent event)
{
	const VkCommandBufferAllocateInfo allocate = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
		.commandPool = pool,
		.commandBufferCount = 1,
	};
	const VkCommandBufferBeginInfo begin = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
	VkCommandBuffer commands;

	require(vkAllocateCommandBuffers(device, &allocate, &commands) == VK_SUCCESS,
		"vkAllocateCommandBuffers");
	vkBeginCommandBuffer(commands, &begin);
	vkCmdResetQueryPool(commands, queries, 0, 1);
	vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, queries, 0);
	vkCmdSetEvent(commands, event, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT);
	require(vkEndCommandBuffer(commands) == VK_SUCCESS, "vkEndCommandBuffer");
	return commands;
}

static void submit_and_wait(
	VkDevice device, VkQueue queue, VkCommandBuffer commands, VkSemaphore semaphore)
{
	static const uint64_t value = 5;
	const VkTimelineSemaphoreSubmitInfo timeline = {
		.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
		.signalSemaphoreValueCount = 1,
		.pSignalSemaphoreValues = &value,
	};
	const VkSubmitInfo submit = {
		.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
		.pNext = &timeline,
		.commandBufferCount = 1,
		.pCommandBuffers = &commands,
		.signalSemaphoreCount = 1,
		.pSignalSemaphores = &semaphore,
	};
	const VkSemaphoreWaitInfo wait = {
		.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
		.semaphoreCount = 1,
		.pSemaphores = &semaphore,
		.pValues = &value,
	};
	const VkFenceCreateInfo fence_info = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
	VkFence fence;

	require(vkCreateFence(device, &fence_info, NULL, &fence) == VK_SUCCESS, "vkCreateFence");
	require(vkQueueSubmit(queue, 1, &submit, fence) == VK_SUCCESS, "vkQueueSubmit");
	require(vkWaitForFences(device, 1, &fence, VK_TRUE, LONG_NS) == VK_SUCCESS,
		"vkWaitForFences");
	require(vkWaitSemaphores(device, &wait, LONG_NS) == VK_SUCCESS, "vkWaitSemaphores");
	require(vkQueueWaitIdle(queue) == VK_SUCCESS, "vkQueueWaitIdle");
	vkDestroyFence(device, fence, NULL);
}

int main(void)
{
	const VkCommandPoolCreateInfo pool_info = {
		.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
	const VkQueryPoolCreateInfo query_info = {
		.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
		.queryType = VK_QUERY_TYPE_TIMESTAMP,
		.queryCount = 1,
	};
	const VkEventCreateInfo event_info = {.sType = VK_STRUCTURE_TYPE_EVENT_CREATE_INFO};
	VkInstance instance = instance_create();
	VkPhysicalDevice physical = physical_find(instance);
	VkDevice device = device_create(physical);
	VkSemaphore semaphore = timeline_create(device);
	VkCommandPool pool;
	VkQueryPool queries;
	VkEvent event;
	VkQueue queue;
	uint64_t stamp = 0;

	vkGetDeviceQueue(device, 0, 0, &queue);
	require(vkCreateCommandPool(device, &pool_info, NULL, &pool) == VK_SUCCESS,
		"vkCreateCommandPool");
	require(vkCreateQueryPool(device, &query_info, NULL, &queries) == VK_SUCCESS,
		"vkCreateQueryPool");
	require(vkCreateEvent(device, &event_info, NULL, &event) == VK_SUCCESS, "vkCreateEvent");
	submit_and_wait(device, queue, commands_record(device, pool, queries, event), semaphore);
	require(vkGetEventStatus(device, event) == VK_EVENT_SET, "setting the event");
	require(vkGetQueryPoolResults(device, queries, 0, 1, sizeof(stamp), &stamp, sizeof(stamp),
			VK_QUERY_RESULT_64_BIT) == VK_SUCCESS &&
			stamp > 0,
		"the timestamp");
	vkDestroyEvent(device, event, NULL);
	vkDestroyQueryPool(device, queries, NULL);
	vkDestroyCommandPool(device, pool, NULL);
	vkDestroySemaphore(device, semaphore, NULL);
	vkDestroyDevice(device, NULL);
	vkDestroyInstance(instance, NULL);
	return 0;
}
