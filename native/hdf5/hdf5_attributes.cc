// Attributes of groups and datasets. What changes a file is collective, with the same arguments.
#include <cstring>

#include "hdf5/hdf5_arguments.h"
#include "hdf5/hdf5_types.h"
#include "napi/view_memory.h"

namespace distarray::hdf5 {
namespace {

// Where an attribute is: the path is that of a group or dataset.
struct Place {
  hid_t file;
  std::string path;
  std::string name;
};

Place placeOf(hid_t file, std::string path, std::string name) {
  return {file, std::move(path), std::move(name)};
}

Object openAttribute(const Place& at) {
  return Object(
      H5Aopen_by_name(at.file, at.path.c_str(), at.name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      "H5Aopen_by_name");
}

bool exists(const Place& at) {
  const htri_t found = H5Aexists_by_name(at.file, at.path.c_str(), at.name.c_str(), H5P_DEFAULT);
  check(found, "H5Aexists_by_name");
  return found > 0;
}

// hasAttribute(file, path, name)
Napi::Value hasAttribute(Info info) { return Napi::Boolean::New(info.Env(), exists(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)))); }

herr_t collectName(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

// attributesOf(file, path) → their names, in alphabetical order.
Napi::Value attributesOf(Info info) {
  std::vector<std::string> names;
  hsize_t index = 0;
  check(H5Aiterate_by_name(fileArgument(info, 0), textArgument(info, 1).c_str(), H5_INDEX_NAME,
                           H5_ITER_INC, &index, collectName, &names, H5P_DEFAULT),
        "H5Aiterate_by_name");
  auto out = Napi::Array::New(info.Env(), names.size());
  for (uint32_t k = 0; k < names.size(); k++) out.Set(k, names[k]);
  return out;
}

std::vector<hsize_t> shapeOf(hid_t space) {
  const int found = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> shape(static_cast<size_t>(found < 0 ? 0 : found));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

// describeAttribute(file, path, name) → { shape, dtype }: dtype is 'text' for texts, '' when it is none of ours;
// shape is null where there is no element (h5py.Empty).
Napi::Value describeAttribute(Info info) {
  Object attribute = openAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)));
  Object space(H5Aget_space(attribute.id()), H5Sclose, "H5Aget_space");
  Object type(H5Aget_type(attribute.id()), H5Tclose, "H5Aget_type");
  auto out = Napi::Object::New(info.Env());
  const bool isNull = H5Sget_simple_extent_type(space.id()) == H5S_NULL;
  if (isNull) {
    out.Set("shape", info.Env().Null());
  } else {
    out.Set("shape", numbersOf(info.Env(), shapeOf(space.id())));
  }
  out.Set("dtype", H5Tget_class(type.id()) == H5T_STRING ? "text" : dtypeOf(type.id()));
  return out;
}

// readAttribute(file, path, name, dtype, buffer)
void readAttribute(Info info) {
  Object attribute = openAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)));
  Object space(H5Aget_space(attribute.id()), H5Sclose, "H5Aget_space");
  Object type = datatypeOf(textArgument(info, 3));
  const ViewMemory buffer = viewMemory(info[4]);
  const auto elements = static_cast<hsize_t>(H5Sget_simple_extent_npoints(space.id()));
  if (elements * H5Tget_size(type.id()) > buffer.bytes) {
    throw std::runtime_error("the buffer is shorter than the attribute");
  }
  if (elements > 0) check(H5Aread(attribute.id(), type.id(), buffer.data), "H5Aread");
}

// Texts that HDF5 has allocated, one an element; freed with their owner.
class VariableTexts {
 public:
  VariableTexts(hid_t attribute, hid_t type, hid_t space, size_t count)
      : type_(type), space_(space), texts_(count, nullptr) {
    check(H5Aread(attribute, type, texts_.data()), "H5Aread");
  }
  VariableTexts(const VariableTexts&) = delete;
  VariableTexts& operator=(const VariableTexts&) = delete;
  ~VariableTexts() { H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, texts_.data()); }

  const char* at(size_t k) const { return texts_[k] == nullptr ? "" : texts_[k]; }

 private:
  hid_t type_;
  hid_t space_;
  std::vector<char*> texts_;
};

// readTexts(file, path, name) → an array of texts in C order, of fixed or variable length.
Napi::Value readTexts(Info info) {
  Object attribute = openAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)));
  Object space(H5Aget_space(attribute.id()), H5Sclose, "H5Aget_space");
  Object stored(H5Aget_type(attribute.id()), H5Tclose, "H5Aget_type");
  const auto count = static_cast<size_t>(H5Sget_simple_extent_npoints(space.id()));
  auto out = Napi::Array::New(info.Env(), count);
  if (count == 0) return out;
  const htri_t variable = H5Tis_variable_str(stored.id());
  check(variable, "H5Tis_variable_str");
  if (variable) {
    Object type(H5Tget_native_type(stored.id(), H5T_DIR_DEFAULT), H5Tclose, "H5Tget_native_type");
    const VariableTexts texts(attribute.id(), type.id(), space.id(), count);
    for (uint32_t k = 0; k < count; k++) out.Set(k, Napi::String::New(info.Env(), texts.at(k)));
    return out;
  }
  const size_t length = H5Tget_size(stored.id());
  const bool spaces = H5Tget_strpad(stored.id()) == H5T_STR_SPACEPAD;
  std::vector<char> bytes(count * length);
  check(H5Aread(attribute.id(), stored.id(), bytes.data()), "H5Aread");
  for (uint32_t k = 0; k < count; k++) {
    const char* text = bytes.data() + k * length;
    size_t end = spaces ? length : strnlen(text, length);
    while (spaces && end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\0')) end--;
    out.Set(k, Napi::String::New(info.Env(), text, end));
  }
  return out;
}

// Makes an attribute, replacing one of that name. The new one has another name until it is complete: one that cannot
// be made (it is too large, say) leaves the old one as it was.
void replaceAttribute(const Place& at, hid_t type, hid_t space, const void* data) {
  Place made = at;
  for (int k = 0; exists(made); k++) made.name = at.name + ".new" + std::to_string(k);
  Object creation(H5Pcreate(H5P_ATTRIBUTE_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_char_encoding(creation.id(), H5T_CSET_UTF8), "H5Pset_char_encoding");
  Object attribute(H5Acreate_by_name(at.file, at.path.c_str(), made.name.c_str(), type, space,
                                     creation.id(), H5P_DEFAULT, H5P_DEFAULT),
                   H5Aclose, "H5Acreate_by_name");
  if (data != nullptr) check(H5Awrite(attribute.id(), type, data), "H5Awrite");
  if (made.name == at.name) return;
  attribute.close("H5Aclose");
  check(H5Adelete_by_name(at.file, at.path.c_str(), at.name.c_str(), H5P_DEFAULT),
        "H5Adelete_by_name");
  check(H5Arename_by_name(at.file, at.path.c_str(), made.name.c_str(), at.name.c_str(),
                          H5P_DEFAULT),
        "H5Arename_by_name");
}

// writeAttribute(file, path, name, dtype, shape, buffer). Collective.
void writeAttribute(Info info) {
  Object type = datatypeOf(textArgument(info, 3));
  Object space = spaceOf(extentsOf(info[4]));
  const ViewMemory buffer = viewMemory(info[5]);
  replaceAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)), type.id(), space.id(), buffer.bytes == 0 ? nullptr : buffer.data);
}

// writeTexts(file, path, name, shape, texts, length): of `length` bytes each, or of variable length when it is 0.
// Collective.
void writeTexts(Info info) {
  Object space = spaceOf(extentsOf(info[3]));
  const auto given = info[4].As<Napi::Array>();
  const auto length = static_cast<size_t>(info[5].As<Napi::Number>().Int64Value());
  std::vector<std::string> texts;
  for (uint32_t k = 0; k < given.Length(); k++) texts.push_back(given.Get(k).As<Napi::String>());
  Object type(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  check(H5Tset_size(type.id(), length == 0 ? H5T_VARIABLE : length), "H5Tset_size");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "H5Tset_cset");
  if (length == 0) {
    std::vector<const char*> pointers;
    for (const std::string& text : texts) pointers.push_back(text.c_str());
    return replaceAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)), type.id(), space.id(),
                            pointers.empty() ? nullptr : pointers.data());
  }
  check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "H5Tset_strpad");
  std::vector<char> bytes(texts.size() * length, '\0');
  for (size_t k = 0; k < texts.size(); k++) {
    std::memcpy(bytes.data() + k * length, texts[k].data(), std::min(length, texts[k].size()));
  }
  replaceAttribute(placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2)), type.id(), space.id(), bytes.empty() ? nullptr : bytes.data());
}

// deleteAttribute(file, path, name). Collective.
void deleteAttribute(Info info) {
  const Place at = placeOf(fileArgument(info, 0), textArgument(info, 1), textArgument(info, 2));
  check(H5Adelete_by_name(at.file, at.path.c_str(), at.name.c_str(), H5P_DEFAULT),
        "H5Adelete_by_name");
}

}  // namespace

void exportAttributes(Exports& exports) {
  exports.add<hasAttribute>("hasAttribute");
  exports.add<attributesOf>("attributesOf");
  exports.add<describeAttribute>("describeAttribute");
  exports.add<readAttribute>("readAttribute");
  exports.add<readTexts>("readTexts");
  exports.add<writeAttribute>("writeAttribute");
  exports.add<writeTexts>("writeTexts");
  exports.add<deleteAttribute>("deleteAttribute");
}

}  // namespace distarray::hdf5
