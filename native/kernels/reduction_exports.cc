#include "kernels/reduction_exports.h"

#include <cstring>

#include "kernels/kernel_function.h"
#include "kernels/random.h"
#include "kernels/reduce.h"
#include "kernels/scan.h"

namespace distarray {
namespace {

using namespace kernels;

const ReductionEntry* entryOf(const KernelBlock& block) {
  return reductionTable().find(block.integer(kOperation),
                               static_cast<Dtype>(block.integer(kCompute)));
}

char* address(KernelBlock& block, int constant) {
  return reinterpret_cast<char*>(static_cast<uintptr_t>(block[kConstants + constant]));
}

size_t size(KernelBlock& block, int constant) {
  return static_cast<size_t>(block[kConstants + constant]);
}

uint64_t bits(KernelBlock& block, int constant) {
  uint64_t value;
  std::memcpy(&value, &block[kConstants + constant], sizeof value);
  return value;
}

// Constants: states, their number.
int clearStates(KernelBlock& block) {
  const ReductionEntry* entry = entryOf(block);
  if (entry == nullptr) return kNoSuchLoop;
  entry->clear(address(block, 0), size(block, 1));
  return kDone;
}

// Operands: elements, states, places, mask.
int addToStates(KernelBlock& block) {
  const ReductionEntry* entry = entryOf(block);
  if (entry == nullptr) return kNoSuchLoop;
  Nest nest = block.nest();
  runReduction(*entry, static_cast<Dtype>(block.integer(kCompute)), nest,
               block.integer(kMasked) != 0);
  return kDone;
}

// Constants: states, what they are merged into, their number.
int mergeStates(KernelBlock& block) {
  const ReductionEntry* entry = entryOf(block);
  if (entry == nullptr) return kNoSuchLoop;
  entry->merge(address(block, 0), address(block, 1), size(block, 2));
  return kDone;
}

// Constants: states, output, their number, the operation's parameter.
int finishStates(KernelBlock& block) {
  const ReductionEntry* entry = entryOf(block);
  if (entry == nullptr) return kNoSuchLoop;
  entry->finish(address(block, 0), address(block, 1), size(block, 2), block[kConstants + 3]);
  return kDone;
}

// Operands: elements, output, states.
int scanWithStates(KernelBlock& block) {
  const ReductionEntry* entry = entryOf(block);
  if (entry == nullptr || entry->scanRow == nullptr) return kNoSuchLoop;
  Nest nest = block.nest();
  runScan(*entry, static_cast<Dtype>(block.integer(kCompute)), nest);
  return kDone;
}

// Operand: what is filled; then of each axis: table, start, block size, stride, factor.
// Constants: both words of the key, the offset, two numbers, two integers.
int random(KernelBlock& block) {
  const auto number = static_cast<size_t>(block.integer(kOperation));
  if (number >= distributions().size()) return kNoSuchLoop;
  const Nest nest = block.nest();
  AxisPlaces places[kMaxDims];
  int slot = kShape + nest.ndim + 2 + nest.ndim;
  for (int dim = 0; dim < nest.ndim; dim++, slot += 5) {
    auto whole = [&](int k) { return static_cast<uint64_t>(block[slot + k]); };
    const auto table = static_cast<uintptr_t>(block[slot]);
    places[dim] = {reinterpret_cast<const double*>(table), whole(1), whole(2), whole(3), whole(4)};
  }
  const RandomSource source({bits(block, 0), bits(block, 1)}, block[kConstants + 3],
                            block[kConstants + 4], bits(block, 5), bits(block, 6));
  runRandom(distributions()[number], source, nest, places,
            static_cast<uint64_t>(block[kConstants + 2]));
  return kDone;
}

// reductions() → { name: { number, loops: { compute dtype: { output: dtype, stateSize, scans } } } }
Napi::Value reductions(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const ReductionTable& table = reductionTable();
  auto all = Napi::Object::New(env);
  for (size_t number = 0; number < table.names().size(); number++) {
    auto loops = Napi::Object::New(env);
    for (int dtype = 0; dtype < kDtypeCount; dtype++) {
      const auto* entry = table.find(static_cast<int>(number), static_cast<Dtype>(dtype));
      if (entry == nullptr) continue;
      auto loop = Napi::Object::New(env);
      loop.Set("output", Napi::Number::New(env, static_cast<int>(entry->output)));
      loop.Set("stateSize", Napi::Number::New(env, static_cast<double>(entry->stateSize)));
      loop.Set("scans", Napi::Boolean::New(env, entry->scanRow != nullptr));
      loops.Set(static_cast<uint32_t>(dtype), loop);
    }
    auto reduction = Napi::Object::New(env);
    reduction.Set("number", Napi::Number::New(env, static_cast<double>(number)));
    reduction.Set("loops", loops);
    all.Set(table.names()[number], reduction);
  }
  return all;
}

// distributions() → their names, by number
Napi::Value distributionNames(const Napi::CallbackInfo& info) {
  auto names = Napi::Array::New(info.Env());
  for (const auto& entry : distributions()) names.Set(names.Length(), entry.name);
  return names;
}

// philox(counter, key): the block of a counter, four bigints, for a key, two.
Napi::Value philoxBlock(const Napi::CallbackInfo& info) {
  const auto counter = info[0].As<Napi::BigUint64Array>();
  const auto key = info[1].As<Napi::BigUint64Array>();
  const PhiloxBlock block =
      philox({{counter[0], counter[1], counter[2], counter[3]}}, {key[0], key[1]});
  auto words = Napi::BigUint64Array::New(info.Env(), 4);
  for (size_t lane = 0; lane < 4; lane++) words[lane] = block.word[lane];
  return words;
}

}  // namespace

void exportReductions(Napi::Object exports, KernelBlock* block) {
  Napi::Env env = exports.Env();
  addKernel<clearStates>(exports, "clearStates", block);
  addKernel<addToStates>(exports, "addToStates", block);
  addKernel<mergeStates>(exports, "mergeStates", block);
  addKernel<finishStates>(exports, "finishStates", block);
  addKernel<scanWithStates>(exports, "scanWithStates", block);
  addKernel<random>(exports, "random", block);
  exports.Set("reductions", Napi::Function::New(env, reductions, "reductions"));
  exports.Set("distributions", Napi::Function::New(env, distributionNames, "distributions"));
  exports.Set("philox", Napi::Function::New(env, philoxBlock, "philox"));
}

}  // namespace distarray
