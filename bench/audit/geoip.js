// A MaxMind file of a few networks (MaxMind DB format 2.0): where the corpus has its users, and one who is far away.

const BERLIN = { country: { iso_code: 'DE' }, location: { latitude: 52.52, longitude: 13.4 } };
const WELLINGTON = {
  country: { iso_code: 'NZ' },
  location: { latitude: -41.29, longitude: 174.78 },
};

/** Addresses of nobody else in the corpus. */
export const farAddress = (random) => `203.0.113.${1 + random(254)}`;

/** First two bytes of a network of 16 bits, or three of one of 24. */
const NETWORKS = [
  [[198, 18], BERLIN],
  [[203, 0, 113], WELLINGTON],
];

const TYPES = { text: 2, double: 3, u16: 5, u32: 6, map: 7, u64: 9, list: 11 };
const EMPTY = 16;

const head = (type, size) =>
  Buffer.from(type <= TYPES.map ? [(type << 5) | size] : [size, type - TYPES.map]);

/** Texts and lists of less than 29 bytes or items; a number with `type` is a whole one. */
const encode = (value, type = 'double') => {
  if (typeof value === 'string') {
    return Buffer.concat([head(TYPES.text, value.length), Buffer.from(value)]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([head(TYPES.list, value.length), ...value.map((item) => encode(item))]);
  }
  if (typeof value === 'object') {
    const members = Object.entries(value);
    const parts = members.flatMap(([name, item]) => [
      encode(name),
      WHOLE.has(name) ? encode(item, WHOLE.get(name)) : encode(item),
    ]);
    return Buffer.concat([head(TYPES.map, members.length), ...parts]);
  }
  const bytes = Buffer.alloc(8);
  if (type === 'double') bytes.writeDoubleBE(value);
  else bytes.writeBigUInt64BE(BigInt(value));
  const size = { double: 8, u16: 2, u32: 4, u64: 8 }[type];
  return Buffer.concat([head(TYPES[type], size), bytes.subarray(8 - size)]);
};

const WHOLE = new Map([
  ['node_count', 'u32'],
  ['record_size', 'u16'],
  ['ip_version', 'u16'],
  ['binary_format_major_version', 'u16'],
  ['binary_format_minor_version', 'u16'],
  ['build_epoch', 'u64'],
]);

const bitsOf = (bytes) => [...bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')];

/** The tree's nodes as pairs: null, the number of a node, or `{ at }`, the place of a record. */
const treeOf = (places) => {
  const nodes = [[null, null]];
  for (const { bytes, at } of places) {
    const bits = bitsOf(bytes).map(Number);
    let node = nodes[0];
    for (const bit of bits.slice(0, -1)) {
      if (node[bit] === null) node[bit] = nodes.push([null, null]) - 1;
      node = nodes[node[bit]];
    }
    node[bits.at(-1)] = { at };
  }
  return nodes;
};

/** The bytes of the file; it was made at `epoch` (seconds). */
export const makeGeoIp = (epoch) => {
  const records = NETWORKS.map(([, record]) => encode(record));
  let at = 0;
  const places = NETWORKS.map(([bytes], index) => {
    const place = { bytes, at };
    at += records[index].length;
    return place;
  });
  const nodes = treeOf(places);
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, child] of nodes.flat().entries()) {
    const pointer =
      child === null
        ? nodes.length
        : (child.at ?? null) === null
          ? child
          : nodes.length + EMPTY + child.at;
    tree.writeUIntBE(pointer, index * 3, 3);
  }
  const metadata = {
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: 'Corpus-City',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: epoch,
    description: { en: 'the corpus' },
  };
  const mark = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  return Buffer.concat([tree, Buffer.alloc(EMPTY), ...records, mark, encode(metadata)]);
};
