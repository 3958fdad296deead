#include "mpi/info.h"

namespace distarray {

void writeInfo(Command& c, MPI_Info info) {
  TextWriter texts(c.address<char>(kRecvAddress), static_cast<size_t>(c.integer(kRecvCount)));
  int keys = 0;
  int pairs = 0;
  if (info != MPI_INFO_NULL) check(MPI_Info_get_nkeys(info, &keys));
  for (int k = 0; k < keys; k++) {
    char key[MPI_MAX_INFO_KEY + 1] = "";
    char value[MPI_MAX_INFO_VAL + 1] = "";
    int found = 0;
    check(MPI_Info_get_nthkey(info, k, key));
    check(MPI_Info_get(info, key, MPI_MAX_INFO_VAL, value, &found));
    if (!found) continue;
    texts.write(key);
    texts.write(value);
    pairs++;
  }
  c[kOutput] = texts.needed();
  c[kOutput2] = pairs;
}

}  // namespace distarray
