// Which packages bring what the build misses, for the message that says so and for scripts/setup.

const PACKAGES = {
  apt: {
    cmake: ['cmake'],
    'c++': ['g++'],
    make: ['make'],
    openmpi: ['openmpi-bin', 'libopenmpi-dev', 'libhdf5-openmpi-dev'],
    mpich: ['mpich', 'libmpich-dev', 'libhdf5-mpich-dev'],
  },
  dnf: {
    cmake: ['cmake'],
    'c++': ['gcc-c++'],
    make: ['make'],
    openmpi: ['openmpi-devel', 'hdf5-openmpi-devel'],
    mpich: ['mpich-devel', 'hdf5-mpich-devel'],
  },
  // Homebrew's Open MPI and MPICH exclude each other, and its parallel HDF5 is built with the first.
  brew: { cmake: ['cmake'], 'c++': [], make: [], openmpi: ['open-mpi', 'hdf5-mpi'], mpich: [] },
};

/** The packages of one package manager for a list of needs ('cmake', 'c++', 'openmpi', …). */
export function packagesFor(manager, needs) {
  return needs.flatMap((need) => PACKAGES[manager][need]);
}

/** The lines that tell how to get what is missing, for every package manager. */
export function remedy(needs) {
  const lines = [
    `  Debian, Ubuntu:  sudo apt-get install ${packagesFor('apt', needs).join(' ')}`,
    `  Fedora, RHEL:    sudo dnf install ${packagesFor('dnf', needs).join(' ')}`,
  ];
  const brew = packagesFor('brew', needs);
  if (brew.length > 0) lines.push(`  macOS:           brew install ${brew.join(' ')}`);
  if (needs.includes('c++') || needs.includes('make')) {
    lines.push('  macOS compiler:  xcode-select --install');
  }
  if (needs.includes('openmpi') || needs.includes('mpich')) {
    lines.push(
      '  An MPI of your own (cluster module, spack): load it together with its parallel HDF5, or set',
      '  MPICC=/path/to/mpicc and HDF5_DIR=/path/to/hdf5.',
    );
  }
  return lines.join('\n');
}
