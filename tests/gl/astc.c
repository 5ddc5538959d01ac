/* SPDX-License-Identifier: MIT */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl32.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Prints what the system's OpenGL ES makes of textures of ASTC: for each format and level a line of its name, the level, its
 * width, and its texels as hexadecimal codes, red first. Blocks are random, most of them with modes of weights that may be legal.
 * EGL_PLATFORM has to be surfaceless.
 */

#define WIDTH 61
#define HEIGHT 47
#define LEVELS 6

static const struct size {
	uint8_t width;
	uint8_t height;
} sizes[] = {{4, 4}, {5, 4}, {5, 5}, {6, 5}, {6, 6}, {8, 5}, {8, 6}, {8, 8}, {10, 5}, {10, 6},
	{10, 8}, {10, 10}, {12, 10}, {12, 12}};

/* Codes are the highest 8 of the 16 bits that a texel has, or what sRGB encodes. */
static const char *const vertex_source =
	"#version 320 es\n"
	"void main() {\n"
	"	vec2 at = vec2(gl_VertexID & 1, gl_VertexID >> 1);\n"
	"	gl_Position = vec4(at * 4.0 - 1.0, 0.0, 1.0);\n"
	"}\n";
static const char *const fragment_source =
	"#version 320 es\n"
	"precision highp float;\n"
	"uniform highp sampler2D source;\n"
	"uniform int level;\n"
	"uniform bool srgb;\n"
	"out vec4 color;\n"
	"void main() {\n"
	"	vec4 texel = texelFetch(source, ivec2(gl_FragCoord.xy), level);\n"
	"	vec3 curve = 1.055 * pow(texel.rgb, vec3(1.0 / 2.4)) - 0.055;\n"
	"	vec3 encoded = mix(curve, texel.rgb * 12.92, lessThan(texel.rgb, vec3(0.003)));\n"
	"	color = srgb ? vec4(encoded, texel.a) : min(floor(texel * 256.0), 255.0) / 255.0;\n"
	"}\n";

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "astc: %s failed\n", what);
		exit(1);
	}
}

static void context_make(void)
{
	static const EGLint attributes[] = {EGL_CONTEXT_CLIENT_VERSION, 3, EGL_NONE};
	EGLDisplay display = eglGetDisplay(EGL_DEFAULT_DISPLAY);
	EGLContext context;

	require(eglInitialize(display, NULL, NULL), "eglInitialize");
	eglBindAPI(EGL_OPENGL_ES_API);
	context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
	require(eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context), "eglMakeCurrent");
}

static GLuint program_make(void)
{
	GLuint program = glCreateProgram();
	GLint linked = 0;

	for (unsigned i = 0; i < 2; i++) {
		GLuint shader = glCreateShader(i == 0 ? GL_VERTEX_SHADER : GL_FRAGMENT_SHADER);

		glShaderSource(shader, 1, i == 0 ? &vertex_source : &fragment_source, NULL);
		glCompileShader(shader);
		glAttachShader(program, shader);
	}
	glLinkProgram(program);
	glGetProgramiv(program, GL_LINK_STATUS, &linked);
	require(linked, "program");
	glUseProgram(program);
	return program;
}

static void target_make(void)
{
	GLuint pixels, framebuffer;

	glGenRenderbuffers(1, &pixels);
	glBindRenderbuffer(GL_RENDERBUFFER, pixels);
	glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, WIDTH, HEIGHT);
	glGenFramebuffers(1, &framebuffer);
	glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
	glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, pixels);
	require(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE, "framebuffer");
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* Modes: grids of 4x4 weights of 2 bits, trits, quints, 3 bits, and of two planes; void extents. */
static void block_make(uint16_t *block, uint32_t *seed)
{
	static const uint16_t modes[] = {0x42, 0x51, 0x52, 0x53, 0x442, 0x451, 0x452, 0x5fc};

	for (unsigned i = 0; i < 8; i++) {
		block[i] = random_next(seed);
	}
	if (random_next(seed) % 8 > 0) {
		block[0] = (block[0] & 0xf800) | modes[random_next(seed) % 8];
	}
}

static void level_upload(GLenum format, const struct size *size, GLint level, uint32_t *seed)
{
	uint16_t blocks[16 * 12][8];
	GLsizei width = WIDTH >> level;
	GLsizei height = HEIGHT >> level;
	unsigned columns = (width + size->width - 1) / size->width;
	unsigned count = columns * ((height + size->height - 1) / size->height);

	for (unsigned i = 0; i < count; i++) {
		block_make(blocks[i], seed);
	}
	glCompressedTexImage2D(
		GL_TEXTURE_2D, level, format, width, height, 0, (GLsizei)(16 * count), blocks);
}

static void level_print(const struct size *size, bool srgb, GLint level)
{
	static uint8_t texels[WIDTH * HEIGHT * 4];
	GLsizei width = WIDTH >> level;
	GLsizei height = HEIGHT >> level;

	glViewport(0, 0, width, height);
	glDrawArrays(GL_TRIANGLES, 0, 3);
	glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, texels);
	printf("%ux%u%s %d %d ", size->width, size->height, srgb ? "_sRGB" : "", level, width);
	for (GLsizei i = 0; i < width * height * 4; i++) {
		printf("%02x", texels[i]);
	}
	printf("\n");
}

static void texture_print(GLuint program, unsigned which, bool srgb)
{
	GLenum first = srgb ? GL_COMPRESSED_SRGB8_ALPHA8_ASTC_4x4 : GL_COMPRESSED_RGBA_ASTC_4x4;
	uint32_t seed = which + 1;
	GLuint texture;

	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST_MIPMAP_NEAREST);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, LEVELS - 1);
	for (GLint level = 0; level < LEVELS; level++) {
		level_upload(first + which, &sizes[which], level, &seed);
	}
	glUniform1i(glGetUniformLocation(program, "srgb"), srgb);
	for (GLint level = 0; level < LEVELS; level++) {
		glUniform1i(glGetUniformLocation(program, "level"), level);
		level_print(&sizes[which], srgb, level);
	}
	glDeleteTextures(1, &texture);
}

int main(void)
{
	GLuint program;

	context_make();
	program = program_make();
	target_make();
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		texture_print(program, i, false);
		texture_print(program, i, true);
	}
	require(glGetError() == GL_NO_ERROR, "a GL call");
	return 0;
}
