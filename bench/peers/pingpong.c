/*
 * The C side of the message benchmark: what MPI costs without JavaScript.
 *
 *   mpiexec -n 2 pingpong LEVEL KIND:BYTES:WARMUP:ITERATIONS:BATCHES...
 *
 * LEVEL is single, funneled, serialized or multiple; KIND is pingpong, huge (the same here, where
 * buffers come from malloc; ours come from allocMem), barrier, allreduce or
 * scalar (allreduce of one double, by value). Rank 0 prints one line of JSON: for each measurement
 * the seconds per iteration of every batch, a ping-pong's iteration being one round trip.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {"single", "funneled", "serialized", "multiple"};
static const int level_values[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED,
                                   MPI_THREAD_MULTIPLE};

static void fail(const char *message, const char *what) {
  fprintf(stderr, "pingpong: %s: %s\n", message, what);
  MPI_Abort(MPI_COMM_WORLD, 2);
}

static void ping_pong(int rank, char *out, char *in, int bytes, long iterations) {
  const int partner = 1 - rank;
  for (long i = 0; i < iterations; i++) {
    if (rank == 0) {
      MPI_Send(out, bytes, MPI_BYTE, partner, 0, MPI_COMM_WORLD);
      MPI_Recv(in, bytes, MPI_BYTE, partner, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
      MPI_Recv(in, bytes, MPI_BYTE, partner, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      MPI_Send(out, bytes, MPI_BYTE, partner, 0, MPI_COMM_WORLD);
    }
  }
}

static void barrier(long iterations) {
  for (long i = 0; i < iterations; i++) MPI_Barrier(MPI_COMM_WORLD);
}

static void allreduce(const double *in, double *out, int count, long iterations) {
  for (long i = 0; i < iterations; i++) {
    MPI_Allreduce(in, out, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  }
}

static double scalar_sum(double value) {
  double sum;
  MPI_Allreduce(&value, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return sum;
}

static void scalar(long iterations) {
  for (long i = 0; i < iterations; i++) {
    if (scalar_sum((double)i) != 2.0 * (double)i) fail("wrong sum", "scalar");
  }
}

static void repeat(const char *kind, int rank, char *out, char *in, int bytes, long iterations) {
  if (strcmp(kind, "pingpong") == 0 || strcmp(kind, "huge") == 0) {
    ping_pong(rank, out, in, bytes, iterations);
  } else if (strcmp(kind, "barrier") == 0) {
    barrier(iterations);
  } else if (strcmp(kind, "allreduce") == 0) {
    allreduce((const double *)out, (double *)in, bytes / 8, iterations);
  } else if (strcmp(kind, "scalar") == 0) {
    scalar(iterations);
  } else {
    fail("unknown kind", kind);
  }
}

static void measure(const char *specification, int rank) {
  char kind[16];
  int bytes;
  long warmup, iterations, batches;
  if (sscanf(specification, "%15[a-z]:%d:%ld:%ld:%ld", kind, &bytes, &warmup, &iterations,
             &batches) != 5) {
    fail("not KIND:BYTES:WARMUP:ITERATIONS:BATCHES", specification);
  }
  char *out = malloc((size_t)bytes + 1);
  char *in = malloc((size_t)bytes + 1);
  if (out == NULL || in == NULL) fail("no memory", specification);
  memset(out, 0, (size_t)bytes + 1);
  memset(in, 0, (size_t)bytes + 1);
  repeat(kind, rank, out, in, bytes, warmup);
  if (rank == 0) printf("[");
  for (long batch = 0; batch < batches; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    repeat(kind, rank, out, in, bytes, iterations);
    const double seconds = (MPI_Wtime() - start) / (double)iterations;
    if (rank == 0) printf("%s%.4g", batch > 0 ? "," : "", seconds);
  }
  if (rank == 0) printf("]");
  free(out);
  free(in);
}

int main(int argc, char **argv) {
  int wanted = -1;
  for (int level = 0; level < 4; level++) {
    if (argc > 1 && strcmp(argv[1], level_names[level]) == 0) wanted = level;
  }
  if (wanted < 0) {
    fprintf(stderr, "usage: pingpong single|funneled|serialized|multiple SPECIFICATION...\n");
    return 2;
  }
  int provided;
  MPI_Init_thread(&argc, &argv, level_values[wanted], &provided);
  int rank, size;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size != 2) fail("needs 2 ranks", "mpiexec -n 2");

  const char *level = "unknown";
  for (int i = 0; i < 4; i++) {
    if (level_values[i] == provided) level = level_names[i];
  }
  if (rank == 0) printf("{\"level\":\"%s\",\"seconds\":[", level);
  for (int i = 2; i < argc; i++) {
    if (rank == 0 && i > 2) printf(",");
    measure(argv[i], rank);
  }
  if (rank == 0) printf("]}\n");
  MPI_Finalize();
  return 0;
}
