/*
 * The C side of the Julia benchmark: escape counts of z² + c with c = -0.045 + 0.45i, complex64
 * arithmetic, on the cyclic × cyclic part of each rank of a SIZE-ranks × 1 grid.
 *
 *   mpiexec -n RANKS julia POINTS WARMUP BATCHES
 *
 * Rank 0 prints one line of JSON: the slowest rank's seconds of each batch and the sum of counts.
 * Build with -ffp-contract=off: a fused multiply-add rounds differently.
 */
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { n_max = 100 };

static void julia_counts(const float *re, int rows, const float *im, int columns,
                         int32_t *counts) {
  const float c_re = -0.045f;
  const float c_im = 0.45f;
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      float x = re[i];
      float y = im[j];
      int n = 0;
      while (n < n_max && x * x + y * y < 4.0f) {
        const float next = x * x - y * y + c_re;
        y = x * y + y * x + c_im;
        x = next;
        n++;
      }
      counts[(size_t)i * (size_t)columns + (size_t)j] = n;
    }
  }
}

static float coordinate(int index, int points) {
  return (float)(-1.5 + 3.0 * index / points);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  if (argc != 4) {
    fprintf(stderr, "usage: julia POINTS WARMUP BATCHES\n");
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  const int points = atoi(argv[1]);
  const int warmup = atoi(argv[2]);
  const int batches = atoi(argv[3]);
  int rank, size;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);

  const int rows = (points - rank + size - 1) / size;
  float *re = malloc(sizeof *re * (size_t)rows);
  float *im = malloc(sizeof *im * (size_t)points);
  int32_t *counts = malloc(sizeof *counts * (size_t)rows * (size_t)points);
  if (re == NULL || im == NULL || counts == NULL) MPI_Abort(MPI_COMM_WORLD, 3);
  for (int i = 0; i < rows; i++) re[i] = coordinate(rank + i * size, points);
  for (int j = 0; j < points; j++) im[j] = coordinate(j, points);

  for (int i = 0; i < warmup; i++) julia_counts(re, rows, im, points, counts);
  if (rank == 0) printf("{\"seconds\":[[");
  for (int batch = 0; batch < batches; batch++) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    julia_counts(re, rows, im, points, counts);
    const double mine = MPI_Wtime() - start;
    double slowest;
    MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    if (rank == 0) printf("%s%.6g", batch > 0 ? "," : "", slowest);
  }

  long long part = 0;
  long long sum = 0;
  for (size_t k = 0; k < (size_t)rows * (size_t)points; k++) part += counts[k];
  MPI_Reduce(&part, &sum, 1, MPI_LONG_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0) printf("]],\"sum\":%lld}\n", sum);
  free(re);
  free(im);
  free(counts);
  MPI_Finalize();
  return 0;
}
