/** The checksum of POSIX `cksum`, which shell scripts can make, too. */

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  table[byte] = crc;
}

/** Returns what `cksum` prints for these bytes on its standard input: checksum and size. */
export function checksum(bytes: Uint8Array): string {
  let crc = 0;
  for (let k = 0; k < bytes.length; k++) crc = (crc << 8) ^ table[(crc >>> 24) ^ bytes[k]];
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256)) {
    crc = (crc << 8) ^ table[(crc >>> 24) ^ (rest & 255)];
  }
  return `${~crc >>> 0} ${bytes.length}`;
}
