/** A number of the format's unsigned kinds. */
interface Whole {
  readonly bytes: 2 | 4 | 8;
  readonly value: number;
}

type Value = string | number | Whole | readonly Value[] | { readonly [name: string]: Value };

const whole = (bytes: Whole['bytes'], value: number): Whole => ({ bytes, value });
const isWhole = (value: object): value is Whole => 'bytes' in value;

/** Type and size in front of a value: MaxMind DB format 2.0, "Data field format". */
const head = (type: number, size: number): Buffer => {
  const [short, more] = size < 29 ? [size, []] : [29, [size - 29]];
  return Buffer.from(type <= 7 ? [(type << 5) | short, ...more] : [short, type - 7, ...more]);
};

const encode = (value: Value): Buffer => {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(2, text.length), text]);
  }
  if (typeof value === 'number') {
    const double = Buffer.alloc(8);
    double.writeDoubleBE(value);
    return Buffer.concat([head(3, 8), double]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([head(11, value.length), ...value.map((item: Value) => encode(item))]);
  }
  if (isWhole(value)) {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(value.value));
    const type = { 2: 5, 4: 6, 8: 9 }[value.bytes];
    return Buffer.concat([head(type, value.bytes), number.subarray(8 - value.bytes)]);
  }
  const members = Object.entries(value as { readonly [name: string]: Value });
  return Buffer.concat([
    head(7, members.length),
    ...members.flatMap(([name, item]) => [encode(name), encode(item)]),
  ]);
};

export interface Network {
  /** `192.0.2.0/24` */
  readonly network: string;
  readonly record: Value;
}

/** A MaxMind file of IPv4 networks that do not overlap. */
export const mmdb = (type: string, networks: readonly Network[]): Buffer => {
  // A child is the number of a node, or below 0 the place of a record in the data.
  const nodes: [number | null, number | null][] = [[null, null]];
  const data: Buffer[] = [];
  let dataLength = 0;
  for (const { network, record } of networks) {
    const [address = '', bits = '32'] = network.split('/');
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    let node = 0;
    for (let depth = 0; depth < Number(bits); depth++) {
      const side = Math.floor(number / 2 ** (31 - depth)) % 2;
      if (depth === Number(bits) - 1) {
        nodes[node]![side] = -1 - dataLength;
        break;
      }
      let next = nodes[node]![side];
      if (next === null || next === undefined) {
        next = nodes.push([null, null]) - 1;
        nodes[node]![side] = next;
      }
      node = next;
    }
    const encoded = encode(record);
    data.push(encoded);
    dataLength += encoded.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, sides] of nodes.entries()) {
    for (const [side, child] of sides.entries()) {
      const pointer =
        child === null ? nodes.length : child < 0 ? nodes.length + 16 - 1 - child : child;
      tree.writeUIntBE(pointer, index * 6 + side * 3, 3);
    }
  }
  const metadata = encode({
    node_count: whole(4, nodes.length),
    record_size: whole(2, 24),
    ip_version: whole(2, 4),
    database_type: type,
    languages: ['en'],
    binary_format_major_version: whole(2, 2),
    binary_format_minor_version: whole(2, 0),
    build_epoch: whole(8, 1_762_128_000),
    description: { en: 'a test' },
  });
  const mark = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, mark, metadata]);
};
