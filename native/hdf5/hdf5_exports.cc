#include "hdf5/hdf5_exports.h"

#include "hdf5/hdf5_arguments.h"

namespace distarray {

void exportHdf5(Napi::Object exports) {
  hdf5::Exports functions(exports);
  hdf5::exportFiles(functions);
  hdf5::exportLinks(functions);
  hdf5::exportDatasets(functions);
  hdf5::exportAttributes(functions);
}

}  // namespace distarray
