/* SPDX-License-Identifier: MIT */
#include <GL/gl.h>
#include <GL/glext.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/draw.h"

enum {
	WIDTH = 1920,
	HEIGHT = 1080,
	TEXTURE_SIDE = 512,
	GEARS_SIDE = 300,
};

#define MPIX ((double)WIDTH * HEIGHT / 1e6)

static const char vertex_shader[] =
	"attribute vec2 at; varying vec2 place;\n"
	"void main() { place = at * 0.5 + 0.5; gl_Position = vec4(at, 0.0, 1.0); }\n";

#define HEAD \
	"precision highp float; varying vec2 place; uniform vec4 color; uniform sampler2D image;\n"

static const char flat_shader[] = HEAD "void main() { gl_FragColor = color; }\n";

static const char texture_shader[] =
	HEAD "void main() { gl_FragColor = texture2D(image, place * vec2(3.7, 2.1)); }\n";

static const char fractal_shader[] =
	HEAD "void main() {\n"
	     "	vec2 c = place * vec2(3.0, 2.0) - vec2(2.2, 1.0);\n"
	     "	vec2 z = c;\n"
	     "	float n = 0.0;\n"
	     "	for (int i = 0; i < 64; i++) {\n"
	     "		if (dot(z, z) > 4.0) break;\n"
	     "		z = vec2(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;\n"
	     "		n += 1.0;\n"
	     "	}\n"
	     "	gl_FragColor = vec4(n / 64.0, fract(n * 0.1), color.z, 1.0);\n"
	     "}\n";

static const char arithmetic_shader[] =
	HEAD "void main() {\n"
	     "	vec3 normal = normalize(vec3(sin(place.x * 9.0), cos(place.y * 7.0), 1.0));\n"
	     "	vec3 sum = vec3(0.1);\n"
	     "	for (int i = 0; i < 8; i++) {\n"
	     "		float t = float(i) * 0.7 + color.x;\n"
	     "		vec3 light = normalize(vec3(sin(t) - place.x, cos(t) - place.y, 0.6));\n"
	     "		float diffuse = max(dot(normal, light), 0.0);\n"
	     "		float shine = pow(max(reflect(-light, normal).z, 0.0), 20.0);\n"
	     "		sum += diffuse * vec3(0.2, 0.1, 0.05) + shine * vec3(0.1, 0.1, 0.2);\n"
	     "	}\n"
	     "	gl_FragColor = vec4(sum, 1.0);\n"
	     "}\n";

#define FILL .width = WIDTH, .height = HEIGHT, .unit = "Mpix/s", .per_frame = MPIX

const struct bench_scene bench_scenes[] = {
	{.name = "clear", FILL},
	{.name = "flat", FILL, .shader = flat_shader},
	{.name = "texture", FILL, .shader = texture_shader, .options = "t"},
	{.name = "blend", FILL, .shader = flat_shader, .options = "b"},
	{.name = "fractal", FILL, .shader = fractal_shader},
	{.name = "arithmetic", FILL, .shader = arithmetic_shader},
	{
		.name = "gears",
		.desktop = true,
		.width = GEARS_SIDE,
		.height = GEARS_SIDE,
		.unit = "frames/s",
		.per_frame = 1,
	},
};
const unsigned bench_scene_count = sizeof(bench_scenes) / sizeof(bench_scenes[0]);

static bool has_option(const struct bench_scene *scene, char option)
{
	return scene->options && strchr(scene->options, option);
}

static void shader_add(GLuint program, GLenum kind, const char *text)
{
	GLuint shader = glCreateShader(kind);
	GLint good;

	glShaderSource(shader, 1, &text, NULL);
	glCompileShader(shader);
	glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
	if (!good) {
		fprintf(stderr, "bench-draw: a shader does not compile\n");
		exit(1);
	}
	glAttachShader(program, shader);
}

static void texture_begin(void)
{
	static uint32_t texels[TEXTURE_SIDE * TEXTURE_SIDE];
	GLuint texture;

	for (uint32_t i = 0; i < TEXTURE_SIDE * TEXTURE_SIDE; i++) {
		texels[i] = i * 2654435761u;
	}
	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, TEXTURE_SIDE, TEXTURE_SIDE, 0, GL_RGBA,
		GL_UNSIGNED_BYTE, texels);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
}

void bench_scene_begin(const struct bench_scene *scene)
{
	static const GLfloat corners[] = {-1, -1, 1, -1, -1, 1, 1, 1};
	GLuint program;

	if (scene->desktop) {
		bench_gears_begin(scene->width, scene->height);
	}
	if (!scene->shader) {
		return;
	}
	program = glCreateProgram();
	shader_add(program, GL_VERTEX_SHADER, vertex_shader);
	shader_add(program, GL_FRAGMENT_SHADER, scene->shader);
	glBindAttribLocation(program, 0, "at");
	glLinkProgram(program);
	glUseProgram(program);
	glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
	glEnableVertexAttribArray(0);
	if (has_option(scene, 't')) {
		texture_begin();
	}
	if (has_option(scene, 'b')) {
		glEnable(GL_BLEND);
		glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
	}
}

/* No two frames in a row are alike, so that none can be left out. */
void bench_scene_frame(const struct bench_scene *scene, uint32_t frame)
{
	GLfloat shade = (GLfloat)(frame % 64) / 64;
	GLint program;

	if (scene->desktop) {
		bench_gears_frame(frame);
		return;
	}
	if (!scene->shader) {
		glClearColor(shade, 0.5f, 1 - shade, 1);
		glClear(GL_COLOR_BUFFER_BIT);
		glFlush();
		return;
	}
	glGetIntegerv(GL_CURRENT_PROGRAM, &program);
	glUniform4f(glGetUniformLocation((GLuint)program, "color"), shade, 0.5f, 1 - shade, 0.4f);
	glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
	glFlush();
}
