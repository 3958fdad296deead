// Small integer handles for native objects.
//
// An MPI handle is an int in MPICH and a pointer in Open MPI, and an HDF5 hid_t exceeds 2^53, so
// JavaScript never sees them: it holds a positive int32 made of a type tag, a generation and an
// index. A handle of the wrong type, or one that was freed, is found out instead of followed.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace distarray {

enum class HandleType : uint32_t {
  kCommunicator = 1,
  kDatatype = 2,
  kOperation = 3,
  kHdf5 = 4,
  kRequest = 5,
  kMessage = 6,
  kGroup = 7,
  kFile = 12,
  kWindow = 15,
};

template <typename T, HandleType Type>
class HandleTable {
 public:
  int32_t insert(T value) {
    uint32_t index;
    if (free_.empty()) {
      index = static_cast<uint32_t>(slots_.size());
      if (index > kIndexMask) return 0;  // 0 is never a handle
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    slots_[index].value = std::move(value);
    return encode(index, slots_[index].generation);
  }

  bool isFull() const { return free_.empty() && slots_.size() > kIndexMask; }

  // The object, or nullptr when the handle is of another type, was freed, or never was.
  T* find(int32_t handle) {
    const auto bits = static_cast<uint32_t>(handle);
    const uint32_t index = bits & kIndexMask;
    if ((bits >> kTagShift) != static_cast<uint32_t>(Type) || index >= slots_.size()) {
      return nullptr;
    }
    Slot& slot = slots_[index];
    if (!slot.value || slot.generation != ((bits >> kIndexBits) & kGenerationMask)) return nullptr;
    return &*slot.value;
  }

  // The handle of an object that is here already; 0 when it is not.
  int32_t handleOf(const T& value) const {
    for (size_t index = 0; index < slots_.size(); index++) {
      const Slot& slot = slots_[index];
      if (slot.value && *slot.value == value) {
        return encode(static_cast<uint32_t>(index), slot.generation);
      }
    }
    return 0;
  }

  void erase(int32_t handle) {
    if (!find(handle)) return;
    const uint32_t index = static_cast<uint32_t>(handle) & kIndexMask;
    slots_[index].value.reset();
    slots_[index].generation = (slots_[index].generation + 1) & kGenerationMask;
    free_.push_back(index);
  }

  // Destroys what is left, the youngest first.
  void clear() {
    while (!slots_.empty()) slots_.pop_back();
    free_.clear();
  }

 private:
  struct Slot {
    std::optional<T> value;
    uint32_t generation = 0;
  };

  static constexpr uint32_t kIndexBits = 18;
  static constexpr uint32_t kIndexMask = (1u << kIndexBits) - 1;
  static constexpr uint32_t kGenerationBits = 9;
  static constexpr uint32_t kGenerationMask = (1u << kGenerationBits) - 1;
  static constexpr uint32_t kTagShift = kIndexBits + kGenerationBits;

  static int32_t encode(uint32_t index, uint32_t generation) {
    return static_cast<int32_t>((static_cast<uint32_t>(Type) << kTagShift) |
                                (generation << kIndexBits) | index);
  }

  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace distarray
