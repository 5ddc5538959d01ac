/* SPDX-License-Identifier: MIT */
#include <GL/gl.h>
#include <math.h>

#include "bench/draw.h"

/* Three wheels that turn, with the calls that such programs have made since OpenGL 1. */

enum {
	WHEELS = 3,
	FIRST_LIST = 1,
};

#define PI 3.14159265358979323846
#define TOOTH_DEPTH 0.7

struct wheel {
	double hole; // radius
	double radius;
	double width;
	int teeth;
	float color[4];
	float x;
	float y;
	float turns; // for each of the first wheel's
	float phase; // degrees
};

static const struct wheel wheels[WHEELS] = {
	{1.0, 4.0, 1.0, 20, {0.8f, 0.1f, 0.0f, 1}, -3.0f, -2.0f, 1, 0},
	{0.5, 2.0, 2.0, 10, {0.0f, 0.8f, 0.2f, 1}, 3.1f, -2.0f, -2, -9},
	{1.3, 2.0, 0.5, 10, {0.2f, 0.2f, 1.0f, 1}, -3.1f, 4.2f, -2, -25},
};

static void point(double radius, double angle, double z)
{
	glVertex3d(radius * cos(angle), radius * sin(angle), z);
}

/* A side: the disc, then the teeth. */
static void side_draw(const struct wheel *wheel, double z)
{
	double low = wheel->radius - TOOTH_DEPTH / 2;
	double high = wheel->radius + TOOTH_DEPTH / 2;
	double quarter = 2 * PI / wheel->teeth / 4;
	int turn = z > 0 ? 1 : -1;

	glNormal3d(0, 0, turn);
	glBegin(GL_QUAD_STRIP);
	for (int i = 0; i <= 2 * wheel->teeth; i++) {
		double angle = turn * i * 2 * quarter;

		point(wheel->hole, angle, z);
		point(low, angle, z);
	}
	glEnd();
	glBegin(GL_QUADS);
	for (int i = 0; i < wheel->teeth; i++) {
		double angle = i * 4 * quarter;
		double from = turn > 0 ? angle : angle + 3 * quarter;

		point(low, from, z);
		point(high, from + turn * quarter, z);
		point(high, from + turn * 2 * quarter, z);
		point(low, from + turn * 3 * quarter, z);
	}
	glEnd();
}

/* One face of a tooth's edge, between two places. */
static void face_draw(double radius0, double angle0, double radius1, double angle1, double z)
{
	double x = radius1 * cos(angle1) - radius0 * cos(angle0);
	double y = radius1 * sin(angle1) - radius0 * sin(angle0);

	glNormal3d(y, -x, 0);
	point(radius0, angle0, z);
	point(radius0, angle0, -z);
	point(radius1, angle1, z);
	point(radius1, angle1, -z);
}

static void rim_draw(const struct wheel *wheel, double z)
{
	double low = wheel->radius - TOOTH_DEPTH / 2;
	double high = wheel->radius + TOOTH_DEPTH / 2;
	double quarter = 2 * PI / wheel->teeth / 4;

	glBegin(GL_QUAD_STRIP);
	for (int i = 0; i < wheel->teeth; i++) {
		double angle = i * 4 * quarter;

		face_draw(low, angle, high, angle + quarter, z);
		face_draw(high, angle + quarter, high, angle + 2 * quarter, z);
		face_draw(high, angle + 2 * quarter, low, angle + 3 * quarter, z);
		face_draw(low, angle + 3 * quarter, low, angle + 4 * quarter, z);
	}
	glEnd();
}

static void hole_draw(const struct wheel *wheel, double z)
{
	glBegin(GL_QUAD_STRIP);
	for (int i = 0; i <= wheel->teeth; i++) {
		double angle = i * 2 * PI / wheel->teeth;

		glNormal3d(-cos(angle), -sin(angle), 0);
		point(wheel->hole, angle, -z);
		point(wheel->hole, angle, z);
	}
	glEnd();
}

static void wheel_compile(unsigned i)
{
	const struct wheel *wheel = &wheels[i];
	double z = wheel->width / 2;

	glNewList(FIRST_LIST + i, GL_COMPILE);
	glMaterialfv(GL_FRONT, GL_AMBIENT_AND_DIFFUSE, wheel->color);
	glShadeModel(GL_FLAT);
	side_draw(wheel, z);
	side_draw(wheel, -z);
	rim_draw(wheel, z);
	glShadeModel(GL_SMOOTH);
	hole_draw(wheel, z);
	glEndList();
}

void bench_gears_begin(int width, int height)
{
	static const GLfloat light[4] = {5, 5, 10, 0};
	double h = (double)height / width;

	glLightfv(GL_LIGHT0, GL_POSITION, light);
	glEnable(GL_CULL_FACE);
	glEnable(GL_LIGHTING);
	glEnable(GL_LIGHT0);
	glEnable(GL_DEPTH_TEST);
	glEnable(GL_NORMALIZE);
	for (unsigned i = 0; i < WHEELS; i++) {
		wheel_compile(i);
	}
	glMatrixMode(GL_PROJECTION);
	glLoadIdentity();
	glFrustum(-1, 1, -h, h, 5, 60);
	glMatrixMode(GL_MODELVIEW);
	glLoadIdentity();
	glTranslatef(0, 0, -40);
}

void bench_gears_frame(uint32_t frame)
{
	GLfloat angle = (GLfloat)(frame % 3600);

	glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
	glPushMatrix();
	glRotatef(20, 1, 0, 0);
	glRotatef(30, 0, 1, 0);
	for (unsigned i = 0; i < WHEELS; i++) {
		const struct wheel *wheel = &wheels[i];

		glPushMatrix();
		glTranslatef(wheel->x, wheel->y, 0);
		glRotatef(wheel->turns * angle + wheel->phase, 0, 0, 1);
		glCallList(FIRST_LIST + i);
		glPopMatrix();
	}
	glPopMatrix();
	glFlush();
}
