/*
 * The C side of the benchmark of exchanges: what a program written for the purpose does.
 *
 *   mpiexec -n 2 exchange LEVEL KIND:SIZE:WARMUP:ITERATIONS:BATCHES...
 *
 * KIND is columns (SIZE × SIZE doubles, from blocks of rows to blocks of columns), cyclic (SIZE
 * doubles, from blocks to cyclic) or halo (SIZE × SIZE doubles in blocks of rows, one row of halo).
 * Elements are packed, travel by MPI_Isend and MPI_Irecv, and are unpacked; what stays is copied
 * meanwhile. Rank 0 prints one line of JSON: for each measurement the seconds per iteration of every
 * batch.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {"single", "funneled", "serialized", "multiple"};
static const int level_values[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED,
                                   MPI_THREAD_MULTIPLE};

static int rank;

static void fail(const char *message, const char *what) {
  fprintf(stderr, "exchange: %s: %s\n", message, what);
  MPI_Abort(MPI_COMM_WORLD, 2);
}

static double *doubles(long count) {
  double *memory = malloc((size_t)count * sizeof(double));
  if (memory == NULL) fail("no memory", "malloc");
  memset(memory, 0, (size_t)count * sizeof(double));
  return memory;
}

struct work {
  long n;
  double *from, *to, *out, *in;
};

static void columns(const struct work *w) {
  const long n = w->n, rows = n / 2, own = n / 2;
  const int partner = 1 - rank;
  const long theirs = partner * own, mine = rank * own;
  MPI_Request requests[2];
  const int count = (int)(rows * own);
  MPI_Irecv(w->in, count, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[0]);
  for (long i = 0; i < rows; i++) {
    memcpy(w->out + i * own, w->from + i * n + theirs, (size_t)own * sizeof(double));
  }
  MPI_Isend(w->out, count, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[1]);
  for (long i = 0; i < rows; i++) {
    memcpy(w->to + (rank * rows + i) * own, w->from + i * n + mine, (size_t)own * sizeof(double));
  }
  MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
  memcpy(w->to + partner * rows * own, w->in, (size_t)count * sizeof(double));
}

static void cyclic(const struct work *w) {
  const long half = w->n / 2, quarter = half / 2;
  const int partner = 1 - rank;
  MPI_Request requests[2];
  MPI_Irecv(w->in, (int)quarter, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[0]);
  for (long i = 0; i < quarter; i++) w->out[i] = w->from[2 * i + partner];
  MPI_Isend(w->out, (int)quarter, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[1]);
  for (long i = 0; i < quarter; i++) w->to[rank * quarter + i] = w->from[2 * i + rank];
  MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
  memcpy(w->to + partner * quarter, w->in, (size_t)quarter * sizeof(double));
}

static void halo(const struct work *w) {
  const long n = w->n, rows = n / 2;
  const int partner = 1 - rank;
  double *const own = rank == 0 ? w->from + (rows - 1) * n : w->from + n;
  double *const edge = rank == 0 ? w->from + rows * n : w->from;
  MPI_Request requests[2];
  MPI_Irecv(edge, (int)n, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[0]);
  MPI_Isend(own, (int)n, MPI_DOUBLE, partner, 0, MPI_COMM_WORLD, &requests[1]);
  MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
}

static void measure(const char *specification) {
  char kind[16];
  long size, warmup, iterations, batches;
  if (sscanf(specification, "%15[a-z]:%ld:%ld:%ld:%ld", kind, &size, &warmup, &iterations,
             &batches) != 5) {
    fail("not KIND:SIZE:WARMUP:ITERATIONS:BATCHES", specification);
  }
  void (*run)(const struct work *) = NULL;
  long local = 0;
  if (strcmp(kind, "columns") == 0) {
    run = columns;
    local = size * size / 2;
  } else if (strcmp(kind, "cyclic") == 0) {
    run = cyclic;
    local = size / 2;
  } else if (strcmp(kind, "halo") == 0) {
    run = halo;
    local = size * (size / 2 + 1);
  } else {
    fail("unknown kind", kind);
  }
  struct work work = {size, doubles(local), doubles(local), doubles(local / 2), doubles(local / 2)};
  for (long i = 0; i < warmup; i++) run(&work);
  if (rank == 0) printf("[");
  for (long batch = 0; batch < batches; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (long i = 0; i < iterations; i++) run(&work);
    const double seconds = (MPI_Wtime() - start) / (double)iterations;
    if (rank == 0) printf("%s%.4g", batch > 0 ? "," : "", seconds);
  }
  if (rank == 0) printf("]");
  free(work.from);
  free(work.to);
  free(work.out);
  free(work.in);
}

int main(int argc, char **argv) {
  int wanted = -1;
  for (int level = 0; level < 4; level++) {
    if (argc > 1 && strcmp(argv[1], level_names[level]) == 0) wanted = level;
  }
  if (wanted < 0) {
    fprintf(stderr, "usage: exchange single|funneled|serialized|multiple SPECIFICATION...\n");
    return 2;
  }
  int provided, ranks;
  MPI_Init_thread(&argc, &argv, level_values[wanted], &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (ranks != 2) fail("needs 2 ranks", "mpiexec -n 2");
  const char *level = "unknown";
  for (int i = 0; i < 4; i++) {
    if (level_values[i] == provided) level = level_names[i];
  }
  if (rank == 0) printf("{\"level\":\"%s\",\"seconds\":[", level);
  for (int i = 2; i < argc; i++) {
    if (rank == 0 && i > 2) printf(",");
    measure(argv[i]);
  }
  if (rank == 0) printf("]}\n");
  MPI_Finalize();
  return 0;
}
