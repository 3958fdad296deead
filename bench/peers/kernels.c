/*
 * The C side of the benchmark of kernels: the Mandelbrot set and the area under a curve, the loops of
 * examples/mandelbrot and examples/auc.
 *
 *   kernels SIZE ITERATIONS POINTS REPETITIONS
 *
 * Prints one line of JSON: seconds of every repetition and the results, by case.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Not inlined, or the compiler would know more than one that gets its arguments from elsewhere. */
__attribute__((noinline)) static void mandelbrot(const double *re, const double *im, int32_t *counts, size_t rows,
                                                 size_t columns, int most) {
  for (size_t i = 0; i < rows; i++) {
    const double y = im[i];
    for (size_t j = 0; j < columns; j++) {
      const double x = re[j];
      double zx = 0, zy = 0, xx = 0, yy = 0;
      int n = 0;
      while (n < most && xx + yy <= 4) {
        zy = 2 * zx * zy + y;
        zx = xx - yy + x;
        xx = zx * zx;
        yy = zy * zy;
        n++;
      }
      counts[i * columns + j] = n;
    }
  }
}

static double curve(double x) { return (0.7 * x - 2) * x * x + 4; }

__attribute__((noinline)) static double auc(long begin, long end, double dx) {
  double sum = 0;
  for (long k = begin; k < end; k++) sum += curve((double)k * dx);
  return sum * dx;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: kernels SIZE ITERATIONS POINTS REPETITIONS\n");
    return 2;
  }
  const size_t size = (size_t)atol(argv[1]);
  const int iterations = atoi(argv[2]);
  const long points = atol(argv[3]);
  const int repetitions = atoi(argv[4]);
  double *re = malloc(size * sizeof *re);
  double *im = malloc(size * sizeof *im);
  int32_t *counts = malloc(size * size * sizeof *counts);
  if (re == NULL || im == NULL || counts == NULL) return 1;
  for (size_t k = 0; k < size; k++) {
    re[k] = -2 + 3 * (double)k / (double)size;
    im[k] = 1.5 - 3 * (double)k / (double)size;
  }
  printf("{\"seconds\":{\"mandelbrot\":[");
  for (int k = 0; k < repetitions; k++) {
    const double start = now();
    mandelbrot(re, im, counts, size, size, iterations);
    printf("%s%.6g", k > 0 ? "," : "", now() - start);
  }
  long long sum = 0;
  for (size_t k = 0; k < size * size; k++) sum += counts[k];
  printf("],\"auc\":[");
  /* Volatile, or only the last repetition would be needed. */
  volatile double area = 0;
  for (int k = 0; k < repetitions; k++) {
    const double start = now();
    area = auc(0, points, 3.0 / (double)points);
    printf("%s%.6g", k > 0 ? "," : "", now() - start);
  }
  printf("]},\"results\":{\"mandelbrot\":%lld,\"auc\":%.17g}}\n", sum, area);
  free(re);
  free(im);
  free(counts);
  return 0;
}
