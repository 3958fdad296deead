// Links, and the groups that hold them. What changes a file is collective, with the same arguments; what looks
// something up is not.
#include "hdf5/hdf5_arguments.h"

namespace distarray::hdf5 {
namespace {

// Whether there is a link at the end of a path. The library complains of a path through something that is not there,
// so each step is looked at.
bool hasLink(hid_t file, const std::string& path) {
  if (path == "/") return true;
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    const htri_t found = H5Lexists(file, part.c_str(), H5P_DEFAULT);
    check(found, "H5Lexists");
    if (!found || end == std::string::npos) return found > 0;
    // What follows must be in a group: neither behind a link to nothing nor in a dataset.
    if (H5Oexists_by_name(file, part.c_str(), H5P_DEFAULT) <= 0) return false;
    H5O_info_t about;
    check(H5Oget_info_by_name2(file, part.c_str(), &about, H5O_INFO_BASIC, H5P_DEFAULT),
          "H5Oget_info_by_name");
    if (about.type != H5O_TYPE_GROUP) return false;
  }
}

// kindOf(file, path) → 'group', 'dataset', 'datatype'; 'dangling' for a link to nothing; '' for no link.
Napi::Value kindOf(Info info) {
  const hid_t file = fileArgument(info, 0);
  const std::string path = textArgument(info, 1);
  const auto answer = [&](const char* kind) { return Napi::String::New(info.Env(), kind); };
  if (!hasLink(file, path)) return answer("");
  const htri_t found = path == "/" ? 1 : H5Oexists_by_name(file, path.c_str(), H5P_DEFAULT);
  if (found <= 0) return answer("dangling");
  H5O_info_t about;
  check(H5Oget_info_by_name2(file, path.c_str(), &about, H5O_INFO_BASIC, H5P_DEFAULT),
        "H5Oget_info_by_name");
  switch (about.type) {
    case H5O_TYPE_GROUP:
      return answer("group");
    case H5O_TYPE_DATASET:
      return answer("dataset");
    default:
      return answer("datatype");
  }
}

// identityOf(file, path) → text that is the same for two names of one object.
Napi::Value identityOf(Info info) {
  H5O_info_t about;
  check(H5Oget_info_by_name2(fileArgument(info, 0), textArgument(info, 1).c_str(), &about,
                             H5O_INFO_BASIC, H5P_DEFAULT),
        "H5Oget_info_by_name");
  return Napi::String::New(info.Env(),
                           std::to_string(about.fileno) + ":" + std::to_string(about.addr));
}

// linkTarget(file, path) → where a soft link points to; '' for other links.
Napi::Value linkTarget(Info info) {
  const hid_t file = fileArgument(info, 0);
  const std::string path = textArgument(info, 1);
  H5L_info_t about;
  check(H5Lget_info(file, path.c_str(), &about, H5P_DEFAULT), "H5Lget_info");
  if (about.type != H5L_TYPE_SOFT) return Napi::String::New(info.Env(), "");
  std::vector<char> target(about.u.val_size + 1, '\0');
  check(H5Lget_val(file, path.c_str(), target.data(), about.u.val_size, H5P_DEFAULT),
        "H5Lget_val");
  return Napi::String::New(info.Env(), target.data());
}

herr_t collectName(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

// linksIn(file, path) → the names of its links, in alphabetical order.
Napi::Value linksIn(Info info) {
  std::vector<std::string> names;
  hsize_t index = 0;
  check(H5Literate_by_name(fileArgument(info, 0), textArgument(info, 1).c_str(), H5_INDEX_NAME,
                           H5_ITER_INC, &index, collectName, &names, H5P_DEFAULT),
        "H5Literate_by_name");
  auto out = Napi::Array::New(info.Env(), names.size());
  for (uint32_t k = 0; k < names.size(); k++) out.Set(k, names[k]);
  return out;
}

// createGroup(file, path): and those on the way.
void createGroup(Info info) {
  Object links = linkCreation();
  Object group(H5Gcreate2(fileArgument(info, 0), textArgument(info, 1).c_str(), links.id(),
                          H5P_DEFAULT, H5P_DEFAULT),
               H5Gclose, "H5Gcreate");
}

// createSoftLink(file, target, path): the target need not be there.
void createSoftLink(Info info) {
  Object links = linkCreation();
  check(H5Lcreate_soft(textArgument(info, 1).c_str(), fileArgument(info, 0),
                       textArgument(info, 2).c_str(), links.id(), H5P_DEFAULT),
        "H5Lcreate_soft");
}

// deleteLink(file, path)
void deleteLink(Info info) {
  check(H5Ldelete(fileArgument(info, 0), textArgument(info, 1).c_str(), H5P_DEFAULT), "H5Ldelete");
}

}  // namespace

void exportLinks(Exports& exports) {
  exports.add<kindOf>("kindOf");
  exports.add<identityOf>("identityOf");
  exports.add<linkTarget>("linkTarget");
  exports.add<linksIn>("linksIn");
  exports.add<createGroup>("createGroup");
  exports.add<createSoftLink>("createSoftLink");
  exports.add<deleteLink>("deleteLink");
}

}  // namespace distarray::hdf5
