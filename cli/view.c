/* SPDX-License-Identifier: MIT */
#include "cli/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "cli/sample.h"

#define NUMBER_SIZE 16
/* Of a UUID, where there is no room for all of it. */
#define UUID_SHORT 8
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define BAR "\033[32;48;5;236m"
#define PLAIN "\033[0m"

/* What a line of the table is about. */
struct line {
	const char *name;
	const struct ugvt_sample_vgpu *vgpu; // or of a parent: the sums of its vGPUs
	bool parent;
};

/* How much is shown; from one to the next, a line gets narrower. */
static const struct detail {
	bool whole_uuid;
	unsigned bar;  // columns
	unsigned keep; // columns whose rank is at most this
} details[] = {
	{true, 10, 9},
	{false, 10, 9},
	{false, 6, 9},
	{false, 6, 8},
	{false, 6, 7},
	{false, 5, 6},
	{false, 5, 5},
	{false, 3, 5},
	{false, 3, 4},
	{false, 0, 4},
	{false, 0, 3},
	{false, 0, 2},
	{false, 0, 1},
};

struct column {
	const char *title;
	unsigned width;
	unsigned rank; // the higher, the sooner it goes
	/* Either of them: text is the column's width at most, of NUMBER_SIZE bytes. */
	void (*write)(char *text, const struct line *line);
	int engine; // a bar before the text, unless negative
};

static const char *scaled(char *text, double number, double step)
{
	static const char units[] = " kMGTPE";
	unsigned unit = 0;

	/* What prints as "1000" is one of the next unit. */
	while (number >= step * 0.9995 && unit < sizeof(units) - 2) {
		number /= step;
		unit++;
	}
	if (unit == 0) {
		snprintf(text, NUMBER_SIZE, "%.0f", number);
	} else {
		snprintf(text, NUMBER_SIZE, number < 99.95 ? "%.1f%c" : "%.0f%c", number,
			units[unit]);
	}
	return text;
}

const char *ugvt_view_number(char *text, double number)
{
	return scaled(text, number, 1000);
}

const char *ugvt_view_bytes(char *text, double bytes)
{
	return scaled(text, bytes, 1024);
}

void ugvt_view_write_bar(FILE *out, const struct ugvt_view *view, unsigned columns, double part)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	unsigned steps = view->blocks ? 8 : 1;
	double filled = UGVT_MIN(UGVT_MAX(part, 0), 1) * columns * steps;
	unsigned n = (unsigned)(filled + 0.5), used = 0;

	/* The least work is seen. */
	if (n == 0 && part > 0.0005) {
		n = 1;
	}
	fputs(view->colours ? BAR : "", out);
	for (; used < n / steps; used++) {
		fputs(view->blocks ? "█" : "#", out);
	}
	if (n % steps) {
		fputs(eighths[n % steps], out);
		used++;
	}
	for (; used < columns; used++) {
		fputc(view->blocks || view->colours ? ' ' : '.', out);
	}
	fputs(view->colours ? PLAIN : "", out);
}

static void percent(char *text, double part)
{
	snprintf(text, NUMBER_SIZE, "%.0f%%", UGVT_MIN(part, 99.99) * 100);
}

static void rcs_write(char *text, const struct line *line)
{
	percent(text, line->vgpu->rates.busy[UGVT_SAMPLE_RCS]);
}

static void bcs_write(char *text, const struct line *line)
{
	percent(text, line->vgpu->rates.busy[UGVT_SAMPLE_BCS]);
}

static void vcs_write(char *text, const struct line *line)
{
	percent(text, line->vgpu->rates.busy[UGVT_SAMPLE_VCS]);
}

static void vecs_write(char *text, const struct line *line)
{
	percent(text, line->vgpu->rates.busy[UGVT_SAMPLE_VECS]);
}

static void type_write(char *text, const struct line *line)
{
	const char *type = line->vgpu->type;
	const char *known = strstr(type, "GVTg_");

	snprintf(text, NUMBER_SIZE, "%.8s", known ? known + strlen("GVTg_") : type);
}

static void weight_write(char *text, const struct line *line)
{
	if (!line->parent) {
		ugvt_view_number(text, (double)line->vgpu->weight);
	}
}

static void share_write(char *text, const struct line *line)
{
	if (!line->parent) {
		percent(text, line->vgpu->share);
	}
}

static void cap_write(char *text, const struct line *line)
{
	if (line->vgpu->cap > 0) {
		percent(text, (double)line->vgpu->cap / 100);
	}
}

/* The engine that waits longest. */
static void wait_write(char *text, const struct line *line)
{
	double most = 0;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		most = UGVT_MAX(most, line->vgpu->rates.waited[i]);
	}
	percent(text, most);
}

static void batches_write(char *text, const struct line *line)
{
	double sum = 0;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sum += line->vgpu->rates.batches[i];
	}
	ugvt_view_number(text, sum);
}

static void exits_write(char *text, const struct line *line)
{
	ugvt_view_number(text, line->vgpu->rates.exits);
}

static void frames_write(char *text, const struct line *line)
{
	ugvt_view_number(text, line->vgpu->rates.frames);
}

static void memory_write(char *text, const struct line *line)
{
	ugvt_view_bytes(text, (double)line->vgpu->rss_anon);
}

static void resets_write(char *text, const struct line *line)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sum += line->vgpu->engines[i].resets;
	}
	ugvt_view_number(text, (double)sum);
}

static void hangs_write(char *text, const struct line *line)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sum += line->vgpu->engines[i].hangs;
	}
	ugvt_view_number(text, (double)sum);
}

static void faults_write(char *text, const struct line *line)
{
	uint64_t sum = line->vgpu->memory_faults;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sum += line->vgpu->engines[i].faults;
	}
	ugvt_view_number(text, (double)sum);
}

static const struct column columns[] = {
	{"TYPE", 8, 6, type_write, -1},
	{"WEIGHT", 6, 8, weight_write, -1},
	{"SHARE", 5, 6, share_write, -1},
	{"CAP", 4, 9, cap_write, -1},
	{"RCS", 4, 1, rcs_write, UGVT_SAMPLE_RCS},
	{"BCS", 4, 2, bcs_write, UGVT_SAMPLE_BCS},
	{"VCS", 4, 4, vcs_write, UGVT_SAMPLE_VCS},
	{"VECS", 4, 4, vecs_write, UGVT_SAMPLE_VECS},
	{"WAIT", 4, 5, wait_write, -1},
	{"BATCH/s", 7, 4, batches_write, -1},
	{"EXITS/s", 7, 3, exits_write, -1},
	{"FPS", 4, 5, frames_write, -1},
	{"MEM", 5, 4, memory_write, -1},
	{"RESETS", 6, 7, resets_write, -1},
	{"HANGS", 5, 7, hangs_write, -1},
	{"FAULTS", 6, 8, faults_write, -1},
};

/* That of a PCI address, if it is not that of a UUID. */
static unsigned name_width(const struct detail *detail)
{
	return detail->whole_uuid ? 2 + UGVT_UUID_LENGTH : (unsigned)strlen("0000:00:02.0");
}

static unsigned column_width(const struct column *column, const struct detail *detail)
{
	return column->width + (column->engine >= 0 && detail->bar > 0 ? detail->bar + 1 : 0);
}

static unsigned line_width(const struct detail *detail)
{
	unsigned width = name_width(detail);

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(columns); i++) {
		if (columns[i].rank <= detail->keep) {
			width += 1 + column_width(&columns[i], detail);
		}
	}
	return width;
}

static const struct detail *detail_choose(const struct ugvt_view *view)
{
	size_t i = 0;

	while (i < UGVT_ARRAY_SIZE(details) - 1 && line_width(&details[i]) > view->width) {
		i++;
	}
	return &details[i];
}

/* What the lines of one table have in common. */
struct table {
	FILE *out;
	const struct ugvt_view *view;
	const struct detail *detail;
	unsigned name_width;
};

static void titles_write(const struct table *table)
{
	fprintf(table->out, "%s%-*s", table->view->colours ? DIM : "", (int)table->name_width,
		"PARENT/vGPU");
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(columns); i++) {
		int width = (int)column_width(&columns[i], table->detail);

		if (columns[i].rank <= table->detail->keep) {
			fprintf(table->out, " %*s", width, columns[i].title);
		}
	}
	fprintf(table->out, "%s\n", table->view->colours ? PLAIN : "");
}

static void column_write(
	const struct table *table, const struct column *column, const struct line *line)
{
	char text[NUMBER_SIZE] = "";

	fputc(' ', table->out);
	if (column->engine >= 0 && table->detail->bar > 0) {
		ugvt_view_write_bar(table->out, table->view, table->detail->bar,
			line->vgpu->rates.busy[column->engine]);
		fputc(' ', table->out);
	}
	column->write(text, line);
	fprintf(table->out, "%*s", (int)column->width, text);
}

static void figures_write(const struct table *table, const struct line *line)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(columns); i++) {
		if (columns[i].rank <= table->detail->keep) {
			column_write(table, &columns[i], line);
		}
	}
	fputc('\n', table->out);
}

static void parent_write(const struct table *table, const struct ugvt_sample_vgpu *sums)
{
	struct line line = {.vgpu = sums, .parent = true};

	fprintf(table->out, "%s%-*.*s%s", table->view->colours ? BOLD : "", (int)table->name_width,
		(int)table->name_width, sums->parent, table->view->colours ? PLAIN : "");
	figures_write(table, &line);
}

static void vgpu_write(const struct table *table, const struct ugvt_sample_vgpu *vgpu)
{
	struct line line = {.vgpu = vgpu};
	int left = (int)UGVT_MAX(table->view->width, table->name_width + 1) -
		   (int)table->name_width - 1;
	char text[256];

	snprintf(text, sizeof(text), "  %.*s",
		table->detail->whole_uuid ? UGVT_UUID_LENGTH : UUID_SHORT, vgpu->uuid.text);
	fprintf(table->out, "%-*s", (int)table->name_width, text);
	if (vgpu->answered) {
		figures_write(table, &line);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s",
		strcmp(vgpu->state, "running") == 0 ? "no answer" : vgpu->state,
		vgpu->reason[0] ? ": " : "", vgpu->reason);
	fprintf(table->out, " %.*s\n", left, text);
}

static void sums_add(struct ugvt_sample_vgpu *sums, const struct ugvt_sample_vgpu *vgpu)
{
	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sums->rates.busy[i] += vgpu->rates.busy[i];
		sums->rates.waited[i] += vgpu->rates.waited[i];
		sums->rates.batches[i] += vgpu->rates.batches[i];
		sums->engines[i].resets += vgpu->engines[i].resets;
		sums->engines[i].hangs += vgpu->engines[i].hangs;
		sums->engines[i].faults += vgpu->engines[i].faults;
	}
	sums->rates.exits += vgpu->rates.exits;
	sums->rates.frames += vgpu->rates.frames;
	sums->memory_faults += vgpu->memory_faults;
	sums->rss_anon += vgpu->rss_anon;
}

/* The sums of the vGPUs from the one at first on that have its parent; how many they are. */
static size_t parent_sum(
	struct ugvt_sample_vgpu *sums, const struct ugvt_sample *sample, size_t first)
{
	size_t n = 0;

	*sums = (struct ugvt_sample_vgpu){0};
	memcpy(sums->parent, sample->vgpus[first].parent, sizeof(sums->parent));
	while (first + n < sample->n &&
		strcmp(sample->vgpus[first + n].parent, sums->parent) == 0) {
		sums_add(sums, &sample->vgpus[first + n]);
		n++;
	}
	snprintf(sums->type, sizeof(sums->type), "%zu vGPU%s", n, n == 1 ? "" : "s");
	return n;
}

void ugvt_view_write(FILE *out, const struct ugvt_view *view, const struct ugvt_sample *sample)
{
	const struct detail *detail = detail_choose(view);
	struct table table = {out, view, detail, name_width(detail)};
	size_t parent_end = 0, lines = 1;

	titles_write(&table);
	for (size_t i = 0; i < sample->n; i++) {
		struct ugvt_sample_vgpu sums;

		if (view->height > 0 && lines + 2 >= view->height && i + 1 < sample->n) {
			fprintf(out, "and %zu more\n", sample->n - i);
			return;
		}
		if (i == parent_end) {
			parent_end += parent_sum(&sums, sample, i);
			parent_write(&table, &sums);
			lines++;
		}
		vgpu_write(&table, &sample->vgpus[i]);
		lines++;
	}
}
