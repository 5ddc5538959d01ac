/* SPDX-License-Identifier: MIT */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES2/gl2.h>
#include <dlfcn.h>
#include <gbm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"

/*
 * What glmark2 stands on, to be preloaded into glmark2-es2-gbm so that what it draws depends on the driver alone. It gets a display
 * without a device and without windows (as the drivers of GPUs and llvmpipe have it alike), to draw off screen.
 * With UGVT_STAGE_FRAME=N and UGVT_STAGE_OUT=FILE its clock goes on by a sixteenth of a second with each frame, and frame N, counted
 * from 1, is written to FILE: rows of RGBA bytes from the lowest to the uppermost, then the program ends.
 */

#define EXPORT __attribute__((visibility("default")))
#define FRAME_NS 62500000

static unsigned frames;

static unsigned frame_wanted(void)
{
	const char *text = getenv("UGVT_STAGE_FRAME");

	return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

/* Only glmark2 lives by our clock: what its libraries wait for must not stand still. */
static bool from_program(void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "glmark2-es2");
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *now)
{
	int (*next)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
	unsigned long long ns = (unsigned long long)frames * FRAME_NS;

	if (frame_wanted() == 0 || !from_program(__builtin_return_address(0))) {
		return next(clock, now);
	}
	now->tv_sec = 1000 + (time_t)(ns / 1000000000);
	now->tv_nsec = (long)(ns % 1000000000);
	return 0;
}

/* glmark2 finds functions of EGL and GL through handles: through ours it finds those here first, the others behind them. */
EXPORT void *dlopen(const char *name, int flags)
{
	void *(*next)(const char *, int) = dlsym(RTLD_NEXT, "dlopen");
	Dl_info self;

	if (name &&
		(strncmp(name, "libEGL.so", 9) == 0 || strncmp(name, "libGLESv2.so", 12) == 0) &&
		from_program(__builtin_return_address(0)) && dladdr(&frames, &self)) {
		name = self.dli_fname;
	}
	return next(name, flags);
}

static void picture_write(void)
{
	const char *out = getenv("UGVT_STAGE_OUT");
	FILE *file = out ? fopen(out, "wb") : NULL;
	GLint box[4];
	size_t size;
	char *pixels;

	glGetIntegerv(GL_VIEWPORT, box);
	size = (size_t)box[2] * (size_t)box[3] * 4;
	pixels = malloc(size);
	if (!file || !pixels) {
		perror("stage");
		_exit(1);
	}
	glPixelStorei(GL_PACK_ALIGNMENT, 1);
	glReadPixels(0, 0, box[2], box[3], GL_RGBA, GL_UNSIGNED_BYTE, pixels);
	if (fwrite(pixels, 1, size, file) != size || fclose(file) != 0) {
		perror("stage");
		_exit(1);
	}
	free(pixels);
}

/* With which glmark2 ends a frame that is not shown. */
static void frame_end(void)
{
	if (++frames == frame_wanted()) {
		picture_write();
		_exit(0);
	}
	glFinish();
}

EXPORT EGLDisplay eglGetDisplay(EGLNativeDisplayType native)
{
	PFNEGLGETPLATFORMDISPLAYEXTPROC get =
		(PFNEGLGETPLATFORMDISPLAYEXTPROC)(void *)dlsym(RTLD_NEXT, "eglGetPlatformDisplay");

	(void)native;
	return get(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
}

EXPORT EGLBoolean eglChooseConfig(
	EGLDisplay display, const EGLint *wanted, EGLConfig *configs, EGLint size, EGLint *count)
{
	PFNEGLCHOOSECONFIGPROC next =
		(PFNEGLCHOOSECONFIGPROC)(void *)dlsym(RTLD_NEXT, "eglChooseConfig");
	EGLint attributes[65];
	unsigned n = 0;

	while (wanted && *wanted != EGL_NONE && n + 4 < UGVT_ARRAY_SIZE(attributes)) {
		if (wanted[0] != EGL_SURFACE_TYPE) {
			attributes[n++] = wanted[0];
			attributes[n++] = wanted[1];
		}
		wanted += 2;
	}
	attributes[n++] = EGL_SURFACE_TYPE;
	attributes[n++] = EGL_PBUFFER_BIT;
	attributes[n] = EGL_NONE;
	return next(display, attributes, configs, size, count);
}

EXPORT EGLSurface eglCreateWindowSurface(
	EGLDisplay display, EGLConfig config, EGLNativeWindowType window, const EGLint *wanted)
{
	static const EGLint attributes[] = {EGL_WIDTH, 16, EGL_HEIGHT, 16, EGL_NONE};

	(void)window;
	(void)wanted;
	return eglCreatePbufferSurface(display, config, attributes);
}

EXPORT __eglMustCastToProperFunctionPointerType eglGetProcAddress(const char *name)
{
	static const struct {
		const char *name;
		__eglMustCastToProperFunctionPointerType function;
	} ours[] = {
		{"glFinish", (__eglMustCastToProperFunctionPointerType)frame_end},
		{"eglChooseConfig", (__eglMustCastToProperFunctionPointerType)eglChooseConfig},
		{"eglCreateWindowSurface",
			(__eglMustCastToProperFunctionPointerType)eglCreateWindowSurface},
	};
	PFNEGLGETPROCADDRESSPROC next =
		(PFNEGLGETPROCADDRESSPROC)(void *)dlsym(RTLD_NEXT, "eglGetProcAddress");

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(ours); i++) {
		if (strcmp(name, ours[i].name) == 0) {
			return ours[i].function;
		}
	}
	return next(name);
}

/* There is no device, and no window. */

static char nothing;

EXPORT struct gbm_device *gbm_create_device(int fd)
{
	(void)fd;
	return (void *)&nothing;
}

EXPORT void gbm_device_destroy(struct gbm_device *device)
{
	(void)device;
}

EXPORT struct gbm_surface *gbm_surface_create(
	struct gbm_device *device, unsigned width, unsigned height, unsigned format, unsigned flags)
{
	(void)device;
	(void)width;
	(void)height;
	(void)format;
	(void)flags;
	return (void *)&nothing;
}

EXPORT void gbm_surface_destroy(struct gbm_surface *surface)
{
	(void)surface;
}
