/*
 * The C side of the benchmark of stencils: MPI programs written for the purpose, grids in slabs along the first axis.
 *
 *   mpiexec -n RANKS grids KIND SIZE WARMUP ITERATIONS BATCHES
 *
 * KIND is diffusion (SIZE + 2 points along each of two axes, the four peaks), step (the same step with SIZE points, the
 * walls included) or heat (SIZE points along each of three axes, the walls included, a hot cube). Edges travel by
 * MPI_Isend and MPI_Irecv while the inner part is computed. Rank 0 prints one line of JSON: the seconds per step of
 * every batch, of the slowest rank, the sum of the grid, and the bytes by which the process grew meanwhile.
 */
#include "measure.h"

#include <math.h>
#include <mpi.h>

/* Points along an axis, in a slice across the first axis, and in a row of it. */
static long points, slice, row;
/* Slices of this rank, from begin to end; one more of each neighbour lies before and behind them. */
static long begin, end;
static double *u, *v;
static int before, behind;
static double factor;

static void plane(const double *restrict from, double *restrict to) {
  for (long j = 1; j < row - 1; j++) {
    to[j] = from[j] + factor * (from[j + row] + from[j - row] + from[j + 1] + from[j - 1] - 4 * from[j]);
  }
}

static void space(const double *restrict from, double *restrict to) {
  for (long i = 1; i < row - 1; i++) {
    const double *restrict f = from + i * row;
    double *restrict t = to + i * row;
    for (long j = 1; j < row - 1; j++) {
      t[j] = f[j] + factor * (f[j + slice] + f[j - slice] + f[j + row] + f[j - row] + f[j + 1] + f[j - 1] - 6 * f[j]);
    }
  }
}

static double *slice_at(double *grid, long index) {
  return grid + (index - begin + 1) * slice;
}

/* Computes slices from first to last, both included, but no wall. */
static void compute(long first, long last) {
  if (first < 1) first = 1;
  if (last > points - 2) last = points - 2;
  for (long i = first; i <= last; i++) {
    if (slice == row) {
      plane(slice_at(u, i), slice_at(v, i));
    } else {
      space(slice_at(u, i), slice_at(v, i));
    }
  }
}

static void step(void) {
  MPI_Request requests[4];
  MPI_Irecv(slice_at(u, begin - 1), (int)slice, MPI_DOUBLE, before, 0, MPI_COMM_WORLD, &requests[0]);
  MPI_Irecv(slice_at(u, end), (int)slice, MPI_DOUBLE, behind, 1, MPI_COMM_WORLD, &requests[1]);
  MPI_Isend(slice_at(u, begin), (int)slice, MPI_DOUBLE, before, 1, MPI_COMM_WORLD, &requests[2]);
  MPI_Isend(slice_at(u, end - 1), (int)slice, MPI_DOUBLE, behind, 0, MPI_COMM_WORLD, &requests[3]);
  compute(begin + 1, end - 2);
  MPI_Waitall(4, requests, MPI_STATUSES_IGNORE);
  compute(begin, begin);
  if (end - 1 > begin) compute(end - 1, end - 1);
  double *const computed = v;
  v = u;
  u = computed;
}

/* Two tents along an axis of n + 2 points: the product of two axes has four peaks. */
static double tents(long index, long n) {
  const double width = 20.0, dx = width / (double)n;
  const double x = -10 - dx + (width + 2 * dx) * (double)index / (double)(n + 1);
  return 1 - fabs(1 - 4 * fabs(x / width));
}

static void start_peaks(long n) {
  for (long i = begin; i < end; i++) {
    if (i == 0 || i == points - 1) continue;
    for (long j = 1; j < points - 1; j++) slice_at(u, i)[j] = tents(i, n) * tents(j, n);
  }
}

static int is_hot(long index) {
  return index >= points / 4 && index < points / 2;
}

static void start_cube(void) {
  for (long i = begin; i < end; i++) {
    for (long j = 0; j < points; j++) {
      for (long k = 0; k < points; k++) {
        if (is_hot(i) && is_hot(j) && is_hot(k)) slice_at(u, i)[j * row + k] = 1;
      }
    }
  }
}

int main(int argc, char **argv) {
  int rank, ranks;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const struct task task = task_of(argc, argv);
  const int is_heat = is_kind(&task, "heat");
  const int is_diffusion = is_kind(&task, "diffusion");
  points = task.size + (is_diffusion ? 2 : 0);
  row = points;
  slice = is_heat ? row * row : row;
  const long share = (points + ranks - 1) / ranks;
  begin = rank * share;
  end = begin + share < points ? begin + share : points;
  if (end <= begin) fail("fewer slices than ranks");
  before = rank > 0 ? rank - 1 : MPI_PROC_NULL;
  behind = rank < ranks - 1 ? rank + 1 : MPI_PROC_NULL;
  u = doubles((end - begin + 2) * slice);
  v = doubles((end - begin + 2) * slice);
  if (is_heat) {
    factor = 0.1;
    start_cube();
  } else {
    factor = 0.25;
    start_peaks(points - 2);
  }
  for (long i = 0; i < task.warmup; i++) step();
  const struct memory memory = memory_before();
  if (rank == 0) printf("{\"seconds\":[");
  for (long batch = 0; batch < task.batches; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (long i = 0; i < task.iterations; i++) step();
    double seconds = (MPI_Wtime() - start) / (double)task.iterations;
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    if (rank == 0) printf("%s%.6g", batch > 0 ? "," : "", seconds);
  }
  const double extra = growth_since(memory);
  double sum = 0;
  for (long i = begin; i < end; i++) {
    for (long k = 0; k < slice; k++) sum += slice_at(u, i)[k];
  }
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  if (rank == 0) printf("],\"sum\":%.17g,\"extraBytes\":%.0f}\n", sum, extra);
  MPI_Finalize();
  return 0;
}
