#include "kernels/parse_text.h"

#include <cstring>

#include "kernels/parse_number.h"

namespace distarray::kernels {
namespace {

constexpr bool isSpace(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\v' || letter == '\f';
}

// White space around fields; not what separates them.
std::string_view trimmed(std::string_view text, int delimiter) {
  const auto drops = [delimiter](char letter) { return isSpace(letter) && letter != delimiter; };
  while (!text.empty() && drops(text.front())) text.remove_prefix(1);
  while (!text.empty() && drops(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the next line off a text; false when none ends there.
bool nextLine(std::string_view& text, bool last, std::string_view& line) {
  if (text.empty()) return false;
  const auto* newline = static_cast<const char*>(std::memchr(text.data(), '\n', text.size()));
  if (newline == nullptr && !last) return false;
  const size_t length = newline == nullptr ? text.size() : static_cast<size_t>(newline - text.data());
  line = text.substr(0, length);
  text.remove_prefix(newline == nullptr ? length : length + 1);
  return true;
}

// What a line has to say: without its comment and the white space around; empty when that is nothing.
std::string_view contentOf(std::string_view line, const TextFormat& format) {
  if (!format.comment.empty()) line = line.substr(0, line.find(format.comment));
  return trimmed(line, format.delimiter);
}

void splitFields(std::string_view content, int delimiter, std::vector<std::string_view>& fields) {
  fields.clear();
  if (delimiter < 0) {
    size_t at = 0;
    while (at < content.size()) {
      const size_t begin = at;
      while (at < content.size() && !isSpace(content[at])) at++;
      fields.push_back(content.substr(begin, at - begin));
      while (at < content.size() && isSpace(content[at])) at++;
    }
    return;
  }
  for (;;) {
    const size_t length = content.find(static_cast<char>(delimiter));
    fields.push_back(trimmed(content.substr(0, length), delimiter));
    if (length == std::string_view::npos) return;
    content.remove_prefix(length + 1);
  }
}

// The same of a line in which fields may be quoted, comments and all; what is quoted comes without its quotes, which stay
// doubled in it. False when a quoted field has no end, or something behind it; `fields` are then those before it.
bool splitQuoted(std::string_view line, const TextFormat& format,
                 std::vector<std::string_view>& fields) {
  const int delimiter = format.delimiter;
  const auto quote = static_cast<char>(format.quote);
  const auto drops = [delimiter](char letter) { return isSpace(letter) && letter != delimiter; };
  const auto isComment = [&](size_t at) {
    return !format.comment.empty() && line.substr(at, format.comment.size()) == format.comment;
  };
  const auto ends = [&](size_t at) { return at >= line.size() || isComment(at); };
  fields.clear();
  size_t at = 0;
  const auto skip = [&] {
    while (at < line.size() && drops(line[at])) at++;
  };
  skip();
  if (ends(at)) return true;
  for (;;) {
    if (at < line.size() && line[at] == quote) {
      const size_t begin = ++at;
      for (;; at++) {
        at = line.find(quote, at);
        if (at == std::string_view::npos) return false;
        if (at + 1 >= line.size() || line[at + 1] != quote) break;
        at++;
      }
      fields.push_back(line.substr(begin, at++ - begin));
      const size_t behind = at;
      skip();
      const bool isApart = delimiter < 0 ? at > behind : !ends(at) && line[at] == delimiter;
      if (!ends(at) && !isApart) {
        fields.pop_back();
        return false;
      }
    } else {
      const size_t begin = at;
      const auto isEnd = [&] {
        return delimiter < 0 ? isSpace(line[at]) : line[at] == static_cast<char>(delimiter);
      };
      while (!ends(at) && !isEnd()) at++;
      fields.push_back(trimmed(line.substr(begin, at - begin), delimiter));
      skip();
    }
    if (ends(at)) return true;
    if (delimiter >= 0) at++;
    skip();
  }
}

bool isMissing(std::string_view field, const TextFormat& format) {
  if (field.empty()) return true;
  for (const std::string_view text : format.missing) {
    if (field == text) return true;
  }
  return false;
}

// The fields of a line, none where it has nothing to say; false when there is something wrong with quotes.
bool fieldsOf(std::string_view line, const TextFormat& format,
              std::vector<std::string_view>& fields) {
  if (format.quote >= 0) return splitQuoted(line, format, fields);
  const std::string_view content = contentOf(line, format);
  fields.clear();
  if (!content.empty()) splitFields(content, format.delimiter, fields);
  return true;
}

}  // namespace

TextResult parseText(std::string_view text, bool last, const TextFormat& format, uint8_t* out,
                     size_t room) {
  TextResult result;
  const NumberParser parse = numberParserOf(format.dtype);
  const size_t itemsize = itemsizeOf(format.dtype);
  const char* const begin = text.data();
  std::vector<std::string_view> fields;
  std::string_view line;
  while (result.rows < room && nextLine(text, last, line)) {
    if (!fieldsOf(line, format, fields)) {
      result.problem = kTextOpenQuote;
      result.field = fields.size();
      return result;
    }
    if (!fields.empty()) {
      const size_t wanted = format.columnCount > 0 ? format.columnCount : fields.size();
      if (format.fields >= 0 && fields.size() != static_cast<size_t>(format.fields)) {
        result.problem = kTextRagged;
        result.field = fields.size();
        return result;
      }
      for (size_t k = 0; k < wanted; k++, out += itemsize) {
        const size_t column = format.columnCount > 0 ? static_cast<size_t>(format.columns[k]) : k;
        if (column >= fields.size()) {
          result.problem = kTextRagged;
          result.field = fields.size();
          return result;
        }
        const std::string_view field = fields[column];
        if (format.filler != nullptr && isMissing(field, format)) {
          std::memcpy(out, format.filler, itemsize);
        } else if (!parse(field, out)) {
          result.problem = kTextNoNumber;
          result.field = column;
          return result;
        }
      }
      result.rows++;
    }
    result.lines++;
    result.used = static_cast<size_t>(text.data() - begin);
  }
  return result;
}

size_t countFields(std::string_view text, bool last, const TextFormat& format) {
  std::vector<std::string_view> fields;
  std::string_view line;
  while (nextLine(text, last, line)) {
    const bool isWhole = fieldsOf(line, format, fields);
    // The parser will say what is wrong.
    if (!isWhole || !fields.empty()) return fields.size() + (isWhole ? 0 : 1);
  }
  return 0;
}

}  // namespace distarray::kernels
