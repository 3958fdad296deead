// The 13 element types in C++, in the order of DTYPE_NAMES of src/dtype/dtype.ts.
#pragma once

#include <cstddef>
#include <cstdint>

namespace distarray::kernels {

enum class Dtype : uint8_t {
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
};
constexpr int kDtypeCount = 13;
constexpr size_t kMaxItemsize = 16;

constexpr size_t kItemsizes[kDtypeCount] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 16};
constexpr size_t kAlignments[kDtypeCount] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 4, 8};

constexpr size_t itemsizeOf(Dtype dtype) { return kItemsizes[static_cast<int>(dtype)]; }
constexpr size_t alignmentOf(Dtype dtype) { return kAlignments[static_cast<int>(dtype)]; }

// An element of a bool array: any byte but 0 is true; 1 is written.
struct Bool {
  uint8_t value;
};

template <typename T>
struct Complex {
  T re, im;
};

template <typename... Ts>
struct Types {};

template <typename... As, typename... Bs>
constexpr Types<As..., Bs...> operator+(Types<As...>, Types<Bs...>) {
  return {};
}

constexpr Types<Bool> kBools{};
constexpr Types<int8_t, int16_t, int32_t, int64_t> kSigned{};
constexpr Types<uint8_t, uint16_t, uint32_t, uint64_t> kUnsigned{};
constexpr Types<float, double> kFloats{};
constexpr Types<Complex<float>, Complex<double>> kComplexes{};
constexpr auto kIntegers = kSigned + kUnsigned;
constexpr auto kReals = kIntegers + kFloats;
constexpr auto kNumbers = kReals + kComplexes;
constexpr auto kAll = kBools + kNumbers;

template <typename T>
constexpr Dtype kDtypeOf = Dtype::kBool;
template <>
inline constexpr Dtype kDtypeOf<int8_t> = Dtype::kInt8;
template <>
inline constexpr Dtype kDtypeOf<int16_t> = Dtype::kInt16;
template <>
inline constexpr Dtype kDtypeOf<int32_t> = Dtype::kInt32;
template <>
inline constexpr Dtype kDtypeOf<int64_t> = Dtype::kInt64;
template <>
inline constexpr Dtype kDtypeOf<uint8_t> = Dtype::kUint8;
template <>
inline constexpr Dtype kDtypeOf<uint16_t> = Dtype::kUint16;
template <>
inline constexpr Dtype kDtypeOf<uint32_t> = Dtype::kUint32;
template <>
inline constexpr Dtype kDtypeOf<uint64_t> = Dtype::kUint64;
template <>
inline constexpr Dtype kDtypeOf<float> = Dtype::kFloat32;
template <>
inline constexpr Dtype kDtypeOf<double> = Dtype::kFloat64;
template <>
inline constexpr Dtype kDtypeOf<Complex<float>> = Dtype::kComplex64;
template <>
inline constexpr Dtype kDtypeOf<Complex<double>> = Dtype::kComplex128;

template <typename T>
constexpr bool kIsComplex = false;
template <typename T>
inline constexpr bool kIsComplex<Complex<T>> = true;

}  // namespace distarray::kernels
