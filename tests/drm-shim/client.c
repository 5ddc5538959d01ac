/* SPDX-License-Identifier: MIT */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <fcntl.h>
#include <gbm.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * usage: client MODE
 *
 * A program as there are many, for the driver and libraries of the system: it finds the device, makes an OpenGL context and
 * waits for what it asked. Exit status 0 if all is well.
 */

#define NODE "/dev/dri/renderD128"
#define WIDTH 64
#define HEIGHT 32

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "client: %s failed\n", what);
		exit(1);
	}
}

struct gl {
	EGLDisplay display;
	EGLContext context;
};

static struct gl gl_init(EGLenum platform, void *native)
{
	static const EGLint attributes[] = {EGL_CONTEXT_CLIENT_VERSION, 3, EGL_NONE};
	PFNEGLGETPLATFORMDISPLAYEXTPROC get_display =
		(PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
	struct gl gl = {.display = get_display(platform, native, NULL)};

	require(eglInitialize(gl.display, NULL, NULL), "eglInitialize");
	require(eglBindAPI(EGL_OPENGL_ES_API), "eglBindAPI");
	gl.context = eglCreateContext(gl.display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
	require(gl.context, "eglCreateContext");
	require(eglMakeCurrent(gl.display, NULL, NULL, gl.context), "eglMakeCurrent");
	return gl;
}

static struct gl gl_surfaceless(void)
{
	return gl_init(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY);
}

static void gl_finish(struct gl gl)
{
	eglMakeCurrent(gl.display, NULL, NULL, NULL);
	eglDestroyContext(gl.display, gl.context);
	eglTerminate(gl.display);
}

static int mode_renderer(void)
{
	struct gl gl = gl_surfaceless();

	printf("%s\n", (const char *)glGetString(GL_RENDERER));
	gl_finish(gl);
	return 0;
}

static void target_make(void)
{
	GLuint texture, framebuffer;

	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 256, 256, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
	glGenFramebuffers(1, &framebuffer);
	glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
	glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
	require(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE, "framebuffer");
}

static void work(void)
{
	GLuint query, available = 0;
	GLsync sync;

	glGenQueries(1, &query);
	glBeginQuery(GL_ANY_SAMPLES_PASSED, query);
	glClearColor(0.4f, 0.6f, 0.2f, 1);
	glClear(GL_COLOR_BUFFER_BIT);
	glEndQuery(GL_ANY_SAMPLES_PASSED);
	sync = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
	require(glClientWaitSync(sync, GL_SYNC_FLUSH_COMMANDS_BIT, 60000000000) !=
			GL_TIMEOUT_EXPIRED,
		"glClientWaitSync");
	while (!available) {
		glGetQueryObjectuiv(query, GL_QUERY_RESULT_AVAILABLE, &available);
	}
	glDeleteSync(sync);
	glDeleteQueries(1, &query);
	glFinish();
	require(glGetError() == GL_NO_ERROR, "a GL call");
}

/* Clears, fences, queries: all that is waited for comes. */
static int mode_work(void)
{
	struct gl gl = gl_surfaceless();

	target_make();
	for (unsigned i = 0; i < 50; i++) {
		work();
	}
	gl_finish(gl);
	return 0;
}

static void *thread_run(void *unused)
{
	struct gl gl = gl_init(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY);

	target_make();
	for (unsigned i = 0; i < 20; i++) {
		work();
	}
	eglMakeCurrent(gl.display, NULL, NULL, NULL);
	eglDestroyContext(gl.display, gl.context);
	return unused;
}

static int mode_threads(void)
{
	pthread_t threads[4];

	for (unsigned i = 0; i < 4; i++) {
		pthread_create(&threads[i], NULL, thread_run, NULL);
	}
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
	}
	return 0;
}

/* A child that goes on with a device of its own, while the parent uses its. */
static int mode_fork(void)
{
	pid_t pid = fork();
	struct gl gl;
	int status = 0;

	if (pid == 0) {
		exit(mode_work());
	}
	gl = gl_surfaceless();
	target_make();
	work();
	waitpid(pid, &status, 0);
	require(status == 0, "the first child");
	pid = fork(); // with the device open
	if (pid == 0) {
		execl("/proc/self/exe", "client", "work", NULL);
		_exit(1);
	}
	work();
	waitpid(pid, &status, 0);
	require(status == 0, "the second child");
	gl_finish(gl);
	return 0;
}

static int descriptors_count(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++) {
		count += fcntl(fd, F_GETFD) >= 0;
	}
	return count;
}

/* Buffers and devices come and go; descriptors stay as many. */
static int mode_many(void)
{
	int before = descriptors_count();

	for (unsigned round = 0; round < 5; round++) {
		struct gl gl = gl_surfaceless();

		for (unsigned i = 0; i < 400; i++) {
			GLuint buffers[4];

			glGenBuffers(4, buffers);
			for (unsigned k = 0; k < 4; k++) {
				glBindBuffer(GL_ARRAY_BUFFER, buffers[k]);
				glBufferData(GL_ARRAY_BUFFER, 70000 + (GLsizeiptr)i * 4096, NULL,
					GL_STREAM_DRAW);
			}
			glDeleteBuffers(4, buffers);
		}
		gl_finish(gl);
	}
	require(descriptors_count() == before, "closing all that was opened");
	return 0;
}

static struct gbm_device *gbm_open(int *fd)
{
	struct gbm_device *gbm;

	*fd = open(NODE, O_RDWR | O_CLOEXEC);
	require(*fd >= 0, "opening " NODE);
	gbm = gbm_create_device(*fd);
	require(gbm, "gbm_create_device");
	return gbm;
}

static int mode_gbm(void)
{
	int fd;
	struct gbm_device *gbm = gbm_open(&fd);
	struct gl gl = gl_init(EGL_PLATFORM_GBM_KHR, gbm);

	printf("%s\n", (const char *)glGetString(GL_RENDERER));
	target_make();
	work();
	gl_finish(gl);
	gbm_device_destroy(gbm);
	close(fd);
	return 0;
}

static uint32_t pattern(unsigned x, unsigned y, uint32_t seed)
{
	return seed ^ (x * 0x10001 + y * 0x101);
}

/* Writes the pattern of seed, or compares with it. */
static void rows_visit(char *at, uint32_t stride, uint32_t seed, bool write)
{
	for (unsigned y = 0; y < HEIGHT; y++) {
		uint32_t *row = (uint32_t *)(at + (size_t)y * stride);

		for (unsigned x = 0; x < WIDTH; x++) {
			if (write) {
				row[x] = pattern(x, y, seed);
			}
			require(row[x] == pattern(x, y, seed), "finding the pixels");
		}
	}
}

/* As a client of GBM does it. */
static void pixels_write(struct gbm_bo *bo, uint32_t seed)
{
	uint32_t stride;
	void *data = NULL;
	char *at = gbm_bo_map(bo, 0, 0, WIDTH, HEIGHT, GBM_BO_TRANSFER_WRITE, &stride, &data);

	require(at && at != (char *)-1, "gbm_bo_map");
	rows_visit(at, stride, seed, true);
	gbm_bo_unmap(bo, data);
}

/* As a compositor without a GPU does it. */
static void shared_visit(int fd, uint32_t stride, uint32_t seed, bool write)
{
	size_t size = (size_t)stride * HEIGHT;
	struct dma_buf_sync sync = {.flags = DMA_BUF_SYNC_RW | DMA_BUF_SYNC_START};
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	require(at != MAP_FAILED, "mapping the shared buffer");
	require(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) == 0, "DMA_BUF_IOCTL_SYNC");
	rows_visit(at, stride, seed, write);
	munmap(at, size);
}

static void import_as_image(struct gl gl, int fd, uint32_t stride)
{
	PFNEGLCREATEIMAGEKHRPROC create =
		(PFNEGLCREATEIMAGEKHRPROC)eglGetProcAddress("eglCreateImageKHR");
	const EGLint attributes[] = {EGL_WIDTH, WIDTH, EGL_HEIGHT, HEIGHT, EGL_LINUX_DRM_FOURCC_EXT,
		GBM_FORMAT_ARGB8888, EGL_DMA_BUF_PLANE0_FD_EXT, fd, EGL_DMA_BUF_PLANE0_OFFSET_EXT,
		0, EGL_DMA_BUF_PLANE0_PITCH_EXT, (EGLint)stride, EGL_NONE};

	require(create(gl.display, EGL_NO_CONTEXT, EGL_LINUX_DMA_BUF_EXT, NULL, attributes),
		"importing as an EGL image");
}

/* The other process of "share". */
static int mode_import(int fd, uint32_t stride)
{
	int node;
	struct gbm_device *gbm = gbm_open(&node);
	struct gl gl = gl_init(EGL_PLATFORM_GBM_KHR, gbm);
	struct gbm_import_fd_data import = {.fd = fd,
		.width = WIDTH,
		.height = HEIGHT,
		.stride = stride,
		.format = GBM_FORMAT_ARGB8888};
	struct gbm_bo *bo = gbm_bo_import(gbm, GBM_BO_IMPORT_FD, &import, GBM_BO_USE_LINEAR);

	require(bo, "gbm_bo_import");
	shared_visit(fd, stride, 0x11223344, false);
	shared_visit(fd, stride, 0x55667788, true);
	import_as_image(gl, fd, stride);
	target_make();
	work();
	gbm_bo_destroy(bo);
	return 0;
}

/* Pixels of one process are seen by another, and back. */
static int mode_share(void)
{
	int node;
	struct gbm_device *gbm = gbm_open(&node);
	struct gbm_bo *bo = gbm_bo_create(
		gbm, WIDTH, HEIGHT, GBM_FORMAT_ARGB8888, GBM_BO_USE_LINEAR | GBM_BO_USE_RENDERING);
	char fd_text[16], stride_text[16];
	int status, fd;
	pid_t pid;

	require(bo, "gbm_bo_create");
	pixels_write(bo, 0x11223344);
	fd = gbm_bo_get_fd(bo);
	require(fd >= 0, "gbm_bo_get_fd");
	snprintf(fd_text, sizeof(fd_text), "%d", fd);
	snprintf(stride_text, sizeof(stride_text), "%u", gbm_bo_get_stride(bo));
	pid = fork();
	if (pid == 0) {
		fcntl(fd, F_SETFD, 0);
		execl("/proc/self/exe", "client", "import", fd_text, stride_text, NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	require(status == 0, "the other process");
	shared_visit(fd, gbm_bo_get_stride(bo), 0x55667788, false);
	gbm_bo_destroy(bo);
	gbm_device_destroy(gbm);
	close(fd);
	close(node);
	return 0;
}

static void node_check(int fd)
{
	struct stat st;

	require(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(226, 128),
		"being the device");
}

/* The node's descriptors: duplicated, left by a program that executes another, closed. */
static int mode_descriptors(const char *inherited)
{
	char text[16];
	int fd, copy;

	if (inherited) {
		node_check(atoi(inherited));
		require(gbm_create_device(atoi(inherited)), "a device of an inherited descriptor");
		return 0;
	}
	fd = open(NODE, O_RDWR);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	require(dup2(fd, 200) == 200, "dup2");
	close(fd);
	node_check(copy);
	node_check(200);
	close(copy);
	require(gbm_create_device(200), "a device of a duplicate");
	require(open("/dev/dri/card0", O_RDWR) < 0, "not having a card0");
	snprintf(text, sizeof(text), "%d", 200);
	execl("/proc/self/exe", "client", "descriptors", text, NULL);
	return 1;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (strcmp(mode, "import") == 0 && argc == 4) {
		return mode_import(atoi(argv[2]), (uint32_t)atoi(argv[3]));
	}
	if (strcmp(mode, "descriptors") == 0) {
		return mode_descriptors(argc > 2 ? argv[2] : NULL);
	}
	static const struct {
		const char *name;
		int (*run)(void);
	} modes[] = {
		{"renderer", mode_renderer},
		{"work", mode_work},
		{"threads", mode_threads},
		{"fork", mode_fork},
		{"many", mode_many},
		{"gbm", mode_gbm},
		{"share", mode_share},
	};
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(mode, modes[i].name) == 0) {
			return modes[i].run();
		}
	}
	fprintf(stderr, "client: what is '%s'?\n", mode);
	return 2;
}
