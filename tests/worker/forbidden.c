/* SPDX-License-Identifier: MIT */
#include "tests/worker/forbidden.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/bits.h"

#define PAGE 4096
#define DATA (PROT_READ | PROT_WRITE)
#define X32_CALL 0x40000000
/* No address that anything is at. */
#define NOWHERE 16

/* Another process: that which runs the tests is as good as another worker. */
static long other(void)
{
	return getppid();
}

/* A call that never comes back with more than its error. */
#define CALL(name, ...)                                    \
	static long name##_try(void)                       \
	{                                                  \
		return syscall(SYS_##name, ##__VA_ARGS__); \
	}

CALL(access, "/etc/passwd", R_OK)
CALL(acct, NOWHERE)
CALL(add_key, NOWHERE, NOWHERE, 0, 0, 0)
CALL(adjtimex, NOWHERE)
CALL(bind, -1, NULL, 0)
CALL(bpf, 0, NOWHERE, 0)
CALL(capset, NOWHERE, NOWHERE)
CALL(chdir, "/")
CALL(chmod, "/nowhere/at/all", 0)
CALL(chown, "/nowhere/at/all", 0, 0)
CALL(chroot, "/nowhere/at/all")
CALL(clock_settime, -1, NOWHERE)
CALL(clone3, NULL, 0)
CALL(connect, -1, NULL, 0)
CALL(delete_module, NOWHERE, 0)
CALL(dup, 0)
CALL(execveat, -1, "", NULL, NULL, AT_EMPTY_PATH)
CALL(fallocate, -1, 0, 0, 1)
CALL(fanotify_init, -1, 0)
CALL(fchmod, -1, 0)
CALL(finit_module, -1, NOWHERE, 0)
CALL(flock, -1, 0)
CALL(fork)
CALL(fsopen, NOWHERE, 0)
CALL(ftruncate, -1, 0)
CALL(getcwd, NULL, 0)
CALL(getdents64, -1, NOWHERE, 0)
CALL(getxattr, "/etc/passwd", "user.x", NULL, 0)
CALL(init_module, NOWHERE, 0, NOWHERE)
CALL(inotify_init1, 0)
CALL(io_setup, 0, NOWHERE)
CALL(io_uring_enter, -1, 0, 0, 0, NULL, 0)
CALL(io_uring_register, -1, 0, NULL, 0)
CALL(io_uring_setup, 0, NOWHERE)
CALL(ioperm, -1, 0, 0)
CALL(iopl, -1)
CALL(kcmp, getpid(), getpid(), -1, 0, 0)
CALL(kexec_file_load, -1, -1, 0, 0, -1)
CALL(kexec_load, 0, 0, NULL, -1)
CALL(keyctl, -1, 0, 0, 0, 0)
CALL(landlock_create_ruleset, NULL, 0, 1)
CALL(link, "/nowhere/a", "/nowhere/b")
CALL(listen, -1, 0)
CALL(lseek, -1, 0, 0)
CALL(mbind, 0, 0, -1, NULL, 0, 0)
CALL(memfd_create, "x", 0)
CALL(memfd_secret, 0)
CALL(mkdir, "/nowhere/at/all", 0)
CALL(mknod, "/nowhere/at/all", S_IFCHR, 0)
CALL(mlock, NULL, 0)
CALL(mlockall, -1)
CALL(modify_ldt, -1, NULL, 0)
CALL(mount, NOWHERE, NOWHERE, NOWHERE, 0, NULL)
CALL(move_mount, -1, "", -1, "", 0)
CALL(mq_open, NOWHERE, 0, 0, NULL)
CALL(name_to_handle_at, -1, "", NULL, NULL, 0)
CALL(open, "/etc/passwd", O_RDONLY)
CALL(open_by_handle_at, -1, NOWHERE, 0)
CALL(open_tree, -1, "", 0)
CALL(openat, AT_FDCWD, "/etc/passwd", O_RDONLY)
CALL(openat2, AT_FDCWD, "/etc/passwd", NULL, 0)
CALL(perf_event_open, NOWHERE, 0, -1, -1, 0)
CALL(personality, 0xffffffff)
CALL(pidfd_getfd, -1, 0, 0)
CALL(pidfd_open, other(), 0)
CALL(pidfd_send_signal, -1, 0, NULL, 0)
CALL(pipe2, NOWHERE, 0)
CALL(pivot_root, NOWHERE, NOWHERE)
CALL(prlimit64, other(), RLIMIT_CORE, NULL, NULL)
CALL(process_madvise, -1, NULL, 0, 0, 0)
CALL(ptrace, PTRACE_SEIZE, other(), 0, 0)
CALL(quotactl, -1, NULL, 0, NULL)
CALL(readlink, "/proc/self/exe", NOWHERE, 0)
CALL(reboot, 0, 0, 0, NULL)
CALL(rename, "/nowhere/a", "/nowhere/b")
CALL(request_key, NOWHERE, NOWHERE, NULL, 0)
CALL(rmdir, "/nowhere/at/all")
CALL(rt_sigqueueinfo, other(), 0, NOWHERE)
CALL(sched_setaffinity, other(), 0, NULL)
CALL(sched_setscheduler, other(), -1, NULL)
CALL(seccomp, -1, 0, NULL)
CALL(sendfile, -1, -1, NULL, 0)
CALL(sethostname, NULL, -1)
CALL(setns, -1, 0)
CALL(setpriority, -1, 0, 0)
CALL(setresuid, -1, -1, -1)
CALL(setsid)
CALL(settimeofday, NOWHERE, NULL)
CALL(setuid, getuid())
CALL(setgroups, -1, NULL)
CALL(shmget, 0, PAGE, 0600 | 01000)
CALL(shmat, -1, NULL, 0)
CALL(splice, -1, NULL, -1, NULL, 0, 0)
CALL(statx, AT_FDCWD, "/etc/passwd", 0, 0, NOWHERE)
CALL(swapon, NOWHERE, 0)
CALL(symlink, "a", "/nowhere/at/all")
CALL(syslog, -1, NULL, 0)
CALL(tgkill, other(), other(), 0)
CALL(tkill, other(), 0)
CALL(truncate, "/nowhere/at/all", 0)
CALL(umount2, NOWHERE, 0)
CALL(unlink, "/nowhere/at/all")
CALL(unshare, CLONE_NEWUSER)
CALL(userfaultfd, -1)
CALL(utimensat, AT_FDCWD, "/nowhere/at/all", NULL, 0)
CALL(vmsplice, -1, NULL, 0, 0)

static long creat_try(void)
{
	return creat("/nowhere/at/all", 0);
}

static long stat_try(void)
{
	struct stat st;

	return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, 0);
}

static long internet_try(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long unix_try(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long netlink_try(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static long socketpair_try(void)
{
	int fds[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static long socket_filter_try(void)
{
	return setsockopt(-1, SOL_SOCKET, SO_ATTACH_FILTER, NULL, 0);
}

static long process_new(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);

	if (pid == 0) {
		_exit(0);
	}
	return pid;
}

static long clone_try(void)
{
	return process_new(SIGCHLD);
}

static long clone_user_try(void)
{
	return process_new(SIGCHLD | CLONE_NEWUSER);
}

/* Without a stack of its own, which the kernel would only find out later. */
static long clone_half_try(void)
{
	return process_new(CLONE_THREAD);
}

static long clone_thread_user_try(void)
{
	return process_new(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWUSER);
}

static long vfork_try(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		_exit(0);
	}
	return pid;
}

static long execve_try(void)
{
	char *const argv[] = {(char *)"true", NULL};

	return execve("/bin/true", argv, NULL);
}

static long other_read_try(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {&byte, 1};

	return process_vm_readv((pid_t)other(), &here, 1, &there, 1, 0);
}

static long other_write_try(void)
{
	return process_vm_writev((pid_t)other(), NULL, 0, NULL, 0, 0);
}

static long kill_try(void)
{
	return kill((pid_t)other(), 0);
}

static long kill_group_try(void)
{
	return kill(0, 0);
}

static long kill_all_try(void)
{
	return kill(-1, 0);
}

static long map(size_t size, int prot, int flags)
{
	return mmap(NULL, size, prot, flags, -1, 0) == MAP_FAILED ? -1 : 0;
}

static long map_code_try(void)
{
	return map(PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS);
}

static long protect_code_try(void)
{
	void *page = mmap(NULL, PAGE, DATA, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static long map_shared_try(void)
{
	return map(PAGE, DATA, MAP_SHARED | MAP_ANONYMOUS);
}

static long map_stack_try(void)
{
	return map(PAGE, DATA, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
}

static long map_huge_try(void)
{
	return map(0, DATA, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB);
}

/* More memory than the type: at once, */
#define MUCH ((size_t)1 << 30)

static long map_much_try(void)
{
	return map(MUCH, DATA, MAP_PRIVATE | MAP_ANONYMOUS);
}

/* little by little, */
static long map_often_try(void)
{
	for (size_t size = 0; size < MUCH; size += PAGE << 8) {
		if (map(PAGE << 8, DATA, MAP_PRIVATE | MAP_ANONYMOUS) < 0) {
			return -1;
		}
	}
	return 0;
}

/* as the heap, */
static long brk_try(void)
{
	return sbrk(MUCH) == (void *)-1 ? -1 : 0;
}

/* by growing what is there, */
static long mremap_try(void)
{
	void *page = mmap(NULL, PAGE, DATA, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mremap(page, PAGE, MUCH, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
}

/* or by making it writable later. */
static long protect_much_try(void)
{
	void *pages = mmap(NULL, MUCH, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(pages, MUCH, DATA);
}

static long limit_raise_try(void)
{
	static const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

	return setrlimit(RLIMIT_DATA, &none);
}

static long dumpable_try(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long ambient_try(void)
{
	return prctl(PR_CAP_AMBIENT, -1, 0, 0, 0);
}

static long terminal_try(void)
{
	return ioctl(-1, TIOCSTI, "x");
}

static long owner_try(void)
{
	return fcntl(-1, F_SETOWN, 0);
}

static long lease_try(void)
{
	return fcntl(-1, F_SETLEASE, F_UNLCK);
}

#ifdef __x86_64__
static long x32_try(void)
{
	return syscall(X32_CALL | SYS_getpid);
}

/* getpid() as a program of 32 bits calls it. */
static long i386_try(void)
{
	long number = 20;

	__asm__ volatile("int $0x80" : "+a"(number) : : "memory", "r8", "r9", "r10", "r11");
	return number;
}
#endif

#define DIES(name)                                     \
	{                                              \
#name, UGVT_FORBIDDEN_DIES, name##_try \
	}
#define FAILS(name)                      \
	{                                \
#name, EPERM, name##_try \
	}

const struct ugvt_forbidden ugvt_forbidden[] = {
	/* files */
	FAILS(access),
	FAILS(chdir),
	FAILS(chmod),
	FAILS(chown),
	FAILS(creat),
	FAILS(dup),
	FAILS(fallocate),
	FAILS(fanotify_init),
	FAILS(fchmod),
	FAILS(flock),
	FAILS(ftruncate),
	FAILS(getcwd),
	FAILS(getdents64),
	FAILS(getxattr),
	FAILS(inotify_init1),
	FAILS(lease),
	FAILS(link),
	FAILS(lseek),
	FAILS(mkdir),
	FAILS(mknod),
	FAILS(open),
	FAILS(openat),
	FAILS(openat2),
	FAILS(pipe2),
	FAILS(readlink),
	FAILS(rename),
	FAILS(rmdir),
	FAILS(sendfile),
	FAILS(splice),
	FAILS(stat),
	FAILS(statx),
	FAILS(symlink),
	FAILS(terminal),
	FAILS(truncate),
	FAILS(unlink),
	FAILS(utimensat),
	DIES(name_to_handle_at),
	DIES(open_by_handle_at),
	/* the network */
	DIES(bind),
	DIES(connect),
	DIES(internet),
	DIES(listen),
	DIES(netlink),
	DIES(socketpair),
	DIES(unix),
	FAILS(socket_filter),
	/* new processes and programs */
	DIES(clone),
	DIES(clone_user),
	DIES(execve),
	DIES(execveat),
	DIES(fork),
	DIES(vfork),
	FAILS(clone_half),
	FAILS(clone_thread_user),
	{"clone3", ENOSYS, clone3_try},
	/* other processes */
	DIES(kcmp),
	DIES(other_read),
	DIES(other_write),
	DIES(pidfd_getfd),
	DIES(pidfd_open),
	DIES(pidfd_send_signal),
	DIES(process_madvise),
	DIES(ptrace),
	FAILS(kill),
	FAILS(kill_all),
	FAILS(kill_group),
	FAILS(mq_open),
	FAILS(owner),
	FAILS(prlimit64),
	FAILS(rt_sigqueueinfo),
	FAILS(sched_setaffinity),
	FAILS(sched_setscheduler),
	FAILS(setpriority),
	FAILS(setsid),
	FAILS(shmat),
	FAILS(shmget),
	FAILS(tgkill),
	FAILS(tkill),
	/* memory */
	DIES(map_code),
	DIES(protect_code),
	DIES(userfaultfd),
	DIES(vmsplice),
	FAILS(limit_raise),
	FAILS(map_huge),
	FAILS(map_shared),
	FAILS(map_stack),
	FAILS(mbind),
	FAILS(memfd_create),
	FAILS(memfd_secret),
	FAILS(mlock),
	FAILS(mlockall),
	{"brk", ENOMEM, brk_try},
	{"map_much", ENOMEM, map_much_try},
	{"map_often", ENOMEM, map_often_try},
	{"mremap", ENOMEM, mremap_try},
	{"protect_much", ENOMEM, protect_much_try},
	/* privileges, and the walls themselves */
	DIES(capset),
	DIES(chroot),
	DIES(fsopen),
	DIES(mount),
	DIES(move_mount),
	DIES(open_tree),
	DIES(pivot_root),
	DIES(setgroups),
	DIES(setns),
	DIES(setresuid),
	DIES(setuid),
	DIES(umount2),
	DIES(unshare),
	FAILS(ambient),
	FAILS(dumpable),
	FAILS(landlock_create_ruleset),
	FAILS(seccomp),
	/* the kernel and the machine */
	DIES(add_key),
	DIES(bpf),
	DIES(delete_module),
	DIES(finit_module),
	DIES(init_module),
	DIES(io_uring_enter),
	DIES(io_uring_register),
	DIES(io_uring_setup),
	DIES(ioperm),
	DIES(iopl),
	DIES(kexec_file_load),
	DIES(kexec_load),
	DIES(keyctl),
	DIES(modify_ldt),
	DIES(perf_event_open),
	DIES(reboot),
	DIES(request_key),
	DIES(swapon),
	DIES(syslog),
	FAILS(acct),
	FAILS(adjtimex),
	FAILS(clock_settime),
	FAILS(io_setup),
	FAILS(personality),
	FAILS(quotactl),
	FAILS(sethostname),
	FAILS(settimeofday),
#ifdef __x86_64__
	DIES(i386),
	DIES(x32),
#endif
};

const size_t ugvt_forbidden_count = UGVT_ARRAY_SIZE(ugvt_forbidden);
