// Who signs in, with what, from where.
import { pick } from '../../scripts/random.js';

const LAPTOPS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
];
const PHONES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'ShopApp/7.4.1 (Android 15; SM-S931B)',
  'ShopApp/7.4.0 (iPhone; iOS 18.6)',
];

export const OFFICE = '192.0.2.7';
const ADMINS = 6;
const EDITORS = 16;

/** Benchmark addresses (RFC 2544) for homes and carriers, one home in ten by IPv6 (RFC 3849). */
const homeOf = (random, number) =>
  number % 10 === 9
    ? `2001:db8:${(number + 16).toString(16)}::${(1 + random(65_000)).toString(16)}`
    : `198.18.${number % 256}.${1 + random(254)}`;

/** An address that a carrier hands out. */
export const mobileAddress = (random) => `198.19.${random(256)}.${1 + random(254)}`;

const personAt = (random, number, count) => ({
  id: `u${1000 + number}`,
  email: `user${1000 + number}@shop.example`,
  roles: number < ADMINS ? ['user', 'admin'] : number < EDITORS ? ['user', 'editor'] : ['user'],
  laptop: pick(random, LAPTOPS),
  phone: pick(random, PHONES),
  home: homeOf(random, number),
  isInOffice: number % 5 === 0,
  // Owls and early birds: hours that the day is shifted by.
  shift: random(5) - 2,
  isDormant: number === count - 1,
});

/** `count` users: the first ones administrators, the last one gone for weeks, a fifth in one office behind NAT. */
export const createPeople = (random, count) =>
  Array.from({ length: count }, (_, number) => personAt(random, number, count));

export const isAdmin = ({ roles }) => roles.includes('admin');
