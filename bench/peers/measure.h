/* What the C and C++ programs of the benchmark of expressions have in common: arguments, clock and memory. */
#ifndef DISTARRAY_BENCH_MEASURE_H
#define DISTARRAY_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct task {
  const char *kind;
  long size, warmup, iterations, batches;
};

static inline void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(2);
}

/* KIND SIZE WARMUP ITERATIONS BATCHES */
static inline struct task task_of(int argc, char **argv) {
  if (argc != 6) fail("usage: KIND SIZE WARMUP ITERATIONS BATCHES");
  struct task task;
  task.kind = argv[1];
  task.size = atol(argv[2]);
  task.warmup = atol(argv[3]);
  task.iterations = atol(argv[4]);
  task.batches = atol(argv[5]);
  return task;
}

static inline int is_kind(const struct task *task, const char *kind) {
  return strcmp(task->kind, kind) == 0;
}

/* Zeros that lie in memory already. */
static inline double *doubles(long count) {
  double *memory = (double *)malloc((size_t)count * sizeof(double));
  if (memory == NULL) fail("no memory");
  for (long i = 0; i < count; i++) ((volatile double *)memory)[i] = 0;
  return memory;
}

static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct memory {
  double bytes;
};

/* A line of /proc/self/status, in bytes; 0 where there is none. */
static inline double status_bytes(const char *key) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  long kilobytes = 0;
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, key, strlen(key)) == 0) kilobytes = atol(line + strlen(key) + 1);
  }
  fclose(file);
  return 1024.0 * (double)kilobytes;
}

/* Forgets the highest size so far. */
static inline struct memory memory_before(void) {
  FILE *file = fopen("/proc/self/clear_refs", "w");
  if (file != NULL) {
    fputs("5", file);
    fclose(file);
  }
  const struct memory memory = {status_bytes("VmRSS")};
  return memory;
}

/* Bytes by which the process was larger at most than it was then. */
static inline double growth_since(struct memory before) {
  const double growth = status_bytes("VmHWM") - before.bytes;
  return growth > 0 ? growth : 0;
}

#endif
