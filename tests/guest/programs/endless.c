/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/endless.h"

#include <EGL/egl.h>
#include <GLES2/gl2.h>
#include <GLES2/gl2ext.h>
#include <stdio.h>

#include "tests/guest/programs/shader.h"

static const char vertex_source[] = "attribute vec2 position;\n"
				    "void main() {\n"
				    "	gl_Position = vec4(position, 0.0, 1.0);\n"
				    "}\n";

/* What the compiler can't know: that the end is never reached. */
static const char fragment_source[] = "precision highp float;\n"
				      "uniform float end;\n"
				      "void main() {\n"
				      "	float x = gl_FragCoord.x;\n"
				      "	while (x != end) {\n"
				      "		x = fract(x * 1.37 + 0.1);\n"
				      "	}\n"
				      "	gl_FragColor = vec4(x);\n"
				      "}\n";

bool endless_draw(void)
{
	static const char *const attributes[] = {"position", NULL};
	static const float corners[] = {-1, -1, 3, -1, -1, 3};
	PFNGLGETGRAPHICSRESETSTATUSEXTPROC reset_status =
		(PFNGLGETGRAPHICSRESETSTATUSEXTPROC)eglGetProcAddress(
			"glGetGraphicsResetStatusEXT");
	GLuint program = shader_program(vertex_source, fragment_source, attributes);
	GLenum status;

	if (!program || !reset_status) {
		return false;
	}
	glUseProgram(program);
	glViewport(0, 0, ENDLESS_SIDE, ENDLESS_SIDE);
	glUniform1f(glGetUniformLocation(program, "end"), -1);
	glEnableVertexAttribArray(0);
	glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
	glDrawArrays(GL_TRIANGLES, 0, 3);
	glFinish();
	status = reset_status();
	printf("reset: %s\n", status == GL_GUILTY_CONTEXT_RESET_EXT     ? "guilty"
			      : status == GL_INNOCENT_CONTEXT_RESET_EXT ? "innocent"
									: "none");
	return status != GL_NO_ERROR;
}
