// What the files of this folder define. All but complex_math.cc are compiled once for every
// instruction set, into a namespace of its name (DISTARRAY_ISA). They must not use inline functions
// of headers that the compiler might leave out of line: the linker keeps one copy of such a function
// for all, and it could be one that this processor does not understand.
#pragma once

#include "kernels/loop_table.h"

namespace distarray::kernels {

// Functions of complex numbers that gain nothing from vector instructions.
void addComplexLoops(LoopTable& table);

#define DISTARRAY_DECLARE_LOOPS(isa)    \
  namespace isa {                       \
  void addLoops(LoopTable& table);      \
  void addArithmetic(LoopTable& table); \
  void addComparison(LoopTable& table); \
  void addInteger(LoopTable& table);    \
  void addRealMath(LoopTable& table);   \
  void addCasts(LoopTable& table);      \
  void addPairs(LoopTable& table);      \
  void addStreaming(LoopTable& table);  \
  }
DISTARRAY_DECLARE_LOOPS(baseline)
DISTARRAY_DECLARE_LOOPS(avx2)
DISTARRAY_DECLARE_LOOPS(avx512)
#undef DISTARRAY_DECLARE_LOOPS

}  // namespace distarray::kernels
