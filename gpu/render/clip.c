/* SPDX-License-Identifier: MIT */
#include "gpu/render/clip.h"

#include <math.h>

/*
 * A corner of what is left of an object is a mixture of the object's vertices: three weights say all about it, position and
 * distances to planes follow. Two objects that share an edge cut it at the same place, since a cut is always computed from
 * its inner to its outer end.
 */
struct corner {
	double weights[3];
	bool edge; // the one that starts here is the object's own
};

struct polygon {
	struct corner corners[UGVT_CLIP_CORNERS];
	unsigned count;
};

#define PLANES_MASK (UGVT_BIT(UGVT_CLIP_PLANES) - 1)
#define REJECT_MASK (~(UGVT_BIT(UGVT_CLIP_BAD) | UGVT_BIT(UGVT_CLIP_AWAY)))
#define AT_LAYER 1
#define AT_VIEWPORT 2
#define AT_WIDTH 3
#define AT_POSITION 4
#define AT_DISTANCES 8
#define LAYER_MASK UGVT_MASK(10, 0)

static float vue_float(const struct ugvt_clip *clip, const struct ugvt_vertex *vertex, unsigned at)
{
	return at < clip->vue_dwords ? ugvt_state_float(vertex->vue[at]) : 0;
}

static uint32_t planes_of(const struct ugvt_state *state, const struct ugvt_clip *clip)
{
	uint32_t planes = UGVT_BIT(UGVT_CLIP_W) | (uint32_t)clip->clip_distances << UGVT_CLIP_USER;

	if (ugvt_state_clip_near(state)) {
		planes |= UGVT_BIT(UGVT_CLIP_NEAR);
	}
	if (ugvt_state_clip_far(state)) {
		planes |= UGVT_BIT(UGVT_CLIP_FAR);
	}
	if (clip->guardband || clip->viewport_xy) {
		planes |= UGVT_MASK(UGVT_CLIP_Y_MAX, UGVT_CLIP_X_MIN);
	}
	return planes;
}

/* What the last stage says of its distances. */
static void stage_distances(
	const struct ugvt_state *state, uint8_t *clip_distances, uint8_t *cull_distances)
{
	if (ugvt_state_gs_enable(state)) {
		*clip_distances = (uint8_t)ugvt_state_gs_clip_distances(state);
		*cull_distances = (uint8_t)ugvt_state_gs_cull_distances(state);
	} else if (ugvt_state_ds_enable(state)) {
		*clip_distances = (uint8_t)ugvt_state_ds_clip_distances(state);
		*cull_distances = (uint8_t)ugvt_state_ds_cull_distances(state);
	} else {
		*clip_distances = (uint8_t)ugvt_state_vs_clip_distances(state);
		*cull_distances = (uint8_t)ugvt_state_vs_cull_distances(state);
	}
}

/* 3DSTATE_CLIP says itself which distances count, or leaves that to the last shader stage. */
static void distances_init(struct ugvt_clip *clip, const struct ugvt_state *state)
{
	stage_distances(state, &clip->clip_distances, &clip->cull_distances);
	if (ugvt_state_clip_force_distances(state)) {
		clip->clip_distances = (uint8_t)ugvt_state_clip_distances(state);
	}
	if (ugvt_state_clip_force_cull(state)) {
		clip->cull_distances = (uint8_t)ugvt_state_clip_cull_distances(state);
	}
}

void ugvt_clip_init(struct ugvt_clip *clip, const struct ugvt_state *state,
	const struct ugvt_viewport viewports[UGVT_VIEWPORTS], unsigned vue_dwords)
{
	bool enable = ugvt_state_clip_enable(state);

	*clip = (struct ugvt_clip){
		.viewports = viewports,
		.mode = enable ? (uint8_t)ugvt_state_clip_mode(state) : UGVT_CLIP_ACCEPT_ALL,
		.divide = !ugvt_state_clip_divide_disable(state),
		.viewport_xy = ugvt_state_clip_viewport(state),
		.guardband = ugvt_state_clip_guardband(state),
		.half_z = ugvt_state_clip_d3d(state),
		.zero_layer = ugvt_state_clip_zero_layer(state),
		.state_width = ugvt_state_point_width_state(state),
		.viewport_max = (uint8_t)ugvt_state_clip_viewport_max(state),
		.width = (float)ugvt_state_point_width(state) / 8,
		.width_min = (float)ugvt_state_clip_point_min(state) / 8,
		.width_max = (float)ugvt_state_clip_point_max(state) / 8,
		.vue_dwords = vue_dwords,
	};
	distances_init(clip, state);
	clip->planes = planes_of(state, clip);
}

/* How far inside plane a vertex is; negative or not a number: outside. */
static double distance(const struct ugvt_clip *clip, const struct ugvt_viewport *viewport,
	const struct ugvt_vertex *vertex, unsigned plane)
{
	double x = vue_float(clip, vertex, AT_POSITION);
	double y = vue_float(clip, vertex, AT_POSITION + 1);
	double z = vue_float(clip, vertex, AT_POSITION + 2);
	double w = vue_float(clip, vertex, AT_POSITION + 3);
	bool band = clip->guardband;

	switch (plane) {
	case UGVT_CLIP_W: return w - UGVT_CLIP_W_MIN;
	case UGVT_CLIP_NEAR: return clip->half_z ? z : z + w;
	case UGVT_CLIP_FAR: return w - z;
	case UGVT_CLIP_X_MIN: return x - (band ? viewport->guardband[0][0] : -1) * w;
	case UGVT_CLIP_X_MAX: return (band ? viewport->guardband[0][1] : 1) * w - x;
	case UGVT_CLIP_Y_MIN: return y - (band ? viewport->guardband[1][0] : -1) * w;
	case UGVT_CLIP_Y_MAX: return (band ? viewport->guardband[1][1] : 1) * w - y;
	default: return vue_float(clip, vertex, AT_DISTANCES + plane - UGVT_CLIP_USER);
	}
}

/* A whole vertex of the object, as the back sees it. */
static struct ugvt_screen_vertex whole_vertex(const struct ugvt_vertex *vertex, unsigned index)
{
	float one = index == 1, two = index == 2;

	return (struct ugvt_screen_vertex){
		.x = vertex->screen[0],
		.y = vertex->screen[1],
		.z = vertex->screen[2],
		.inverse_w = vertex->screen[3],
		.perspective = {one, two},
		.linear = {one, two},
	};
}

static const struct ugvt_vertex *corner_vertex(
	const struct ugvt_object *object, const struct corner *corner, unsigned *index)
{
	for (*index = 0; *index < 3; (*index)++) {
		if (corner->weights[*index] == 1) {
			return object->v[*index];
		}
	}
	return NULL;
}

static unsigned vertices_of(const struct ugvt_object *object)
{
	static const uint8_t counts[] = {
		[UGVT_PRIMITIVE_POINT] = 1,
		[UGVT_PRIMITIVE_LINE] = 2,
		[UGVT_PRIMITIVE_TRIANGLE] = 3,
		[UGVT_PRIMITIVE_RECTANGLE] = 3,
	};

	return counts[object->kind];
}

/* A corner, through divide and viewport. */
static struct ugvt_screen_vertex corner_project(const struct ugvt_clip *clip,
	const struct ugvt_viewport *viewport, const struct ugvt_object *object,
	const struct corner *corner)
{
	unsigned count = vertices_of(object), index;
	const struct ugvt_vertex *vertex = corner_vertex(object, corner, &index);
	struct ugvt_screen_vertex out = {0};
	double position[4] = {0}, parts[3] = {0};

	if (vertex) {
		return whole_vertex(vertex, index);
	}
	for (unsigned i = 0; i < count; i++) {
		for (unsigned c = 0; c < 4; c++) {
			position[c] +=
				corner->weights[i] * vue_float(clip, object->v[i], AT_POSITION + c);
		}
		parts[i] = corner->weights[i] * vue_float(clip, object->v[i], AT_POSITION + 3);
	}
	out.inverse_w = (float)(1 / position[3]);
	out.x = (float)(position[0] / position[3] * viewport->scale[0] + viewport->offset[0]);
	out.y = (float)(position[1] / position[3] * viewport->scale[1] + viewport->offset[1]);
	out.z = (float)(position[2] / position[3] * viewport->scale[2] + viewport->offset[2]);
	for (unsigned i = 0; i < 2; i++) {
		out.perspective[i] = (float)corner->weights[i + 1];
		out.linear[i] = (float)(parts[i + 1] / position[3]);
	}
	return out;
}

static struct corner cut(const struct corner *in, const struct corner *out, double t)
{
	struct corner corner = {.edge = false};

	for (unsigned i = 0; i < 3; i++) {
		corner.weights[i] = in->weights[i] + (out->weights[i] - in->weights[i]) * t;
	}
	return corner;
}

static double corner_distance(const struct corner *corner, const double distances[3])
{
	return corner->weights[0] * distances[0] + corner->weights[1] * distances[1] +
	       corner->weights[2] * distances[2];
}

/* What of the polygon lies inside a plane, to which its object's vertices have these distances. */
static void polygon_cut(const struct polygon *from, const double distances[3], struct polygon *to)
{
	to->count = 0;
	for (unsigned i = 0; i < from->count; i++) {
		const struct corner *a = &from->corners[i];
		const struct corner *b = &from->corners[i + 1 < from->count ? i + 1 : 0];
		double da = corner_distance(a, distances), db = corner_distance(b, distances);

		if (to->count + 2 > UGVT_CLIP_CORNERS) {
			return; // rounding made it wind
		}
		if (da >= 0) {
			to->corners[to->count++] = *a;
		}
		if ((da >= 0) == (db >= 0)) {
			continue;
		}
		to->corners[to->count] =
			da >= 0 ? cut(a, b, da / (da - db)) : cut(b, a, db / (db - da));
		to->corners[to->count++].edge = da < 0 && a->edge;
	}
}

/* A line's two ends, as a polygon's corners. */
static void line_cut(struct polygon *line, const double distances[3])
{
	struct corner *a = &line->corners[0], *b = &line->corners[1];
	double da = corner_distance(a, distances), db = corner_distance(b, distances);

	if (!(da >= 0) && !(db >= 0)) {
		line->count = 0;
	} else if (!(da >= 0)) {
		*a = cut(b, a, db / (db - da));
	} else if (!(db >= 0)) {
		*b = cut(a, b, da / (da - db));
	}
}

static void polygon_init(struct polygon *polygon, const struct ugvt_object *object)
{
	polygon->count = vertices_of(object);
	for (unsigned i = 0; i < polygon->count; i++) {
		polygon->corners[i] = (struct corner){.edge = object->edges >> i & 1};
		polygon->corners[i].weights[i] = 1;
	}
}

/* Cuts the object at the planes that codes names. */
static void object_cut(const struct ugvt_clip *clip, const struct ugvt_viewport *viewport,
	const struct ugvt_object *object, uint32_t codes, struct polygon *polygon)
{
	unsigned count = vertices_of(object);
	struct polygon before;

	polygon_init(polygon, object);
	for (uint32_t left = codes; left != 0 && polygon->count > 0; left &= left - 1) {
		unsigned plane = (unsigned)__builtin_ctz(left);
		double distances[3] = {0};

		for (unsigned i = 0; i < count; i++) {
			distances[i] = distance(clip, viewport, object->v[i], plane);
		}
		if (object->kind == UGVT_PRIMITIVE_LINE) {
			line_cut(polygon, distances);
		} else {
			before = *polygon;
			polygon_cut(&before, distances, polygon);
		}
	}
}

/* May the back have it? */
static bool is_good(const struct ugvt_primitive *primitive, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct ugvt_screen_vertex *v = &primitive->v[i];

		if (!(fabsf(v->x) <= UGVT_SCREEN_MAX) || !(fabsf(v->y) <= UGVT_SCREEN_MAX) ||
			!isfinite(v->z) || !isfinite(v->inverse_w)) {
			return false;
		}
	}
	return true;
}

static unsigned fan_make(const struct ugvt_clip *clip, const struct ugvt_object *object,
	const struct polygon *polygon, struct ugvt_primitive *primitives)
{
	const struct ugvt_primitive model = primitives[0];
	const struct ugvt_viewport *viewport = &clip->viewports[model.viewport];
	struct ugvt_screen_vertex corners[UGVT_CLIP_CORNERS];
	unsigned made = 0;

	for (unsigned i = 0; i < polygon->count; i++) {
		corners[i] = corner_project(clip, viewport, object, &polygon->corners[i]);
	}
	for (unsigned i = 1; i + 1 < polygon->count; i++) {
		struct ugvt_primitive *primitive = &primitives[made];
		bool first = i == 1, last = i + 2 == polygon->count;

		*primitive = model;
		primitive->clipped = true;
		primitive->v[0] = corners[0];
		primitive->v[1] = corners[i];
		primitive->v[2] = corners[i + 1];
		primitive->edges = (uint8_t)((first && polygon->corners[0].edge) |
					     polygon->corners[i].edge << 1 |
					     (last && polygon->corners[i + 1].edge) << 2);
		made += is_good(primitive, 3);
	}
	return made;
}

static unsigned line_make(const struct ugvt_clip *clip, const struct ugvt_object *object,
	const struct polygon *line, struct ugvt_primitive *primitive)
{
	const struct ugvt_viewport *viewport = &clip->viewports[primitive->viewport];

	for (unsigned i = 0; i < line->count; i++) {
		primitive->v[i] = corner_project(clip, viewport, object, &line->corners[i]);
	}
	primitive->clipped = true;
	return line->count == 2 && is_good(primitive, 2);
}

static unsigned clip_to(const struct ugvt_clip *clip, const struct ugvt_object *object,
	uint32_t codes, struct ugvt_primitive *primitives)
{
	struct polygon polygon;

	object_cut(clip, &clip->viewports[primitives[0].viewport], object, codes, &polygon);
	return object->kind == UGVT_PRIMITIVE_LINE ? line_make(clip, object, &polygon, primitives)
						   : fan_make(clip, object, &polygon, primitives);
}

static float width_of(const struct ugvt_clip *clip, const struct ugvt_vertex *vertex)
{
	float width = vue_float(clip, vertex, AT_WIDTH);

	if (clip->state_width) {
		return clip->width;
	}
	return fminf(fmaxf(width, clip->width_min), clip->width_max);
}

static unsigned viewport_of(const struct ugvt_clip *clip, const struct ugvt_vertex *vertex)
{
	uint32_t viewport = vertex->vue[AT_VIEWPORT] & (UGVT_VIEWPORTS - 1);

	return viewport <= clip->viewport_max ? viewport : 0;
}

static void primitive_init(const struct ugvt_clip *clip, const struct ugvt_object *object,
	unsigned viewport, struct ugvt_primitive *primitive)
{
	const struct ugvt_vertex *vertex = object->v[object->provoking];
	unsigned count = vertices_of(object);

	primitive->kind = object->kind;
	primitive->provoking = object->provoking;
	primitive->edges = object->edges;
	primitive->viewport = (uint8_t)viewport;
	primitive->clipped = false;
	primitive->stipple = object->stipple;
	primitive->layer = clip->zero_layer ? 0 : (uint16_t)(vertex->vue[AT_LAYER] & LAYER_MASK);
	primitive->id = object->id;
	primitive->width = object->kind == UGVT_PRIMITIVE_POINT ? width_of(clip, vertex) : 0;
	for (unsigned i = 0; i < count; i++) {
		primitive->vue[i] = object->v[i]->vue;
		primitive->v[i] = whole_vertex(object->v[i], i);
	}
}

struct codes {
	uint32_t all, any;
};

static struct codes codes_of(
	const struct ugvt_clip *clip, const struct ugvt_object *object, unsigned viewport)
{
	unsigned count = vertices_of(object);
	struct codes codes = {UINT32_MAX, 0};

	for (unsigned i = 0; i < count; i++) {
		struct ugvt_vertex *vertex = object->v[i];

		if (vertex->projected != viewport + 1) {
			ugvt_clip_project(clip, viewport, vertex, 1);
		}
		codes.all &= vertex->codes;
		codes.any |= vertex->codes;
	}
	return codes;
}

unsigned ugvt_clip_object(const struct ugvt_clip *clip, const struct ugvt_object *object,
	struct ugvt_primitive primitives[UGVT_CLIP_PRIMITIVES])
{
	unsigned viewport;
	struct codes codes;

	if (clip->mode == UGVT_CLIP_REJECT_ALL) {
		return 0;
	}
	viewport = viewport_of(clip, object->v[object->provoking]);
	codes = codes_of(clip, object, viewport);
	if ((codes.any & UGVT_BIT(UGVT_CLIP_BAD)) || (codes.all & REJECT_MASK)) {
		return 0;
	}
	primitive_init(clip, object, viewport, &primitives[0]);
	if ((codes.any & PLANES_MASK) && object->kind != UGVT_PRIMITIVE_RECTANGLE) {
		return clip_to(clip, object, codes.any & PLANES_MASK, primitives);
	}
	return !(codes.any & UGVT_BIT(UGVT_CLIP_AWAY));
}
