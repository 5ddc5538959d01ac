/* SPDX-License-Identifier: MIT */
#include "bench/draw.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench.h"

/*
 * usage: bench-draw [--renderer | SCENE...]
 *
 * Prints how much of each scene (all, if none is named) is drawn in a second, and by a second of processor time; the renderer's name
 * alone with --renderer.
 */

enum {
	ROUNDS = 5,
	ROUND_NS = 200000000,
};

static double clock_ns(clockid_t id)
{
	struct timespec at;

	clock_gettime(id, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "bench-draw: %s failed\n", what);
		exit(1);
	}
}

struct context {
	EGLDisplay display;
	EGLContext context;
};

static struct context context_begin(bool desktop)
{
	static const EGLint es2[] = {EGL_CONTEXT_CLIENT_VERSION, 2, EGL_NONE};
	static const EGLint any[] = {EGL_NONE};
	PFNEGLGETPLATFORMDISPLAYEXTPROC get_display =
		(PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
	struct context context;

	context.display =
		get_display(EGL_PLATFORM_SURFACELESS_MESA, (void *)EGL_DEFAULT_DISPLAY, NULL);
	require(eglInitialize(context.display, NULL, NULL), "eglInitialize");
	require(eglBindAPI(desktop ? EGL_OPENGL_API : EGL_OPENGL_ES_API), "eglBindAPI");
	context.context = eglCreateContext(
		context.display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, desktop ? any : es2);
	require(context.context, "eglCreateContext");
	require(eglMakeCurrent(context.display, EGL_NO_SURFACE, EGL_NO_SURFACE, context.context),
		"eglMakeCurrent");
	return context;
}

static void context_end(const struct context *context)
{
	eglMakeCurrent(context->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
	eglDestroyContext(context->display, context->context);
	eglTerminate(context->display);
}

static void target_begin(const struct bench_scene *scene)
{
	GLuint frame;
	GLuint buffers[2];

	glGenFramebuffers(1, &frame);
	glBindFramebuffer(GL_FRAMEBUFFER, frame);
	glGenRenderbuffers(2, buffers);
	glBindRenderbuffer(GL_RENDERBUFFER, buffers[0]);
	glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, scene->width, scene->height);
	glFramebufferRenderbuffer(
		GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, buffers[0]);
	if (scene->desktop) {
		glBindRenderbuffer(GL_RENDERBUFFER, buffers[1]);
		glRenderbufferStorage(
			GL_RENDERBUFFER, GL_DEPTH_COMPONENT24, scene->width, scene->height);
		glFramebufferRenderbuffer(
			GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, buffers[1]);
	}
	require(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE,
		"the framebuffer");
	glViewport(0, 0, scene->width, scene->height);
}

/* How many frames were drawn in about a round's time, and in which. */
struct round {
	uint32_t frames;
	double wall;
	double processor;
};

static struct round round_run(const struct bench_scene *scene, uint32_t *frame)
{
	struct round round = {
		.wall = clock_ns(CLOCK_MONOTONIC),
		.processor = clock_ns(CLOCK_PROCESS_CPUTIME_ID),
	};
	uint32_t first = *frame;

	do {
		for (unsigned i = 0; i < 4; i++) {
			bench_scene_frame(scene, (*frame)++);
		}
		glFinish();
	} while (clock_ns(CLOCK_MONOTONIC) - round.wall < ROUND_NS);
	round.wall = clock_ns(CLOCK_MONOTONIC) - round.wall;
	round.processor = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - round.processor;
	round.frames = *frame - first;
	return round;
}

static void scene_measure(const struct bench_scene *scene)
{
	double wall[ROUNDS];
	double processor[ROUNDS];
	uint32_t frame = 0;
	char name[64];

	round_run(scene, &frame);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct round round = round_run(scene, &frame);

		wall[i] = round.frames * scene->per_frame / (round.wall / 1e9);
		processor[i] = round.frames * scene->per_frame / (round.processor / 1e9);
	}
	bench_print(scene->name, bench_median(wall, ROUNDS), scene->unit, NULL, 0);
	snprintf(name, sizeof(name), "%s, processor", scene->name);
	bench_print(name, bench_median(processor, ROUNDS), scene->unit, NULL, 0);
	fflush(stdout);
}

static bool is_wanted(const struct bench_scene *scene, int count, char **names)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(names[i], scene->name) == 0) {
			return true;
		}
	}
	return count == 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--renderer") == 0) {
		struct context context = context_begin(false);

		printf("%s\n", (const char *)glGetString(GL_RENDERER));
		context_end(&context);
		return 0;
	}
	for (unsigned i = 0; i < bench_scene_count; i++) {
		const struct bench_scene *scene = &bench_scenes[i];
		struct context context;

		if (!is_wanted(scene, argc - 1, argv + 1)) {
			continue;
		}
		context = context_begin(scene->desktop);
		target_begin(scene);
		bench_scene_begin(scene);
		scene_measure(scene);
		require(glGetError() == GL_NO_ERROR, scene->name);
		context_end(&context);
	}
	return 0;
}
