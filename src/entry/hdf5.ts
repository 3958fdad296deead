/** The package's `distarray/hdf5`: distributed arrays in HDF5 files. */
export {
  type Hdf5Mode,
  type LoadHdf5Options,
  loadHdf5,
  type SaveHdf5Options,
  saveHdf5,
} from '../io/hdf5.ts';
