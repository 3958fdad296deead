// Where the lowest and the highest element is: the first place of several, and the first NaN where
// there is one. A state's place is a float64 that JavaScript can read; infinite where no element was
// seen.
#include "kernels/loops/order.h"
#include "kernels/loops/reduce.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

constexpr double kNowhere = __builtin_inf();
// Rows are searched in pieces of this length, of which most need one look.
constexpr size_t kPiece = 512;

template <typename T>
struct Place {
  T value;
  double index;
};

template <typename T>
bool isSame(T a, T b) {
  return isEqual(a, b) | (isNan(a) & isNan(b));
}

template <typename Side, typename T>
bool precedes(T value, double index, T best, double bestIndex) {
  return replaces<Side>(value, best) | (isSame(value, best) & (index < bestIndex));
}

template <typename Side, typename T>
T extremeOf(const T* row, size_t count) {
  T lanes[kLanes];
  for (size_t l = 0; l < kLanes; l++) lanes[l] = Side::template kEmpty<T>;
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    DISTARRAY_INDEPENDENT
    for (size_t l = 0; l < kLanes; l++) {
      lanes[l] = replaces<Side>(row[i + l], lanes[l]) ? row[i + l] : lanes[l];
    }
  }
  for (; i < count; i++) lanes[0] = replaces<Side>(row[i], lanes[0]) ? row[i] : lanes[0];
  for (size_t l = 1; l < kLanes; l++) {
    lanes[0] = replaces<Side>(lanes[l], lanes[0]) ? lanes[l] : lanes[0];
  }
  return lanes[0];
}

template <typename Side, typename T>
void placeInRow(const void* elements, size_t count, int64_t index, int64_t step, void* state) {
  const auto* row = static_cast<const T*>(elements);
  auto& best = *static_cast<Place<T>*>(state);
  for (size_t done = 0; done < count; done += kPiece) {
    const size_t size = count - done < kPiece ? count - done : kPiece;
    const T extreme = extremeOf<Side>(row + done, size);
    const auto first = static_cast<double>(index + static_cast<int64_t>(done) * step);
    const auto last = static_cast<double>(index + static_cast<int64_t>(done + size - 1) * step);
    if (!precedes<Side>(extreme, first < last ? first : last, best.value, best.index)) continue;
    size_t at = step >= 0 ? 0 : size - 1;
    while (!isSame(row[done + at], extreme)) at += step >= 0 ? 1 : -1;
    const auto place = static_cast<double>(index + static_cast<int64_t>(done + at) * step);
    if (precedes<Side>(extreme, place, best.value, best.index)) best = {extreme, place};
  }
}

template <typename Side, typename T>
void placeInColumns(const void* const* rows, const int64_t* indices, size_t rowCount, size_t count,
                    void* states) {
  auto* best = static_cast<Place<T>*>(states);
  for (size_t done = 0; done < count; done += kLanes, best += kLanes) {
    const size_t width = count - done < kLanes ? count - done : kLanes;
    T value[kLanes];
    double place[kLanes];
    for (size_t l = 0; l < width; l++) {
      value[l] = best[l].value;
      place[l] = best[l].index;
    }
    for (size_t r = 0; r < rowCount; r++) {
      const T* row = static_cast<const T*>(rows[r]) + done;
      const auto index = static_cast<double>(indices[r]);
      DISTARRAY_INDEPENDENT
      for (size_t l = 0; l < width; l++) {
        const T x = row[l];
        const bool taken = precedes<Side>(x, index, value[l], place[l]);
        value[l] = taken ? x : value[l];
        place[l] = taken ? index : place[l];
      }
    }
    for (size_t l = 0; l < width; l++) best[l] = {value[l], place[l]};
  }
}

template <typename Side, typename T>
void clearPlaces(void* states, size_t count) {
  auto* places = static_cast<Place<T>*>(states);
  for (size_t i = 0; i < count; i++) places[i] = {Side::template kEmpty<T>, kNowhere};
}

template <typename Side, typename T>
void mergePlaces(const void* from, void* into, size_t count) {
  const auto* others = static_cast<const Place<T>*>(from);
  auto* best = static_cast<Place<T>*>(into);
  for (size_t i = 0; i < count; i++) {
    if (precedes<Side>(others[i].value, others[i].index, best[i].value, best[i].index)) {
      best[i] = others[i];
    }
  }
}

template <typename T>
void tellPlaces(const void* states, void* output, size_t count, double) {
  const auto* places = static_cast<const Place<T>*>(states);
  for (size_t i = 0; i < count; i++) {
    static_cast<int64_t*>(output)[i] = static_cast<int64_t>(places[i].index);
  }
}

template <typename Side, typename... Ts>
void addPlace(ReductionTable& table, const char* name, Types<Ts...>) {
  auto entryOfPlace = [](size_t size, auto clear, auto row, auto rows, auto merge, auto finish) {
    ReductionEntry entry;
    entry.stateSize = size;
    entry.output = Dtype::kInt64;
    entry.clear = clear;
    entry.addRow = row;
    entry.addRows = rows;
    entry.merge = merge;
    entry.finish = finish;
    return entry;
  };
  (table.add(name, kDtypeOf<Ts>,
             entryOfPlace(sizeof(Place<Ts>), clearPlaces<Side, Ts>, placeInRow<Side, Ts>,
                          placeInColumns<Side, Ts>, mergePlaces<Side, Ts>, tellPlaces<Ts>)),
   ...);
}

}  // namespace

void addPlaces(ReductionTable& table) {
  addPlace<Lowest>(table, "argmin", kAll);
  addPlace<Highest>(table, "argmax", kAll);
}

}  // namespace distarray::kernels::DISTARRAY_ISA
