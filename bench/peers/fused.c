/*
 * The C side of the benchmark of expressions over whole arrays: what a loop written for the purpose does.
 *
 *   mpiexec -n RANKS fused KIND SIZE WARMUP ITERATIONS BATCHES
 *
 * KIND is square (a² + b² + 2ab), waves (sin²(a) + exp(−b)·√a) or triad (a + 3b, the bandwidth of the memory: the
 * faster of a plain loop and one whose results go past the caches). Every rank computes SIZE elements. Rank 0 prints
 * one line of JSON: the seconds per iteration of every batch, of the slowest rank, the sum of its result, and the bytes
 * by which its process grew while it computed.
 */
#include "measure.h"

#include <math.h>
#include <mpi.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static void square(const double *restrict a, const double *restrict b, double *restrict out, long n) {
  for (long i = 0; i < n; i++) out[i] = a[i] * a[i] + b[i] * b[i] + 2 * a[i] * b[i];
}

static void waves(const double *restrict a, const double *restrict b, double *restrict out, long n) {
  for (long i = 0; i < n; i++) {
    const double s = sin(a[i]);
    out[i] = s * s + exp(-b[i]) * sqrt(a[i]);
  }
}

static void triad(const double *restrict a, const double *restrict b, double *restrict out, long n) {
  for (long i = 0; i < n; i++) out[i] = a[i] + 3 * b[i];
}

static void streamed_triad(const double *restrict a, const double *restrict b, double *restrict out, long n) {
#ifdef __SSE2__
  const __m128d three = _mm_set1_pd(3);
  long i = 0;
  for (; i + 2 <= n; i += 2) {
    _mm_stream_pd(out + i, _mm_add_pd(_mm_loadu_pd(a + i), _mm_mul_pd(three, _mm_loadu_pd(b + i))));
  }
  for (; i < n; i++) out[i] = a[i] + 3 * b[i];
  _mm_sfence();
#else
  triad(a, b, out, n);
#endif
}

typedef void kernel(const double *restrict, const double *restrict, double *restrict, long);

static double *a, *b, *out;
static long size;

static double seconds_of(kernel *run, long iterations) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = now();
  for (long i = 0; i < iterations; i++) run(a, b, out, size);
  double seconds = (now() - start) / (double)iterations;
  MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return seconds;
}

int main(int argc, char **argv) {
  int rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const struct task task = task_of(argc, argv);
  size = task.size;
  a = doubles(size);
  b = doubles(size);
  out = doubles(size);
  for (long i = 0; i < size; i++) {
    a[i] = (double)(i % 1009) / 100;
    b[i] = (double)(i % 997) / 100 - 5;
  }
  const int is_triad = is_kind(&task, "triad");
  kernel *const run = is_triad ? triad : is_kind(&task, "square") ? square : waves;
  seconds_of(run, task.warmup);
  const struct memory memory = memory_before();
  if (rank == 0) printf("{\"seconds\":[");
  for (long batch = 0; batch < task.batches; batch++) {
    double seconds = seconds_of(run, task.iterations);
    if (is_triad) {
      const double streamed = seconds_of(streamed_triad, task.iterations);
      if (streamed < seconds) seconds = streamed;
    }
    if (rank == 0) printf("%s%.6g", batch > 0 ? "," : "", seconds);
  }
  double sum = 0;
  for (long i = 0; i < size; i++) sum += out[i];
  if (rank == 0) printf("],\"sum\":%.17g,\"extraBytes\":%.0f}\n", sum, growth_since(memory));
  MPI_Finalize();
  return 0;
}
