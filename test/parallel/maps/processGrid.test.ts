import { strict as assert } from 'node:assert';
import { coordsFromRank, rankFromCoords } from '../../../src/maps/processGrid.ts';
import { COMM_WORLD } from '../../../src/mpi/communicator.ts';
import { dimsCreate } from '../../../src/mpi/topology.ts';

describe('ranks and coordinates of a process grid', () => {
  it('are those of MPI_Cart_coords', () => {
    for (const ndims of [1, 2, 3]) {
      const gridShape = dimsCreate(COMM_WORLD.size, ndims);
      const cart = COMM_WORLD.createCart(gridShape);
      assert.ok(cart !== null);
      for (let rank = 0; rank < COMM_WORLD.size; rank++) {
        const coords = cart.coords(rank);
        assert.deepEqual(coordsFromRank(gridShape, rank), coords);
        assert.equal(rankFromCoords(gridShape, coords), cart.rankOf(coords));
      }
      cart.free();
    }
  });
});
