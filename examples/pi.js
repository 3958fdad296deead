import { Distribution, LocalArray, MPI, saveHdf5 } from 'distarray';

const { rank, size } = MPI.COMM_WORLD;
const cells = Distribution.fromShape([1_000_000], { dist: 'c', size });
const area = new LocalArray(cells, { dtype: 'float64' });
area.globalIndices(0).forEach((i, k) => {
  area.data[k] = 4 / (1 + ((i + 0.5) / cells.size) ** 2) / cells.size;
});
const pi = MPI.COMM_WORLD.allreduce(area.data.reduce((sum, x) => sum + x, 0));
console.log(`rank ${rank} of ${size} has ${area.localSize} cells; π ≈ ${pi.toFixed(10)}`);
saveHdf5('area.h5', area, { mode: 'w' });
