/*
 * The C side of the message benchmark: what MPI costs without JavaScript.
 *
 *   mpiexec -n 2 pingpong LEVEL KIND:BYTES:WARMUP:ITERATIONS:BATCHES...
 *
 * LEVEL is single, funneled, serialized or multiple; KIND is one of `kinds` below. Buffers come from
 * malloc. Rank 0 prints one line of JSON: for each measurement the seconds per iteration of every
 * batch, a ping-pong's iteration being one round trip.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {"single", "funneled", "serialized", "multiple"};
static const int level_values[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED,
                                   MPI_THREAD_MULTIPLE};
enum { ranks = 2 };
static int rank;

static void fail(const char *message, const char *what) {
  fprintf(stderr, "pingpong: %s: %s\n", message, what);
  MPI_Abort(MPI_COMM_WORLD, 2);
}

static void ping_pong(char *out, char *in, int bytes, long iterations) {
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

static void start_send(char *out, int bytes) {
  MPI_Request request;
  MPI_Isend(out, bytes, MPI_BYTE, 1 - rank, 0, MPI_COMM_WORLD, &request);
  MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void start_recv(char *in, int bytes) {
  MPI_Request request;
  MPI_Irecv(in, bytes, MPI_BYTE, 1 - rank, 0, MPI_COMM_WORLD, &request);
  MPI_Wait(&request, MPI_STATUS_IGNORE);
}

/* The same with requests. */
static void started(char *out, char *in, int bytes, long iterations) {
  for (long i = 0; i < iterations; i++) {
    if (rank == 0) {
      start_send(out, bytes);
      start_recv(in, bytes);
    } else {
      start_recv(in, bytes);
      start_send(out, bytes);
    }
  }
}

/* From rank 0 to rank 1, with a short answer. */
static void one_way(char *out, char *in, int bytes, long iterations) {
  double answer = 0;
  for (long i = 0; i < iterations; i++) {
    if (rank == 0) {
      MPI_Send(out, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
      MPI_Recv(&answer, 1, MPI_DOUBLE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
      MPI_Recv(in, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      MPI_Send(&answer, 1, MPI_DOUBLE, 0, 0, MPI_COMM_WORLD);
    }
  }
}

static void barrier(char *out, char *in, int bytes, long iterations) {
  (void)out, (void)in, (void)bytes;
  for (long i = 0; i < iterations; i++) MPI_Barrier(MPI_COMM_WORLD);
}

static void allreduce(char *out, char *in, int bytes, long iterations) {
  for (long i = 0; i < iterations; i++) {
    MPI_Allreduce(out, in, bytes / 8, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  }
}

static void bcast(char *out, char *in, int bytes, long iterations) {
  (void)in;
  for (long i = 0; i < iterations; i++) MPI_Bcast(out, bytes / 8, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/* `bytes` are those of a rank's block. */
static void allgather(char *out, char *in, int bytes, long iterations) {
  for (long i = 0; i < iterations; i++) {
    MPI_Allgather(out, bytes / 8, MPI_DOUBLE, in, bytes / 8, MPI_DOUBLE, MPI_COMM_WORLD);
  }
}

static void alltoall(char *out, char *in, int bytes, long iterations) {
  for (long i = 0; i < iterations; i++) {
    MPI_Alltoall(out, bytes / 8, MPI_DOUBLE, in, bytes / 8, MPI_DOUBLE, MPI_COMM_WORLD);
  }
}

static double scalar_sum(double value) {
  double sum;
  MPI_Allreduce(&value, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return sum;
}

static void scalar(char *out, char *in, int bytes, long iterations) {
  (void)out, (void)in, (void)bytes;
  for (long i = 0; i < iterations; i++) {
    if (scalar_sum((double)i) != 2.0 * (double)i) fail("wrong sum", "scalar");
  }
}

static const struct {
  const char *name;
  void (*repeat)(char *out, char *in, int bytes, long iterations);
} kinds[] = {
    {"pingpong", ping_pong}, {"barrier", barrier},     {"allreduce", allreduce},
    {"scalar", scalar},      {"bcast", bcast},         {"allgather", allgather},
    {"alltoall", alltoall},  {"started", started},     {"oneway", one_way},
    /* What differs in JavaScript only: how requests are waited for, what a message is of. */
    {"awaited", started},    {"object", one_way},
};

/* What follows is where the memory comes from in JavaScript. */
static void measure(const char *specification) {
  char kind[16];
  int bytes;
  long warmup, iterations, batches;
  if (sscanf(specification, "%15[a-z]:%d:%ld:%ld:%ld", kind, &bytes, &warmup, &iterations,
             &batches) != 5) {
    fail("not KIND:BYTES:WARMUP:ITERATIONS:BATCHES", specification);
  }
  void (*repeat)(char *, char *, int, long) = NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kind, kinds[i].name) == 0) repeat = kinds[i].repeat;
  }
  if (repeat == NULL) fail("unknown kind", kind);
  /* A block for each rank. */
  const size_t room = (size_t)bytes * ranks + 1;
  char *out = malloc(room);
  char *in = malloc(room);
  if (out == NULL || in == NULL) fail("no memory", specification);
  memset(out, 0, room);
  memset(in, 0, room);
  repeat(out, in, bytes, warmup);
  if (rank == 0) printf("[");
  for (long batch = 0; batch < batches; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    repeat(out, in, bytes, iterations);
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
  int provided, size;
  MPI_Init_thread(&argc, &argv, level_values[wanted], &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size != ranks) fail("needs 2 ranks", "mpiexec -n 2");

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
