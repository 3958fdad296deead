/*
 * The Distributed Array Protocol 0.10 for native code: one process's part of a distributed array as
 * plain C types. C99 and C++17; depends on nothing else. docs/protocol.md says what the fields mean.
 *
 * A producer fills a distarray_structure and hands out a pointer to it; a consumer reads and writes
 * the elements in place, and calls `release` once when it is done with the structure and the memory.
 */
#ifndef DISTARRAY_PROTOCOL_H
#define DISTARRAY_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Layout of the structs below; it changes with them. A consumer refuses a layout other than its own. */
#define DISTARRAY_PROTOCOL_LAYOUT 1

/* Version of the protocol (major, minor, patch). */
#define DISTARRAY_PROTOCOL_VERSION_MAJOR 0
#define DISTARRAY_PROTOCOL_VERSION_MINOR 10
#define DISTARRAY_PROTOCOL_VERSION_PATCH 0

/* Element types. Numbers never change. Complex elements are pairs (re, im). */
enum {
  DISTARRAY_BOOL = 1,
  DISTARRAY_INT8 = 2,
  DISTARRAY_INT16 = 3,
  DISTARRAY_INT32 = 4,
  DISTARRAY_INT64 = 5,
  DISTARRAY_UINT8 = 6,
  DISTARRAY_UINT16 = 7,
  DISTARRAY_UINT32 = 8,
  DISTARRAY_UINT64 = 9,
  DISTARRAY_FLOAT32 = 10,
  DISTARRAY_FLOAT64 = 11,
  DISTARRAY_COMPLEX64 = 12,
  DISTARRAY_COMPLEX128 = 13
};

/*
 * One dimension of one process. There is no empty alias: a dimension that is not distributed is a
 * block on a grid of one process. Fields of other distribution types are 0 or NULL.
 */
typedef struct distarray_dim_data {
  int64_t size;           /* number of global indices, >= 0 */
  int64_t proc_grid_size; /* extent of the process grid, >= 1 */
  int64_t proc_grid_rank; /* this process's coordinate, >= 0, < proc_grid_size */
  int64_t start;          /* 'b': first index; 'c': first index of the first block */
  int64_t stop;           /* 'b': index after the last one; communication padding included */
  int64_t padding[2];     /* 'b': cells set aside at the lower and upper end */
  int64_t block_size;     /* 'c': >= 1 */
  int64_t num_indices;    /* 'u': length of indices */
  const int64_t *indices; /* 'u': global indices in local order, each once */
  char dist_type;         /* 'b', 'c' or 'u' */
  uint8_t periodic;       /* 'b': 0 or 1 */
  uint8_t one_to_one;     /* 'u': 1 when no other process has any of the indices */
  uint8_t reserved[5];    /* 0 */
} distarray_dim_data;

/* One process's part of a distributed array. */
typedef struct distarray_structure {
  int32_t layout;     /* DISTARRAY_PROTOCOL_LAYOUT of the producer */
  int32_t version[3]; /* version of the protocol */
  int32_t dtype;      /* DISTARRAY_FLOAT64, ... */
  int32_t ndim;       /* >= 0 */
  int64_t itemsize;   /* bytes of an element */

  void *data;             /* the element at local index (0, ..., 0); may be NULL without elements */
  const int64_t *shape;   /* ndim local extents */
  const int64_t *strides; /* ndim strides in elements, may be negative; NULL: C order */

  const distarray_dim_data *dim_data; /* ndim of them */

  void *owner; /* the producer's, for release */
  /* Called once by the consumer, at the end; NULL when nothing is to be released. */
  void (*release)(struct distarray_structure *self);
} distarray_structure;

/* Number of indices of a dimension that the process owns; communication padding does not count. */
static inline int64_t distarray_num_owned_indices(const distarray_dim_data *dim) {
  if (dim->dist_type == 'u') return dim->num_indices;
  if (dim->dist_type == 'c') {
    const int64_t block_size = dim->block_size > 0 ? dim->block_size : 1;
    const int64_t round = block_size * dim->proc_grid_size;
    int64_t rest = dim->size % round - dim->proc_grid_rank * block_size;
    if (rest < 0) rest = 0;
    if (rest > block_size) rest = block_size;
    return dim->size / round * block_size + rest;
  }
  return dim->stop - dim->start - (dim->proc_grid_rank > 0 ? dim->padding[0] : 0) -
         (dim->proc_grid_rank < dim->proc_grid_size - 1 ? dim->padding[1] : 0);
}

/* Bytes of an element of a dtype; 0 when there is no such dtype. */
static inline int64_t distarray_itemsize(int32_t dtype) {
  switch (dtype) {
    case DISTARRAY_BOOL:
    case DISTARRAY_INT8:
    case DISTARRAY_UINT8:
      return 1;
    case DISTARRAY_INT16:
    case DISTARRAY_UINT16:
      return 2;
    case DISTARRAY_INT32:
    case DISTARRAY_UINT32:
    case DISTARRAY_FLOAT32:
      return 4;
    case DISTARRAY_INT64:
    case DISTARRAY_UINT64:
    case DISTARRAY_FLOAT64:
    case DISTARRAY_COMPLEX64:
      return 8;
    case DISTARRAY_COMPLEX128:
      return 16;
    default:
      return 0;
  }
}

/* Offset in elements, from data, of the element at a local index. */
static inline int64_t distarray_element_offset(const distarray_structure *part,
                                               const int64_t *index) {
  int64_t offset = 0;
  int32_t axis;
  for (axis = 0; axis < part->ndim; axis++) {
    if (part->strides != NULL) {
      offset += index[axis] * part->strides[axis];
    } else {
      offset = offset * part->shape[axis] + index[axis];
    }
  }
  return offset;
}

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DISTARRAY_PROTOCOL_H */
