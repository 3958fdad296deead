// Numbers in text: rows of fields, as in CSV files, become elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/dtype.h"

namespace distarray::kernels {

struct TextFormat {
  Dtype dtype;
  // The byte between two fields; -1 when they are separated by white space.
  int delimiter;
  // The byte around fields in which delimiters and comments mean nothing, and which stands for itself there when it is
  // doubled; -1 when there is none.
  int quote;
  // How many fields every row has; -1 when those of `columns` suffice.
  int64_t fields;
  // The fields that become elements, in their order; all when there are none.
  const int32_t* columns;
  size_t columnCount;
  // What begins a comment; empty when nothing does.
  std::string_view comment;
  // Fields that stand for no value, beside empty ones.
  std::vector<std::string_view> missing;
  // The element in the place of such fields; null when they are an error.
  const uint8_t* filler;
};

enum TextProblem : int {
  kTextFine,
  // A row has another number of fields.
  kTextRagged,
  // A field is no number of the dtype.
  kTextNoNumber,
  // A field begins with a quote, and does not end with one on its line.
  kTextOpenQuote,
};

struct TextResult {
  // Bytes of the lines that were read; those of the line with a problem not among them.
  size_t used = 0;
  size_t lines = 0;
  size_t rows = 0;
  TextProblem problem = kTextFine;
  // Number of fields of a ragged row, or the field that is no number or has no end.
  size_t field = 0;
};

// Reads the lines that end in `text`, until there is no room for more rows. With `last` the end of the text
// ends a line, too. Lines without fields are skipped.
TextResult parseText(std::string_view text, bool last, const TextFormat& format, uint8_t* out,
                     size_t room);

// How many fields the first line has that has any; 0 when there is none that ends in `text`.
size_t countFields(std::string_view text, bool last, const TextFormat& format);

}  // namespace distarray::kernels
