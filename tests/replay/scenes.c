/* SPDX-License-Identifier: MIT */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/draw.h"

/*
 * usage: scenes NAME [FILE.ppm | --fork | --large | --loop]
 *
 * Draws one small picture, and saves it; --fork: a child of its own draws it as well; --large: the picture is not small; --loop: draws it
 * until somebody ends the program.
 * Rows stand as in memory: the lowest first.
 */

enum {
	SIDE = 96, // pixels
	LARGE_SIDE = 600,
	TEXTURE_SIDE = 32,
};

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "scenes: %s failed\n", what);
		exit(1);
	}
}

static EGLDisplay context_begin(void)
{
	static const EGLint attributes[] = {EGL_NONE};
	PFNEGLGETPLATFORMDISPLAYEXTPROC get_display =
		(PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
	EGLDisplay display =
		get_display(EGL_PLATFORM_SURFACELESS_MESA, (void *)EGL_DEFAULT_DISPLAY, NULL);
	EGLContext context;

	require(eglInitialize(display, NULL, NULL), "eglInitialize");
	require(eglBindAPI(EGL_OPENGL_API), "eglBindAPI");
	context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
	require(context, "eglCreateContext");
	require(eglMakeCurrent(display, NULL, NULL, context), "eglMakeCurrent");
	return display;
}

static void target_begin(GLsizei side)
{
	GLuint framebuffer, color, depth;

	glGenFramebuffers(1, &framebuffer);
	glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
	glGenRenderbuffers(1, &color);
	glBindRenderbuffer(GL_RENDERBUFFER, color);
	glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, side, side);
	glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color);
	glGenRenderbuffers(1, &depth);
	glBindRenderbuffer(GL_RENDERBUFFER, depth);
	glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH24_STENCIL8, side, side);
	glFramebufferRenderbuffer(
		GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth);
	require(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE,
		"glCheckFramebufferStatus");
	glViewport(0, 0, side, side);
}

static void rectangle(float x0, float y0, float x1, float y1)
{
	glBegin(GL_TRIANGLE_STRIP);
	glVertex2f(x0, y0);
	glVertex2f(x1, y0);
	glVertex2f(x0, y1);
	glVertex2f(x1, y1);
	glEnd();
}

static void clear_all(void)
{
	glClearColor(0.125f, 0.25f, 0.375f, 1);
	glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
}

/* All of it, and then some of it, which another way of clearing does. */
static void scene_clear(void)
{
	clear_all();
	glEnable(GL_SCISSOR_TEST);
	glScissor(10, 20, 50, 30);
	glClearColor(1, 0.5f, 0, 1);
	glClear(GL_COLOR_BUFFER_BIT);
	glDisable(GL_SCISSOR_TEST);
}

static void scene_triangle(void)
{
	clear_all();
	glBegin(GL_TRIANGLES);
	glColor3f(1, 0, 0);
	glVertex2f(-0.8f, -0.7f);
	glColor3f(0, 1, 0);
	glVertex2f(0.9f, -0.4f);
	glColor3f(0, 0, 1);
	glVertex2f(-0.1f, 0.8f);
	glEnd();
}

static void scene_gears(void)
{
	bench_gears_begin(SIDE, SIDE);
	bench_gears_frame(10);
}

static void mips_make(void)
{
	static uint8_t texels[TEXTURE_SIDE * TEXTURE_SIDE][4];
	unsigned level = 0;

	for (unsigned side = TEXTURE_SIDE; side > 0; side /= 2, level++) {
		for (unsigned i = 0; i < side * side; i++) {
			unsigned odd = (i % side / 2 + i / side / 2) % 2;

			texels[i][0] = (uint8_t)(odd ? 255 : 40 * level);
			texels[i][1] = (uint8_t)(odd ? 250 - 40 * level : 0);
			texels[i][2] = (uint8_t)(side > 1 ? 255 * (i % side) / (side - 1) : 128);
			texels[i][3] = 255;
		}
		glTexImage2D(GL_TEXTURE_2D, (GLint)level, GL_RGBA8, (GLsizei)side, (GLsizei)side, 0,
			GL_RGBA, GL_UNSIGNED_BYTE, texels);
	}
}

/* A floor that goes far away, so that all levels show. */
static void scene_mips(void)
{
	GLuint texture;

	clear_all();
	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	mips_make();
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
	glEnable(GL_TEXTURE_2D);
	glBegin(GL_TRIANGLE_STRIP);
	glTexCoord2f(0, 0);
	glVertex4f(-1, -1, 0, 1);
	glTexCoord2f(2, 0);
	glVertex4f(1, -1, 0, 1);
	glTexCoord2f(0, 8);
	glVertex4f(-8, 6, 0, 8);
	glTexCoord2f(2, 8);
	glVertex4f(8, 6, 0, 8);
	glEnd();
}

static void scene_blend(void)
{
	clear_all();
	glEnable(GL_BLEND);
	glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
	glColor4f(1, 0, 0, 0.5f);
	rectangle(-0.9f, -0.9f, 0.2f, 0.3f);
	glColor4f(0, 1, 0, 0.25f);
	rectangle(-0.4f, -0.5f, 0.9f, 0.5f);
	glBlendFunc(GL_ONE, GL_ONE);
	glColor4f(0.25f, 0.125f, 0.5f, 1);
	rectangle(-0.6f, 0, 0.6f, 0.9f);
	glBlendEquation(GL_MAX);
	glColor4f(0.5f, 0.25f, 0.75f, 1);
	rectangle(0.5f, -0.8f, 0.8f, 0.8f);
	glEnable(GL_COLOR_LOGIC_OP);
	glLogicOp(GL_XOR);
	glColor4f(1, 1, 1, 0);
	rectangle(-0.2f, -0.8f, 0, 0.8f);
}

static GLuint program_make(const char *source)
{
	GLuint shader = glCreateShader(GL_FRAGMENT_SHADER);
	GLuint program = glCreateProgram();
	GLint good;

	glShaderSource(shader, 1, &source, NULL);
	glCompileShader(shader);
	glAttachShader(program, shader);
	glLinkProgram(program);
	glGetProgramiv(program, GL_LINK_STATUS, &good);
	require(good, "glLinkProgram");
	return program;
}

/* Steps to leave a circle, by a loop that pixels leave at different times, and a branch in it. */
static void scene_loop(void)
{
	GLuint program =
		program_make("uniform float limit;\n"
			     "void main() {\n"
			     "	vec2 c = gl_FragCoord.xy / 32.0 - vec2(2.1, 1.5);\n"
			     "	vec2 z = vec2(0.0);\n"
			     "	float n = 0.0;\n"
			     "	float odd = 0.0;\n"
			     "	while (n < limit && dot(z, z) < 4.0) {\n"
			     "		z = vec2(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;\n"
			     "		if (z.y < 0.0)\n"
			     "			odd += 1.0;\n"
			     "		else if (z.x > 1.0)\n"
			     "			odd += 0.5;\n"
			     "		n += 1.0;\n"
			     "	}\n"
			     "	gl_FragColor = vec4(n / limit, odd / limit, 0.25, 1.0);\n"
			     "}\n");

	clear_all();
	glUseProgram(program);
	glUniform1f(glGetUniformLocation(program, "limit"), 24);
	rectangle(-1, -1, 1, 1);
	glUseProgram(0);
}

/* A hole by stencil, and rectangles that go through each other. */
static void scene_stencil(void)
{
	clear_all();
	glEnable(GL_STENCIL_TEST);
	glStencilFunc(GL_ALWAYS, 1, 0xff);
	glStencilOp(GL_KEEP, GL_KEEP, GL_REPLACE);
	glColorMask(0, 0, 0, 0);
	rectangle(-0.3f, -0.4f, 0.4f, 0.3f);
	glColorMask(1, 1, 1, 1);
	glStencilFunc(GL_NOTEQUAL, 1, 0xff);
	glStencilOp(GL_KEEP, GL_INCR, GL_KEEP);
	glEnable(GL_DEPTH_TEST);
	glColor3f(1, 1, 0);
	glBegin(GL_TRIANGLES);
	glVertex3f(-0.9f, -0.8f, -0.8f);
	glVertex3f(0.9f, -0.8f, 0.8f);
	glVertex3f(0, 0.9f, 0);
	glColor3f(0, 1, 1);
	glVertex3f(-0.9f, 0.8f, 0.5f);
	glVertex3f(0.9f, 0.8f, -0.5f);
	glVertex3f(0, -0.9f, 0);
	glEnd();
	glDisable(GL_DEPTH_TEST);
	glStencilFunc(GL_EQUAL, 1, 0xff);
	glColor3f(1, 0, 1);
	rectangle(-0.2f, -1, 0, 1);
}

static const struct scene {
	const char *name;
	void (*draw)(void);
} scenes[] = {
	{"clear", scene_clear},
	{"triangle", scene_triangle},
	{"gears", scene_gears},
	{"mips", scene_mips},
	{"blend", scene_blend},
	{"loop", scene_loop},
	{"stencil", scene_stencil},
};

static const struct scene *scene_find(const char *name)
{
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		if (strcmp(scenes[i].name, name) == 0) {
			return &scenes[i];
		}
	}
	fprintf(stderr, "scenes: there is no scene '%s'\n", name);
	exit(1);
}

static void picture_save(const char *path)
{
	static uint8_t pixels[SIDE * SIDE][3];
	FILE *file = fopen(path, "wb");

	require(file, "fopen");
	glPixelStorei(GL_PACK_ALIGNMENT, 1);
	glReadPixels(0, 0, SIDE, SIDE, GL_RGB, GL_UNSIGNED_BYTE, pixels);
	fprintf(file, "P6\n%d %d\n255\n", SIDE, SIDE);
	require(fwrite(pixels, sizeof(pixels), 1, file) == 1, "fwrite");
	require(fclose(file) == 0, "fclose");
}

static void draw(const struct scene *scene, const char *option)
{
	bool loop = option && strcmp(option, "--loop") == 0;
	bool large = option && strcmp(option, "--large") == 0;
	EGLDisplay display = context_begin();

	target_begin(large ? LARGE_SIDE : SIDE);
	do {
		scene->draw();
		glFinish();
	} while (loop);
	if (option && option[0] != '-') {
		picture_save(option);
	}
	eglMakeCurrent(display, NULL, NULL, NULL);
	eglTerminate(display);
}

int main(int argc, char **argv)
{
	const char *option = argc > 2 ? argv[2] : NULL;

	require(argc >= 2, "reading the arguments");
	if (option && strcmp(option, "--fork") == 0) {
		fork();
	}
	draw(scene_find(argv[1]), option);
	return 0;
}
