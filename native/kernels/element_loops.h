// The loops around an inner loop: operands that lie in memory as it wants them are used there, others go through
// blocks in the first-level cache.
#pragma once

#include <algorithm>
#include <cstring>
#include <iterator>

#include "kernels/loop_table.h"
#include "kernels/nest.h"
#include "kernels/program.h"
#include "kernels/walker.h"

namespace distarray::kernels {

// Elements that are staged at a time: small enough for the first-level cache.
constexpr size_t kBlock = kProgramBlock;
constexpr size_t kBlockBytes = kBlock * kMaxItemsize;
// Innermost loops shorter than this are joined with those around them, through staging.
constexpr int64_t kShortLoop = 64;
// The same where operands need no staging otherwise, and the loop is one function.
constexpr int64_t kShortDirectLoop = 16;
// From this size on a result is written past the caches. Smaller ones may be used again from there.
constexpr size_t kStreamBytes = size_t{16} << 20;

struct alignas(64) Scratch {
  char blocks[kMaxOperands][kBlockBytes];
  char raw[kBlockBytes];
};
inline thread_local Scratch scratch;

// How the elements of an operand get to the inner loop, or from it.
enum class Passage {
  kDirect,    // they lie in memory as the loop wants them
  kConstant,  // one value for all of an inner loop
  kStaged,    // through a block: gathered, cast, or both
  kStreamed,  // past the caches: of an output only
};

// One function: a loop that needs no staging runs over all elements at once.
struct OneLoop {
  const LoopEntry& entry;

  int inputs() const { return entry.inputs; }
  Dtype input(int k) const { return entry.input[k]; }
  Dtype output() const { return entry.output; }
  bool isNumber(int) const { return false; }
  int64_t shortest() const { return kShortDirectLoop; }
  bool takesRows() const { return false; }
  void runRows(const void* const*, void*, size_t, size_t, const int64_t*) const {}
  bool mayStream() const { return !entry.isSlow; }
  bool streams() const { return entry.streamed != nullptr; }
  void runStreamed(const void* const* inputs, void* output, size_t count) const {
    entry.streamed(inputs, output, count);
  }
  size_t blockOf(size_t count, bool direct) const {
    return direct ? count : std::min<size_t>(count, kBlock);
  }
  void run(const void* const* inputs, void* output, size_t count) const {
    entry.loop(inputs, output, count);
  }
};

// A program: its temporaries are blocks.
struct Fused {
  const Program& program;

  int inputs() const { return program.inputs(); }
  Dtype input(int k) const { return program.input(k); }
  Dtype output() const { return program.output(); }
  bool isNumber(int k) const { return program.isNumber(k); }
  int64_t shortest() const { return program.isUnlimited() ? 1 : kShortLoop; }
  bool takesRows() const { return program.isUnlimited(); }
  void runRows(const void* const* inputs, void* output, size_t count, size_t rows,
               const int64_t* steps) const {
    program.runRows(inputs, output, count, rows, steps);
  }
  // A compiled loop is faster straight into memory than through a block.
  bool mayStream() const { return !program.isUnlimited() && !program.isSlow(); }
  bool streams() const { return program.streams(); }
  void runStreamed(const void* const* inputs, void* output, size_t count) const {
    program.runStreamed(inputs, output, count);
  }
  size_t blockOf(size_t count, bool direct) const {
    return direct && program.isUnlimited() ? count : std::min<size_t>(count, kBlock);
  }
  void run(const void* const* inputs, void* output, size_t count) const {
    program.run(inputs, output, count);
  }
};

template <typename Body>
class Elementwise {
 public:
  Elementwise(const Body& body, Nest& nest, bool masked)
      : body_(body), nest_(nest), output_(body.inputs()), masked_(masked) {
    first_ = std::max(0, nest.ndim - 1);
    count_ = nest.ndim == 0 ? 1 : nest.shape[first_];
    const auto shortest = static_cast<size_t>(areDirect() ? body.shortest() : kShortLoop);
    while (first_ > 0 && count_ < shortest) count_ *= nest.shape[--first_];
    bool direct = true;
    for (int k = 0; k < nest.count; k++) {
      passages_[k] = passageOf(k);
      const bool isNumber = k < output_ && body_.isNumber(k);
      direct = direct && (passages_[k] == Passage::kDirect || isNumber);
    }
    if (body_.mayStream() && passages_[output_] == Passage::kDirect && isStreamed()) {
      passages_[output_] = Passage::kStreamed;
      direct = false;
    }
    block_ = body.blockOf(count_, direct);
    isPlain_ = isPlain();
    for (int dim = 0; dim < first_; dim++) {
      for (int k = 0; k < nest.count; k++) {
        const int64_t stride = nest.operands[k].strides[dim];
        forward_[dim][k] = stride;
        back_[dim][k] = -stride * (nest.shape[dim] - 1);
      }
    }
  }

  // Reads and writes the operands; as often as wanted.
  void run() {
    std::fill(std::begin(filledFrom_), std::end(filledFrom_), nullptr);
    if (isPlain_) return runPlain();
    char* data[kMaxOperands];
    for (int k = 0; k < nest_.count; k++) data[k] = nest_.operands[k].data;
    forRows(first_, [&] { runInner(data); },
            [&](const int64_t* steps) {
              for (int k = 0; k < nest_.count; k++) data[k] += steps[k];
            });
    if (passages_[output_] == Passage::kStreamed) loopTable().finishStreaming();
  }

 private:
  // Without staging: places are all that changes from one inner loop to the next one.
  void runPlain() {
    const void* data[kMaxOperands];
    for (int k = 0; k < output_; k++) {
      const char* place = nest_.operands[k].data;
      if (passages_[k] == Passage::kConstant) fillConstant(k, place);
      data[k] = passages_[k] == Passage::kConstant ? scratch_.blocks[k] : place;
    }
    char* to = nest_.operands[output_].data;
    const bool takesRows = first_ > 0 && body_.takesRows();
    const int outer = takesRows ? first_ - 1 : first_;
    forRows(outer,
            [&] {
              if (takesRows) {
                const auto rows = static_cast<size_t>(nest_.shape[outer]);
                body_.runRows(data, to, count_, rows, forward_[outer]);
              } else {
                body_.run(data, to, count_);
              }
            },
            [&](const int64_t* steps) {
              for (int k = 0; k < output_; k++) {
                data[k] = static_cast<const char*>(data[k]) + steps[k];
              }
              to += steps[output_];
            });
  }

  // Calls back for all indices of the dimensions before `inner`, and with the bytes from each to the next one.
  template <typename Visit, typename Move>
  void forRows(int inner, Visit visit, Move move) const {
    int64_t index[kMaxDims];
    for (int dim = 0; dim < inner; dim++) index[dim] = 0;
    for (;;) {
      visit();
      int dim = inner - 1;
      for (; dim >= 0; dim--) {
        const bool wraps = ++index[dim] == nest_.shape[dim];
        if (wraps) index[dim] = 0;
        move(wraps ? back_[dim] : forward_[dim]);
        if (!wraps) break;
      }
      if (dim < 0) return;
    }
  }

  // Whether the innermost loop takes operands where they lie, or as one value.
  bool areDirect() const {
    for (int k = 0; k < nest_.count; k++) {
      if (passageOf(k) == Passage::kStaged) return false;
    }
    return true;
  }

  // Whether inner loops take all operands where they lie, but for values that are the same in all of them.
  bool isPlain() const {
    if (masked_ || block_ < count_ || passages_[output_] != Passage::kDirect) return false;
    for (int k = 0; k < output_; k++) {
      if (passages_[k] == Passage::kDirect) continue;
      const int64_t* strides = nest_.operands[k].strides;
      const bool isOne = std::all_of(strides, strides + nest_.ndim, [](int64_t s) { return s == 0; });
      if (passages_[k] != Passage::kConstant || !isOne) return false;
    }
    return true;
  }

  Dtype wanted(int k) const {
    if (k < output_) return body_.input(k);
    return k == output_ ? body_.output() : Dtype::kBool;
  }

  // Whether the output is large, and no input is in its place, which the caches hold then.
  bool isStreamed() const {
    const size_t bytes = static_cast<size_t>(nest_.size()) * itemsizeOf(body_.output());
    if (bytes < kStreamBytes || count_ * itemsizeOf(body_.output()) < kBlockBytes) return false;
    for (int k = 0; k < output_; k++) {
      if (nest_.operands[k].data == nest_.operands[output_].data) return false;
    }
    return true;
  }

  Passage passageOf(int k) const {
    const Operand& operand = nest_.operands[k];
    if (k != output_ && count_ > 1 &&
        std::all_of(operand.strides + first_, operand.strides + nest_.ndim,
                    [](int64_t stride) { return stride == 0; })) {
      return Passage::kConstant;
    }
    const bool direct = operand.dtype == wanted(k) && !(k == output_ && masked_) &&
                        nest_.isContiguous(k, first_) && nest_.isAligned(k);
    return direct ? Passage::kDirect : Passage::kStaged;
  }

  void runInner(char* const* data) {
    Walker walkers[kMaxOperands];
    for (int k = 0; k < nest_.count; k++) {
      if (passages_[k] == Passage::kConstant) {
        fillConstant(k, data[k]);
      } else if (passages_[k] == Passage::kStaged) {
        walkers[k].start(nest_, k, first_, data[k]);
      }
    }
    const bool streams = passages_[output_] == Passage::kStreamed && body_.streams();
    // What streams by itself does so from the beginning of a line on.
    size_t size = streams ? toLine(data[output_]) : block_;
    for (size_t done = 0; done < count_; done += size, size = block_) {
      size = std::min(size, count_ - done);
      const void* inputs[kMaxOperands];
      for (int k = 0; k < output_; k++) inputs[k] = load(k, data[k], walkers[k], done, size);
      if (streams) {
        body_.runStreamed(inputs, data[output_] + done * itemsizeOf(body_.output()), size);
        continue;
      }
      if (passages_[output_] == Passage::kDirect) {
        body_.run(inputs, data[output_] + done * itemsizeOf(body_.output()), size);
        continue;
      }
      body_.run(inputs, scratch_.blocks[output_], size);
      if (passages_[output_] == Passage::kStreamed) {
        stream(data, done, size);
        continue;
      }
      const void* mask = nullptr;
      if (masked_) {
        const int k = output_ + 1;
        mask = load(k, data[k], walkers[k], done, size);
      }
      store(walkers[output_], static_cast<const char*>(mask), size);
    }
  }

  // How many elements come before a line of the cache begins, or a block of them if one begins here.
  size_t toLine(const char* place) const {
    const size_t bytes = -reinterpret_cast<uintptr_t>(place) % kCacheLine;
    return bytes == 0 ? block_ : bytes / itemsizeOf(body_.output());
  }

  // Writes a block of results past the caches, and fetches the next elements of inputs that lie as the result does.
  void stream(char* const* data, size_t done, size_t size) const {
    const size_t itemsize = itemsizeOf(body_.output());
    const char* ahead[2];
    int count = 0;
    for (int k = 0; k < output_ && count < 2; k++) {
      if (passages_[k] != Passage::kDirect || nest_.operands[k].itemsize() != itemsize) continue;
      ahead[count++] = data[k] + (done + size) * itemsize;
    }
    loopTable().stream(data[output_] + done * itemsize, scratch_.blocks[output_], size * itemsize,
                       ahead, count);
  }

  // The next elements of an operand in the loop's dtype, in one row.
  const void* load(int k, const char* data, Walker& walker, size_t done, size_t size) {
    const Operand& operand = nest_.operands[k];
    char* block = scratch_.blocks[k];
    if (passages_[k] == Passage::kConstant) return block;
    if (passages_[k] == Passage::kDirect) return data + done * operand.itemsize();
    if (operand.dtype == wanted(k)) {
      walker.read(block, size);
      return block;
    }
    const void* raw = walker.inPlace(size);
    if (raw == nullptr) {
      walker.read(scratch_.raw, size);
      raw = scratch_.raw;
    }
    loopTable().cast(operand.dtype, wanted(k))(&raw, block, size);
    return block;
  }

  void store(Walker& walker, const char* mask, size_t size) {
    const Operand& operand = nest_.operands[output_];
    const void* block = scratch_.blocks[output_];
    if (operand.dtype != body_.output()) {
      const Loop cast = loopTable().cast(body_.output(), operand.dtype);
      char* target = mask == nullptr ? walker.inPlace(size) : nullptr;
      cast(&block, target == nullptr ? scratch_.raw : target, size);
      if (target != nullptr) return;
      block = scratch_.raw;
    }
    walker.write(static_cast<const char*>(block), mask, size);
  }

  void fillConstant(int k, const char* data) {
    if (filledFrom_[k] == data) return;
    filledFrom_[k] = data;
    const Operand& operand = nest_.operands[k];
    const size_t itemsize = itemsizeOf(wanted(k));
    alignas(16) char value[kMaxItemsize];
    alignas(16) char converted[kMaxItemsize];
    std::memcpy(value, data, operand.itemsize());
    const void* input = value;
    loopTable().cast(operand.dtype, wanted(k))(&input, converted, 1);
    const size_t read = body_.isNumber(k) ? 1 : std::min<size_t>(count_, kBlock);
    copyRun(scratch_.blocks[k], static_cast<int64_t>(itemsize), converted, 0, read, itemsize);
  }

  const Body body_;
  Nest& nest_;
  const int output_;
  const bool masked_;
  int first_;  // the dimensions from here on are the inner loop
  size_t count_;
  size_t block_;
  bool isPlain_;
  Passage passages_[kMaxOperands] = {};
  // Bytes from one inner loop to the next one along a dimension, and from the last one to the first, of all operands
  // side by side: they are added up two at a time.
  int64_t forward_[kMaxDims][kMaxOperands];
  int64_t back_[kMaxDims][kMaxOperands];
  // Where a thread's blocks are is asked once, not for each of them.
  Scratch& scratch_ = scratch;
  const char* filledFrom_[kMaxOperands] = {};
};

}  // namespace distarray::kernels
