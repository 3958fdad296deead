#include "kernels/kernels_exports.h"

#include "kernels/blas.h"
#include "kernels/copy_runs.h"
#include "kernels/elementwise.h"
#include "kernels/find_true.h"
#include "kernels/gather.h"
#include "kernels/gemm.h"
#include "kernels/kernel_function.h"
#include "kernels/loop_table.h"
#include "kernels/owners.h"
#include "kernels/parse_text.h"
#include "kernels/program_exports.h"
#include "kernels/reduction_exports.h"

namespace distarray {
namespace {

using namespace kernels;

// Each leaves a KernelResult.
int apply(KernelBlock& block) {
  const auto compute = static_cast<Dtype>(block.integer(kCompute));
  const LoopEntry* entry = loopTable().find(block.integer(kOperation), compute);
  const bool masked = block.integer(kMasked) != 0;
  if (entry == nullptr || block.integer(kOperands) != entry->inputs + 1 + (masked ? 1 : 0)) {
    return kNoSuchLoop;
  }
  Nest nest = block.nest();
  runElementwise(*entry, nest, masked);
  return kDone;
}

int copy(KernelBlock& block) {
  Nest nest = block.nest();
  if (block.integer(kMasked) == 0) {
    runCopy(nest);
    return kDone;
  }
  // The operands come as target, source, mask; an operation's output follows its inputs.
  std::swap(nest.operands[0], nest.operands[1]);
  const Dtype from = nest.operands[0].dtype;
  const Dtype to = nest.operands[1].dtype;
  runElementwise(LoopEntry{loopTable().cast(from, to), 1, {from}, to}, nest, true);
  return kDone;
}

int move(KernelBlock& block, Direction direction) {
  const Nest nest = block.nest();
  AxisIndex indices[kMaxDims];
  block.axisIndices(nest, indices);
  const int badAxis = runGather(nest, indices, direction);
  return badAxis < 0 ? kDone : kBadIndex + badAxis;
}

int gather(KernelBlock& block) { return move(block, Direction::kGather); }
int scatter(KernelBlock& block) { return move(block, Direction::kScatter); }

int moveRuns(KernelBlock& block) {
  RunAxis axes[kMaxDims];
  const RunCopy copy = block.runCopy(axes);
  copyRuns(copy, static_cast<int64_t>(block[kRunsFirst]), static_cast<int64_t>(block[kRunsCount]));
  return kDone;
}

// Operands: both factors and the product. Dimensions: those of the stack, rows, columns, inner one.
// Masked: whether the product is added.
int gemm(KernelBlock& block) {
  runGemm(block.nest(), block.integer(kMasked) != 0);
  return kDone;
}

int findTrueElements(KernelBlock& block) {
  const auto* mask = block.pointerAt<const uint8_t>(kFindMask);
  auto* out = block.pointerAt<double>(kFindOut);
  const auto length = static_cast<size_t>(block[kFindLength]);
  const size_t count = out == nullptr ? countTrue(mask, length)
                                      : findTrue(mask, length, block[kFindStart], block[kFindStep], out);
  block[kFindCount] = static_cast<double>(count);
  return kDone;
}

int addIndexOwners(KernelBlock& block) {
  const BlockOwners owners{block[kOwnersStart], block[kOwnersStep], block[kOwnersBlock],
                           static_cast<int64_t>(block[kOwnersGrid])};
  addOwners(owners, block.pointerAt<const double>(kOwnersIndices),
            static_cast<size_t>(block[kOwnersCount]), block.integer(kOwnersStride),
            block.pointerAt<int32_t>(kOwnersRanks));
  return kDone;
}

int sortIndicesByRank(KernelBlock& block) {
  sortByRank(block.pointerAt<const double>(kSortIndices),
             block.pointerAt<const int32_t>(kSortRanks), static_cast<size_t>(block[kSortCount]),
             block.pointerAt<double>(kSortPlaces), block.pointerAt<double>(kSortSorted),
             block.pointerAt<uint32_t>(kSortOrder));
  return kDone;
}

std::string_view textIn(KernelBlock& block, int address, int length) {
  return {block.pointerAt<const char>(address), static_cast<size_t>(block[length])};
}

int parseTextLines(KernelBlock& block) {
  TextFormat format{static_cast<Dtype>(block.integer(kTextDtype)),
                    block.integer(kTextDelimiter),
                    block.integer(kTextQuote),
                    static_cast<int64_t>(block[kTextFields]),
                    block.pointerAt<const int32_t>(kTextColumns),
                    static_cast<size_t>(block[kTextColumnCount]),
                    textIn(block, kTextComment, kTextCommentLength),
                    {},
                    block.pointerAt<const uint8_t>(kTextFiller)};
  // One a line.
  std::string_view missing = textIn(block, kTextMissing, kTextMissingLength);
  while (!missing.empty()) {
    const size_t end = missing.find('\n');
    format.missing.push_back(missing.substr(0, end));
    missing.remove_prefix(end == std::string_view::npos ? missing.size() : end + 1);
  }
  const std::string_view text = textIn(block, kTextBytes, kTextLength);
  const bool last = block.integer(kTextIsLast) != 0;
  auto* out = block.pointerAt<uint8_t>(kTextOut);
  if (out == nullptr) {
    block[kTextField] = static_cast<double>(countFields(text, last, format));
    return kDone;
  }
  const TextResult result =
      parseText(text, last, format, out, static_cast<size_t>(block[kTextRoom]));
  block[kTextUsed] = static_cast<double>(result.used);
  block[kTextLines] = static_cast<double>(result.lines);
  block[kTextRows] = static_cast<double>(result.rows);
  block[kTextProblem] = result.problem;
  block[kTextField] = static_cast<double>(result.field);
  return kDone;
}

// operations() → { name: { number, loops: { compute dtype's number: output dtype's number } } }
Napi::Value operations(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const LoopTable& table = loopTable();
  auto all = Napi::Object::New(env);
  for (size_t number = 0; number < table.names().size(); number++) {
    auto loops = Napi::Object::New(env);
    int inputs = 0;
    for (int dtype = 0; dtype < kDtypeCount; dtype++) {
      const auto* entry = table.find(static_cast<int>(number), static_cast<Dtype>(dtype));
      if (entry == nullptr) continue;
      inputs = entry->inputs;
      loops.Set(static_cast<uint32_t>(dtype),
                Napi::Number::New(env, static_cast<int>(entry->output)));
    }
    auto operation = Napi::Object::New(env);
    operation.Set("number", Napi::Number::New(env, static_cast<double>(number)));
    operation.Set("inputs", Napi::Number::New(env, inputs));
    operation.Set("loops", loops);
    all.Set(table.names()[number], operation);
  }
  return all;
}

}  // namespace

void exportKernels(Napi::Object exports) {
  Napi::Env env = exports.Env();
  auto* block = new KernelBlock;
  env.AddCleanupHook([](KernelBlock* old) { delete old; }, block);
  auto memory = Napi::ArrayBuffer::New(env, block->data(), kKernelSlotCount * sizeof(double));
  exports.Set("block", Napi::Float64Array::New(env, kKernelSlotCount, memory, 0));
  addKernel<apply>(exports, "apply", block);
  addKernel<copy>(exports, "copy", block);
  addKernel<gather>(exports, "gather", block);
  addKernel<scatter>(exports, "scatter", block);
  addKernel<moveRuns>(exports, "copyRuns", block);
  addKernel<gemm>(exports, "gemm", block);
  addKernel<findTrueElements>(exports, "findTrue", block);
  addKernel<addIndexOwners>(exports, "addOwners", block);
  addKernel<sortIndicesByRank>(exports, "sortByRank", block);
  addKernel<parseTextLines>(exports, "parseText", block);
  exportReductions(exports, block);
  exportPrograms(exports, block);
  exports.Set("operations", Napi::Function::New(env, operations, "operations"));
  exports.Set("instructionSet", Napi::String::New(env, instructionSet()));
  exports.Set("blas", Napi::String::New(env, blasName()));
}

}  // namespace distarray
