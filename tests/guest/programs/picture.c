/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/picture.h"

#include <stdio.h>

#include "tests/guest/programs/shader.h"

#define TEXTURE_SIDE 64

struct vertex {
	float position[3];
	float color[4];
	float at[2]; // in the texture
};

static const char vertex_source[] = "attribute vec3 position;\n"
				    "attribute vec4 color;\n"
				    "attribute vec2 at;\n"
				    "uniform mat4 matrix;\n"
				    "varying vec4 tint;\n"
				    "varying vec2 coordinate;\n"
				    "void main() {\n"
				    "	gl_Position = matrix * vec4(position, 1.0);\n"
				    "	tint = color;\n"
				    "	coordinate = at;\n"
				    "}\n";

static const char fragment_source[] = "precision highp float;\n"
				      "uniform sampler2D image;\n"
				      "varying vec4 tint;\n"
				      "varying vec2 coordinate;\n"
				      "void main() {\n"
				      "	gl_FragColor = tint * texture2D(image, coordinate);\n"
				      "}\n";

static const float identity[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

/* Turned about two axes, in perspective, as columns. */
static const float perspective[16] = {0.72f, 0.25f, 0.62f, 0.6f, 0, 1.15f, -0.52f, -0.5f, 0.54f,
	-0.33f, -0.82f, -0.8f, -0.45f, 0, 3.0f, 3.4f};

/* Faces of a cube. */
static const struct vertex cube[][4] = {
	{{{-1, -1, 1}, {1, 1, 1, 1}, {0, 0}}, {{1, -1, 1}, {1, 1, 0, 1}, {2, 0}},
		{{-1, 1, 1}, {0, 1, 1, 1}, {0, 2}}, {{1, 1, 1}, {0, 1, 0, 1}, {2, 2}}},
	{{{1, -1, 1}, {1, 0, 0, 1}, {0, 0}}, {{1, -1, -1}, {1, 0.5f, 0, 1}, {1, 0}},
		{{1, 1, 1}, {1, 0, 1, 1}, {0, 1}}, {{1, 1, -1}, {1, 1, 1, 1}, {1, 1}}},
	{{{-1, 1, 1}, {0.2f, 0.4f, 1, 1}, {0, 0}}, {{1, 1, 1}, {1, 1, 1, 1}, {4, 0}},
		{{-1, 1, -1}, {1, 1, 1, 1}, {0, 4}}, {{1, 1, -1}, {0.2f, 1, 0.4f, 1}, {4, 4}}},
	{{{-1, -1, -1}, {1, 1, 1, 1}, {0, 0}}, {{1, -1, -1}, {1, 1, 1, 1}, {8, 0}},
		{{-1, 1, -1}, {1, 1, 1, 1}, {0, 8}}, {{1, 1, -1}, {1, 1, 1, 1}, {8, 8}}},
	{{{-1, -1, -1}, {1, 0, 0, 1}, {0, 0}}, {{-1, -1, 1}, {1, 1, 0, 1}, {1, 0}},
		{{-1, 1, -1}, {1, 0, 1, 1}, {0, 1}}, {{-1, 1, 1}, {0, 1, 1, 1}, {1, 1}}},
	{{{-1, -1, -1}, {1, 1, 0, 1}, {0, 0}}, {{1, -1, -1}, {1, 0, 1, 1}, {2, 0}},
		{{-1, -1, 1}, {0, 1, 1, 1}, {0, 2}}, {{1, -1, 1}, {1, 1, 1, 1}, {2, 2}}},
};

static const struct vertex backdrop[] = {
	{{-0.95f, -0.9f, 0.9f}, {1, 0, 0, 1}, {0.25f, 0.25f}},
	{{0.97f, -0.6f, 0.9f}, {0, 1, 0, 1}, {0.25f, 0.25f}},
	{{-0.1f, 0.96f, 0.9f}, {0, 0, 1, 1}, {0.25f, 0.25f}},
};

static const struct vertex glass[] = {
	{{0.1f, -0.7f, -0.9f}, {1, 1, 0.6f, 0.5f}, {0.25f, 0.25f}},
	{{0.9f, -0.5f, -0.9f}, {1, 1, 0.6f, 0.25f}, {0.25f, 0.25f}},
	{{0.2f, 0.5f, -0.9f}, {0.4f, 1, 1, 0.75f}, {0.25f, 0.25f}},
	{{0.8f, 0.8f, -0.9f}, {0.4f, 1, 1, 0.5f}, {0.25f, 0.25f}},
};

/* White in the first quarter, squares of two colours elsewhere; smaller ones by the driver. */
static void texture_create(void)
{
	static unsigned char texels[TEXTURE_SIDE][TEXTURE_SIDE][4];
	GLuint texture;

	for (int y = 0; y < TEXTURE_SIDE; y++) {
		for (int x = 0; x < TEXTURE_SIDE; x++) {
			int half = TEXTURE_SIDE / 2;
			int dark = (x >= half || y >= half) && ((x / 8 + y / 8) & 1);

			texels[y][x][0] = dark ? 60 : 255;
			texels[y][x][1] = dark ? 90 : 255;
			texels[y][x][2] = 255;
			texels[y][x][3] = 255;
		}
	}
	glGenTextures(1, &texture);
	glBindTexture(GL_TEXTURE_2D, texture);
	glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, TEXTURE_SIDE, TEXTURE_SIDE, 0, GL_RGBA,
		GL_UNSIGNED_BYTE, texels);
	glGenerateMipmap(GL_TEXTURE_2D);
	glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
}

static void strip_draw(const struct vertex *vertices, int count)
{
	glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, sizeof(*vertices), vertices->position);
	glVertexAttribPointer(1, 4, GL_FLOAT, GL_FALSE, sizeof(*vertices), vertices->color);
	glVertexAttribPointer(2, 2, GL_FLOAT, GL_FALSE, sizeof(*vertices), vertices->at);
	glDrawArrays(GL_TRIANGLE_STRIP, 0, count);
}

static void strips_draw(GLint matrix)
{
	glUniformMatrix4fv(matrix, 1, GL_FALSE, identity);
	strip_draw(backdrop, 3);
	glUniformMatrix4fv(matrix, 1, GL_FALSE, perspective);
	for (int i = 0; i < 6; i++) {
		strip_draw(cube[i], 4);
	}
	glEnable(GL_BLEND);
	glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
	glUniformMatrix4fv(matrix, 1, GL_FALSE, identity);
	strip_draw(glass, 4);
	glDisable(GL_BLEND);
}

bool picture_draw(int width, int height)
{
	static const char *const attributes[] = {"position", "color", "at", NULL};
	GLuint program = shader_program(vertex_source, fragment_source, attributes);

	if (!program) {
		return false;
	}
	printf("renderer: %s\n", (const char *)glGetString(GL_RENDERER));
	glUseProgram(program);
	texture_create();
	for (GLuint i = 0; i < 3; i++) {
		glEnableVertexAttribArray(i);
	}
	glViewport(0, 0, width, height);
	glClearColor(0.1f, 0.2f, 0.3f, 1);
	glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
	glEnable(GL_DEPTH_TEST);
	strips_draw(glGetUniformLocation(program, "matrix"));
	glFinish();
	return glGetError() == GL_NO_ERROR;
}
