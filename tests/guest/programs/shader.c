/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/shader.h"

#include <stddef.h>

static GLuint shader_create(GLenum kind, const char *source)
{
	GLuint shader = glCreateShader(kind);

	glShaderSource(shader, 1, &source, NULL);
	glCompileShader(shader);
	return shader;
}

GLuint shader_program(const char *vertex, const char *fragment, const char *const *attributes)
{
	GLuint program = glCreateProgram();
	GLint linked = 0;

	glAttachShader(program, shader_create(GL_VERTEX_SHADER, vertex));
	glAttachShader(program, shader_create(GL_FRAGMENT_SHADER, fragment));
	for (GLuint i = 0; attributes[i]; i++) {
		glBindAttribLocation(program, i, attributes[i]);
	}
	glLinkProgram(program);
	glGetProgramiv(program, GL_LINK_STATUS, &linked);
	return linked ? program : 0;
}
