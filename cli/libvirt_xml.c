/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli/guest.h"
#include "control/message.h"
#include "control/uuid.h"

/* Root ports for other devices, in one slot. Without them libvirt makes its own, and slot 2 is one of its first choices. */
#define PORTS 8
#define PORTS_SLOT 4

static const char head[] =
	"<!-- A virtual machine with vGPU %s, for libvirt: a start to edit, or to take parts from.\n"
	"\n"
	"     To give the vGPU to a machine that there is (virsh edit), take over:\n"
	"      1. the attribute xmlns:qemu of <domain>;\n"
	"      2. <memoryBacking>: the vGPU reaches memory only if it is shared;\n"
	"      3. <video>, in the place of all others, and no <graphics>;\n"
	"      4. <qemu:commandline>, right before </domain>.\n"
	"     The vGPU is in slot 2 of bus 0: nothing else may have that address. If libvirt has put a\n"
	"     pcie-root-port there, give its <address> another slot, as here. The machine is a q35.\n"
	"\n"
	"     libvirt knows no vfio-user devices yet, hence qemu:commandline (domains show as tainted).\n"
	"     QEMU is 10.1 or newer, and has to be allowed to connect to the socket below: see the section\n"
	"     on libvirt of the user guide. Live migration and snapshots do not work. -->\n";

/* For an attribute in single quotes. */
static void escaped_print(const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': fputs("&amp;", stdout); break;
		case '<': fputs("&lt;", stdout); break;
		case '>': fputs("&gt;", stdout); break;
		case '\'': fputs("&apos;", stdout); break;
		default: putchar(*text);
		}
	}
}

static void memory_print(const char *size)
{
	size_t digits = strspn(size, "0123456789");
	char unit = (char)(size[digits] ? toupper((unsigned char)size[digits]) : 'M');

	printf("  <memory unit='%ciB'>%.*s</memory>\n", unit, (int)digits, size);
}

static void machine_print(const char *uuid, const char *memory)
{
	printf("<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
	       "  <name>ugvt-%.8s</name>\n",
		uuid);
	memory_print(memory);
	puts("  <memoryBacking>\n"
	     "    <source type='memfd'/>\n"
	     "    <access mode='shared'/>\n"
	     "  </memoryBacking>\n"
	     "  <vcpu>2</vcpu>\n"
	     "  <os>\n"
	     "    <type arch='x86_64' machine='q35'>hvm</type>\n"
	     "  </os>\n"
	     "  <features>\n"
	     "    <acpi/>\n"
	     "    <apic/>\n"
	     "  </features>\n"
	     "  <cpu mode='host-passthrough'/>");
}

static void devices_print(void)
{
	puts("  <devices>\n"
	     "    <!-- Add disks and networks here; they go to these ports. -->\n"
	     "    <controller type='pci' index='0' model='pcie-root'/>");
	for (int i = 0; i < PORTS; i++) {
		printf("    <controller type='pci' index='%d' model='pcie-root-port'>\n"
		       "      <address type='pci' domain='0x0000' bus='0x00' slot='0x%02x' function='0x%x'%s/>\n"
		       "    </controller>\n",
			i + 1, PORTS_SLOT, i, i == 0 ? " multifunction='on'" : "");
	}
	puts("    <serial type='pty'/>\n"
	     "    <video>\n"
	     "      <model type='none'/>\n"
	     "    </video>\n"
	     "  </devices>");
}

static void command_line_print(const char *socket_path)
{
	struct json_object *device = ugvt_guest_device(socket_path);

	fputs("  <qemu:commandline>\n"
	      "    <qemu:arg value='-device'/>\n"
	      "    <qemu:arg value='",
		stdout);
	escaped_print(ugvt_message_line(device));
	puts("'/>\n"
	     "  </qemu:commandline>\n"
	     "</domain>");
	json_object_put(device);
}

static int libvirt_xml_run(struct ugvt_cli *cli)
{
	const char *text = NULL, *memory = "1G";
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &text},
		{'m', "memory", "SIZE", "of the virtual machine, as QEMU's -m; default 1G",
			.value = &memory},
		{0},
	};
	struct ugvt_client_reply reply;
	struct ugvt_failure failure;
	struct ugvt_uuid uuid;
	const char *path;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &text)) {
		return cli->status;
	}
	if (!ugvt_guest_memory_check(memory, &failure) || !ugvt_uuid_read(&uuid, text, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	path = ugvt_guest_socket(cli, uuid.text, &reply);
	if (!path) {
		return cli->status;
	}
	printf(head, uuid.text);
	machine_print(uuid.text, memory);
	devices_print();
	command_line_print(path);
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_libvirt_xml = {
	.name = "libvirt-xml",
	.synopsis = "[-u] UUID [-m SIZE]",
	.summary = "Print a libvirt domain for a virtual machine with a vGPU",
	.description =
		"The comment at its start tells which parts to take into a domain that there is.",
	.run = libvirt_xml_run,
};
