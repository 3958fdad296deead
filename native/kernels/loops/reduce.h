// How an operation becomes the loops of a ReductionEntry: a struct that says, once for all dtypes,
//   Element     what is added
//   Part        what a state consists of, kParts of them
//   kEmpty      the parts of a state of no elements
//   add(parts &..., element), merge(parts &..., other's parts...), tell(parts..., parameter)
//
// Rows are added in lanes: many states side by side, each of which gets every kLanes-th element.
// Sums in lanes are pairwise sums, and the compiler makes vector instructions of them.
#pragma once

#include <utility>

#include "kernels/loops/define.h"
#include "kernels/reduction_table.h"

namespace distarray::kernels {
namespace {

constexpr size_t kLanes = 32;
constexpr size_t kFewLanes = 4;
// Columns whose states are kept in the first-level cache, with what is fetched of them.
constexpr size_t kTile = 512;
// Columns of the next rows that are fetched at a time.
constexpr size_t kAhead = 32;

template <typename F>
using Parts = std::make_index_sequence<F::kParts>;

template <typename F, size_t L>
struct Lanes {
  typename F::Part part[F::kParts][L];

  void clear() {
    for (size_t p = 0; p < F::kParts; p++) {
      for (size_t l = 0; l < L; l++) part[p][l] = F::kEmpty[p];
    }
  }
  void load(const typename F::Part* states, size_t width) {
    for (size_t l = 0; l < width; l++) {
      for (size_t p = 0; p < F::kParts; p++) part[p][l] = states[l * F::kParts + p];
    }
  }
  void store(typename F::Part* states, size_t width) const {
    for (size_t l = 0; l < width; l++) {
      for (size_t p = 0; p < F::kParts; p++) states[l * F::kParts + p] = part[p][l];
    }
  }
  template <size_t... P>
  void add(const typename F::Element* row, size_t width, std::index_sequence<P...>) {
    DISTARRAY_INDEPENDENT
    for (size_t l = 0; l < width; l++) F::add(part[P][l]..., row[l]);
  }
  // Four elements a lane, so that the states are read and written once.
  template <size_t... P>
  void addFour(const typename F::Element* const* rows, size_t begin, size_t end,
               std::index_sequence<P...>) {
    const auto *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    DISTARRAY_INDEPENDENT
    for (size_t l = begin; l < end; l++) {
      typename F::Part state[F::kParts] = {part[P][l]...};
      F::add(state[P]..., a[l]);
      F::add(state[P]..., b[l]);
      F::add(state[P]..., c[l]);
      F::add(state[P]..., d[l]);
      ((part[P][l] = state[P]), ...);
    }
  }
  template <size_t... P>
  void halve(size_t half, std::index_sequence<P...>) {
    DISTARRAY_INDEPENDENT
    for (size_t l = 0; l < half; l++) F::merge(part[P][l]..., part[P][l + half]...);
  }
};

template <typename F, size_t... P>
void mergeState(typename F::Part* into, const typename F::Part* from, std::index_sequence<P...>) {
  F::merge(into[P]..., from[P]...);
}

template <typename F, size_t... P>
auto tellState(const typename F::Part* state, double parameter, std::index_sequence<P...>) {
  return F::tell(state[P]..., parameter);
}

template <typename F, size_t L>
void addInLanes(const typename F::Element* row, size_t count, typename F::Part* state) {
  Lanes<F, L> lanes;
  lanes.clear();
  size_t i = 0;
  for (; i + L <= count; i += L) lanes.add(row + i, L, Parts<F>{});
  lanes.add(row + i, count - i, Parts<F>{});
  for (size_t half = L / 2; half > 0; half /= 2) lanes.halve(half, Parts<F>{});
  typename F::Part result[F::kParts];
  lanes.store(result, 1);
  mergeState<F>(state, result, Parts<F>{});
}

template <typename F>
void addRowLoop(const void* row, size_t count, int64_t, int64_t, void* state) {
  const auto* elements = static_cast<const typename F::Element*>(row);
  auto* parts = static_cast<typename F::Part*>(state);
  if (count < 4 * kLanes) {
    addInLanes<F, kFewLanes>(elements, count, parts);
  } else {
    addInLanes<F, kLanes>(elements, count, parts);
  }
}

template <typename F>
void addRowsLoop(const void* const* rows, const int64_t*, size_t rowCount, size_t count,
                 void* states) {
  using Element = typename F::Element;
  auto* state = static_cast<typename F::Part*>(states);
  Lanes<F, kTile> lanes;
  for (size_t c = 0; c < count; c += kTile, state += kTile * F::kParts) {
    const size_t width = count - c < kTile ? count - c : kTile;
    lanes.load(state, width);
    auto row = [&](size_t r) { return static_cast<const Element*>(rows[r]) + c; };
    size_t r = 0;
    for (; r + 4 <= rowCount; r += 4) {
      const Element* const four[] = {row(r), row(r + 1), row(r + 2), row(r + 3)};
      const bool more = r + 8 <= rowCount;
      constexpr size_t kLine = 64 / sizeof(Element);
      for (size_t l = 0; l < width; l += kAhead) {
        const size_t end = width - l < kAhead ? width : l + kAhead;
        if (more) {
          for (size_t q = 4; q < 8; q++) {
            for (size_t i = l; i < end; i += kLine) __builtin_prefetch(row(r + q) + i);
          }
        }
        lanes.addFour(four, l, end, Parts<F>{});
      }
    }
    for (; r < rowCount; r++) lanes.add(row(r), width, Parts<F>{});
    lanes.store(state, width);
  }
}

template <typename F>
void clearLoop(void* states, size_t count) {
  auto* parts = static_cast<typename F::Part*>(states);
  for (size_t i = 0; i < count; i++) {
    for (size_t p = 0; p < F::kParts; p++) parts[i * F::kParts + p] = F::kEmpty[p];
  }
}

template <typename F>
void mergeLoop(const void* from, void* into, size_t count) {
  const auto* others = static_cast<const typename F::Part*>(from);
  auto* states = static_cast<typename F::Part*>(into);
  for (size_t i = 0; i < count * F::kParts; i += F::kParts) {
    mergeState<F>(states + i, others + i, Parts<F>{});
  }
}

template <typename F>
using Result = decltype(tellState<F>(make<const typename F::Part*>(), 0.0, Parts<F>{}));

template <typename F>
void finishLoop(const void* states, void* output, size_t count, double parameter) {
  const auto* parts = static_cast<const typename F::Part*>(states);
  auto* out = static_cast<Result<F>*>(output);
  for (size_t i = 0; i < count; i++) {
    out[i] = tellState<F>(parts + i * F::kParts, parameter, Parts<F>{});
  }
}

template <typename F, size_t... P>
void scanStates(const void* row, void* output, size_t count, typename F::Part* states,
                size_t advance, std::index_sequence<P...>) {
  const auto* elements = static_cast<const typename F::Element*>(row);
  auto* out = static_cast<Result<F>*>(output);
  for (size_t i = 0; i < count; i++, states += advance) {
    F::add(states[P]..., elements[i]);
    out[i] = F::tell(states[P]..., 1.0);
  }
}

template <typename F>
void scanRowLoop(const void* row, void* output, size_t count, void* state) {
  typename F::Part parts[F::kParts];
  for (size_t p = 0; p < F::kParts; p++) parts[p] = static_cast<typename F::Part*>(state)[p];
  scanStates<F>(row, output, count, parts, 0, Parts<F>{});
  for (size_t p = 0; p < F::kParts; p++) static_cast<typename F::Part*>(state)[p] = parts[p];
}

template <typename F>
void scanColumnsLoop(const void* row, void* output, size_t count, void* states) {
  scanStates<F>(row, output, count, static_cast<typename F::Part*>(states), F::kParts, Parts<F>{});
}

template <typename F>
ReductionEntry entryOf() {
  ReductionEntry entry;
  entry.stateSize = F::kParts * sizeof(typename F::Part);
  entry.output = kDtypeOf<Result<F>>;
  entry.clear = clearLoop<F>;
  entry.addRow = addRowLoop<F>;
  entry.addRows = addRowsLoop<F>;
  entry.merge = mergeLoop<F>;
  entry.finish = finishLoop<F>;
  return entry;
}

template <typename F>
ReductionEntry scanEntryOf() {
  ReductionEntry entry = entryOf<F>();
  entry.scanRow = scanRowLoop<F>;
  entry.scanColumns = scanColumnsLoop<F>;
  return entry;
}

template <template <typename> typename F, typename... Ts>
void addReduction(ReductionTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>, entryOf<F<Ts>>()), ...);
}

template <template <typename> typename F, typename... Ts>
void addScan(ReductionTable& table, const char* name, Types<Ts...>) {
  (table.add(name, kDtypeOf<Ts>, scanEntryOf<F<Ts>>()), ...);
}

}  // namespace
}  // namespace distarray::kernels
