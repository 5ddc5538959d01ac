/* SPDX-License-Identifier: MIT */
#include "worker/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"

/*
 * Three lists. What a worker calls on its own descriptors, memory, threads and clocks is allowed, some of it only with
 * certain arguments. What a library may try when something is unusual (open a file, ask a terminal's size) fails with
 * EPERM, as everything does that is on no list: libraries know how to go on. What leads out of the process is never
 * tried by mistake: whoever does it has taken the process over, and it is ended, for the manager to report.
 */

static const int allowed[] = {
	/* the client, the manager, eventfds, the log */
	SCMP_SYS(accept4),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(read),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(shutdown),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	/* the event loop */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(signalfd4),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(munmap),
	/* threads */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(set_robust_list),
	/* time and chance; without the vDSO, clocks are system calls */
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep),
	SCMP_SYS(time),
	/* what the C library's qsort() asks, before it takes memory */
	SCMP_SYS(sysinfo),
};

/* Of the low 32 bits, which are all that the kernel looks at. */
#define ARG_IS(arg, value)                                               \
	{                                                                \
		(arg), SCMP_CMP_MASKED_EQ, 0xffffffff, (uint32_t)(value) \
	}
#define ARG_BITS(arg, mask, value)                                             \
	{                                                                      \
		(arg), SCMP_CMP_MASKED_EQ, (uint32_t)(mask), (uint32_t)(value) \
	}
#define ARG_AT_MOST(arg, bits) ARG_BITS(arg, ~(uint32_t)(bits), 0)

/* A thread shares memory and signal handlers, is none of its own namespaces, and nobody traces or waits for it. */
#define THREAD_FLAGS (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define NO_THREAD_FLAGS                                                                     \
	(CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP |        \
		CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | \
		CLONE_IO)

#define DATA (PROT_READ | PROT_WRITE)
/* Own memory is private, where the limit counts it; shared memory is a file's, which only others can make. Stacks that
 * grow downwards escape the limit; huge pages are the machine's to give. */
#define MAP_KIND (MAP_TYPE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_HUGETLB)

static const struct rule {
	int call;
	unsigned n;
	struct scmp_arg_cmp args[2];
} rules[] = {
	{SCMP_SYS(clone), 1, {ARG_BITS(0, THREAD_FLAGS | NO_THREAD_FLAGS, THREAD_FLAGS)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_DUPFD_CLOEXEC)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_GETFD)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_SETFD)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_GETFL)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_SETFL)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_GET_SEALS)}},
	{SCMP_SYS(fcntl), 1, {ARG_IS(1, F_ADD_SEALS)}},
	{SCMP_SYS(mmap), 2,
		{ARG_AT_MOST(2, DATA), ARG_BITS(3, MAP_KIND, MAP_PRIVATE | MAP_ANONYMOUS)}},
	{SCMP_SYS(mmap), 2, {ARG_AT_MOST(2, DATA), ARG_BITS(3, MAP_KIND, MAP_SHARED)}},
	{SCMP_SYS(mprotect), 1, {ARG_AT_MOST(2, DATA)}},
	{SCMP_SYS(mremap), 1, {ARG_AT_MOST(3, MREMAP_MAYMOVE)}},
	/* How newer C libraries say fstat(). */
	{SCMP_SYS(newfstatat), 1, {ARG_IS(3, AT_EMPTY_PATH)}},
	{SCMP_SYS(prctl), 1, {ARG_IS(0, PR_SET_NAME)}},
	/* It can only lower them. */
	{SCMP_SYS(prlimit64), 1, {ARG_IS(0, 0)}},
	{SCMP_SYS(setsockopt), 2, {ARG_IS(1, SOL_SOCKET), ARG_IS(2, SO_SNDTIMEO)}},
};

/* To the process itself, as abort() does. */
static const int own_signals[] = {SCMP_SYS(kill), SCMP_SYS(tgkill)};

static const struct deadly {
	int call;
	bool of_sanitizers; // they use it to tell what they found
} deadly[] = {
	/* other programs and processes */
	{SCMP_SYS(execve), true},
	{SCMP_SYS(execveat), true},
	{SCMP_SYS(fork), true},
	{SCMP_SYS(vfork), true},
	{SCMP_SYS(ptrace), true},
	{SCMP_SYS(kcmp), false},
	{SCMP_SYS(pidfd_getfd), false},
	{SCMP_SYS(pidfd_open), false},
	{SCMP_SYS(pidfd_send_signal), false},
	{SCMP_SYS(process_madvise), false},
	{SCMP_SYS(process_vm_readv), false},
	{SCMP_SYS(process_vm_writev), false},
	/* the network, and sockets of any kind */
	{SCMP_SYS(bind), false},
	{SCMP_SYS(connect), false},
	{SCMP_SYS(listen), false},
	{SCMP_SYS(socket), false},
	{SCMP_SYS(socketpair), true},
	/* the file system's shape and the walls themselves */
	{SCMP_SYS(chroot), false},
	{SCMP_SYS(fsconfig), false},
	{SCMP_SYS(fsmount), false},
	{SCMP_SYS(fsopen), false},
	{SCMP_SYS(mount), false},
	{SCMP_SYS(mount_setattr), false},
	{SCMP_SYS(move_mount), false},
	{SCMP_SYS(name_to_handle_at), false},
	{SCMP_SYS(open_by_handle_at), false},
	{SCMP_SYS(open_tree), false},
	{SCMP_SYS(pivot_root), false},
	{SCMP_SYS(setns), false},
	{SCMP_SYS(umount2), false},
	{SCMP_SYS(unshare), false},
	/* who it is */
	{SCMP_SYS(capset), false},
	{SCMP_SYS(setfsgid), false},
	{SCMP_SYS(setfsuid), false},
	{SCMP_SYS(setgid), false},
	{SCMP_SYS(setgroups), false},
	{SCMP_SYS(setregid), false},
	{SCMP_SYS(setresgid), false},
	{SCMP_SYS(setresuid), false},
	{SCMP_SYS(setreuid), false},
	{SCMP_SYS(setuid), false},
	/* doors into the kernel that exploits like */
	{SCMP_SYS(add_key), false},
	{SCMP_SYS(bpf), false},
	{SCMP_SYS(io_uring_enter), false},
	{SCMP_SYS(io_uring_register), false},
	{SCMP_SYS(io_uring_setup), false},
	{SCMP_SYS(keyctl), false},
	{SCMP_SYS(modify_ldt), false},
	{SCMP_SYS(perf_event_open), false},
	{SCMP_SYS(request_key), false},
	{SCMP_SYS(userfaultfd), false},
	{SCMP_SYS(vmsplice), false},
	/* the machine */
	{SCMP_SYS(delete_module), false},
	{SCMP_SYS(finit_module), false},
	{SCMP_SYS(init_module), false},
	{SCMP_SYS(ioperm), false},
	{SCMP_SYS(iopl), false},
	{SCMP_SYS(kexec_file_load), false},
	{SCMP_SYS(kexec_load), false},
	{SCMP_SYS(reboot), false},
	{SCMP_SYS(swapon), false},
	{SCMP_SYS(syslog), false},
};

static const struct rule deadly_rules[] = {
	{SCMP_SYS(clone), 1, {ARG_BITS(0, CLONE_THREAD, 0)}},
	{SCMP_SYS(mmap), 1, {ARG_BITS(2, PROT_EXEC, PROT_EXEC)}},
	{SCMP_SYS(mprotect), 1, {ARG_BITS(2, PROT_EXEC, PROT_EXEC)}},
	{SCMP_SYS(pkey_mprotect), 1, {ARG_BITS(2, PROT_EXEC, PROT_EXEC)}},
};

static int rule_add(scmp_filter_ctx filter, uint32_t action, const struct rule *rule)
{
	return seccomp_rule_add_array(filter, action, rule->call, rule->n, rule->args);
}

static int allowed_add(scmp_filter_ctx filter)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < UGVT_ARRAY_SIZE(allowed); i++) {
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	}
	for (size_t i = 0; ret == 0 && i < UGVT_ARRAY_SIZE(rules); i++) {
		ret = rule_add(filter, SCMP_ACT_ALLOW, &rules[i]);
	}
	for (size_t i = 0; ret == 0 && i < UGVT_ARRAY_SIZE(own_signals); i++) {
		const struct rule rule = {own_signals[i], 1, {ARG_IS(0, getpid())}};

		ret = rule_add(filter, SCMP_ACT_ALLOW, &rule);
	}
	return ret;
}

static int deadly_add(scmp_filter_ctx filter)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < UGVT_ARRAY_SIZE(deadly); i++) {
		if (!UGVT_WALLS_RELAXED || !deadly[i].of_sanitizers) {
			ret = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i].call, 0);
		}
	}
	for (size_t i = 0; ret == 0 && i < UGVT_ARRAY_SIZE(deadly_rules) && !UGVT_WALLS_RELAXED;
		i++) {
		ret = rule_add(filter, SCMP_ACT_KILL_PROCESS, &deadly_rules[i]);
	}
	return ret;
}

static int filter_fill(scmp_filter_ctx filter)
{
	int ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (ret == 0) {
		ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	}
	/* A binary tree instead of a long chain. */
	if (ret == 0) {
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	}
	if (ret == 0) {
		ret = deadly_add(filter);
	}
	if (ret < 0 || UGVT_WALLS_RELAXED) {
		return ret;
	}
	/* Its flags are in memory, out of the filter's sight: the C library then uses clone(). */
	ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return ret < 0 ? ret : allowed_add(filter);
}

bool ugvt_filter_load(void)
{
	/* Sanitizers do at the end, and when they find something, what no list can keep up with. */
	scmp_filter_ctx filter =
		seccomp_init(UGVT_WALLS_RELAXED ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	int ret = -ENOMEM;

	if (filter) {
		ret = filter_fill(filter);
	}
	if (ret == 0) {
		ret = seccomp_load(filter);
	}
	seccomp_release(filter);
	if (ret < 0) {
		ugvt_error("can't filter system calls: %s", strerror(-ret));
	}
	return ret == 0;
}
