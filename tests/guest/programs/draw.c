/* SPDX-License-Identifier: MIT */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <fcntl.h>
#include <gbm.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "tests/guest/programs/endless.h"
#include "tests/guest/programs/picture.h"

/*
 * usage: draw monitor COMMAND
 *        draw WIDTHxHEIGHT FILE
 *        draw endless
 *
 * Draws a picture: in a guest on its monitor, where it stays while COMMAND runs; or without any monitor to FILE (a PPM). Or
 * never comes to an end, but that of its context.
 */

struct screen {
	int fd;
	struct gbm_device *gbm;
	struct gbm_surface *surface;
	uint32_t crtc, connector;
	drmModeModeInfo mode;
};

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "draw: %s failed\n", what);
		exit(EXIT_FAILURE);
	}
}

static EGLDisplay display_open(EGLenum platform, void *native)
{
	PFNEGLGETPLATFORMDISPLAYEXTPROC get =
		(PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
	EGLDisplay display = get(platform, native, NULL);

	require(eglInitialize(display, NULL, NULL), "eglInitialize");
	require(eglBindAPI(EGL_OPENGL_ES_API), "eglBindAPI");
	return display;
}

static EGLContext context_create(EGLDisplay display, EGLConfig config)
{
	static const EGLint attributes[] = {EGL_CONTEXT_CLIENT_VERSION, 2,
		EGL_CONTEXT_OPENGL_ROBUST_ACCESS_EXT, EGL_TRUE,
		EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY_EXT, EGL_LOSE_CONTEXT_ON_RESET_EXT,
		EGL_NONE};
	EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, attributes);

	require(context, "eglCreateContext");
	return context;
}

/* The first monitor there is, on any of its CRTCs. */
static void screen_open(struct screen *screen)
{
	drmModeRes *resources;

	screen->fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	resources = screen->fd < 0 ? NULL : drmModeGetResources(screen->fd);
	require(resources && resources->count_crtcs > 0, "opening card0");
	for (int i = 0; i < resources->count_connectors && screen->connector == 0; i++) {
		drmModeConnector *connector =
			drmModeGetConnector(screen->fd, resources->connectors[i]);

		if (connector->connection == DRM_MODE_CONNECTED && connector->count_modes > 0) {
			screen->connector = connector->connector_id;
			screen->mode = connector->modes[0];
		}
		drmModeFreeConnector(connector);
	}
	screen->crtc = resources->crtcs[0];
	drmModeFreeResources(resources);
	require(screen->connector != 0, "finding a monitor");
	screen->gbm = gbm_create_device(screen->fd);
	screen->surface =
		gbm_surface_create(screen->gbm, screen->mode.hdisplay, screen->mode.vdisplay,
			GBM_FORMAT_XRGB8888, GBM_BO_USE_SCANOUT | GBM_BO_USE_RENDERING);
	require(screen->surface, "gbm_surface_create");
}

/* The one whose pixels are the surface's. */
static EGLConfig config_find(EGLDisplay display)
{
	static const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_WINDOW_BIT, EGL_RENDERABLE_TYPE,
		EGL_OPENGL_ES2_BIT, EGL_DEPTH_SIZE, 24, EGL_NONE};
	EGLConfig configs[256];
	EGLint count = 0, visual = 0;

	eglChooseConfig(display, wanted, configs, 256, &count);
	for (EGLint i = 0; i < count; i++) {
		eglGetConfigAttrib(display, configs[i], EGL_NATIVE_VISUAL_ID, &visual);
		if (visual == GBM_FORMAT_XRGB8888) {
			return configs[i];
		}
	}
	require(false, "finding a configuration");
	return NULL;
}

static void screen_show(struct screen *screen)
{
	struct gbm_bo *bo = gbm_surface_lock_front_buffer(screen->surface);
	uint32_t fb = 0;

	require(bo, "gbm_surface_lock_front_buffer");
	drmModeAddFB(screen->fd, screen->mode.hdisplay, screen->mode.vdisplay, 24, 32,
		gbm_bo_get_stride(bo), gbm_bo_get_handle(bo).u32, &fb);
	require(fb != 0, "drmModeAddFB");
	require(drmModeSetCrtc(screen->fd, screen->crtc, fb, 0, 0, &screen->connector, 1,
			&screen->mode) == 0,
		"drmModeSetCrtc");
}

static int draw_monitor(const char *command)
{
	struct screen screen = {0};
	EGLDisplay display;
	EGLConfig config;
	EGLSurface surface;

	screen_open(&screen);
	display = display_open(EGL_PLATFORM_GBM_KHR, screen.gbm);
	config = config_find(display);
	surface =
		eglCreateWindowSurface(display, config, (EGLNativeWindowType)screen.surface, NULL);
	require(surface, "eglCreateWindowSurface");
	require(eglMakeCurrent(display, surface, surface, context_create(display, config)),
		"eglMakeCurrent");
	require(picture_draw(screen.mode.hdisplay, screen.mode.vdisplay), "drawing");
	require(eglSwapBuffers(display, surface), "eglSwapBuffers");
	screen_show(&screen);
	fflush(stdout);
	return system(command) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void framebuffer_create(int width, int height)
{
	GLuint framebuffer, color, depth;

	glGenFramebuffers(1, &framebuffer);
	glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
	glGenTextures(1, &color);
	glBindTexture(GL_TEXTURE_2D, color);
	glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
	glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, color, 0);
	glGenRenderbuffers(1, &depth);
	glBindRenderbuffer(GL_RENDERBUFFER, depth);
	glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT24, width, height);
	glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth);
	require(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE,
		"making a framebuffer");
}

/* GL's first row is the lowest. */
static void file_write(const char *path, int width, int height)
{
	size_t row = 4 * (size_t)width;
	unsigned char *pixels = malloc(row * (size_t)height);
	FILE *file = fopen(path, "wb");

	require(file && pixels, "opening the file");
	glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
	fprintf(file, "P6\n%d %d\n255\n", width, height);
	for (int y = height - 1; y >= 0; y--) {
		for (int x = 0; x < width; x++) {
			fwrite(pixels + (size_t)y * row + 4 * (size_t)x, 3, 1, file);
		}
	}
	require(fclose(file) == 0, "writing the file");
	free(pixels);
}

static void surfaceless_begin(int width, int height)
{
	EGLDisplay display = display_open(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY);
	EGLContext context = context_create(display, EGL_NO_CONFIG_KHR);

	require(eglMakeCurrent(display, NULL, NULL, context), "eglMakeCurrent");
	framebuffer_create(width, height);
}

static int draw_file(int width, int height, const char *path)
{
	surfaceless_begin(width, height);
	require(picture_draw(width, height), "drawing");
	file_write(path, width, height);
	return EXIT_SUCCESS;
}

static int draw_endless(void)
{
	surfaceless_begin(ENDLESS_SIDE, ENDLESS_SIDE);
	require(endless_draw(), "losing the context");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int width, height;

	if (argc == 3 && strcmp(argv[1], "monitor") == 0) {
		return draw_monitor(argv[2]);
	}
	if (argc == 2 && strcmp(argv[1], "endless") == 0) {
		return draw_endless();
	}
	if (argc == 3 && sscanf(argv[1], "%dx%d", &width, &height) == 2 && width > 0 &&
		height > 0) {
		return draw_file(width, height, argv[2]);
	}
	fprintf(stderr, "usage: draw monitor COMMAND | WIDTHxHEIGHT FILE | endless\n");
	return 2;
}
