import type { Random } from '../oracle/random.ts';

export const DATES: readonly string[] = [
  ['2023-09-22', '2023-09-22', '2023-09-22', '2023-09-21', '2024-02-29', '2023-02-29'],
  ['2023-02-30', '2000-02-29', '1900-02-28', '1969-12-31', '1970-01-01', '0000-01-01'],
  ['9999-12-31', '2023-00-10', '2023-13-01', '2023-04-31', '2023-12-31', '2023-01-00'],
  ['2100-02-29', '2023/09/22', '20230922'],
].flat();
export const CLOCKS: readonly string[] = [
  ['10:00:00', '09:59:59', '10:00:01', '10:00:02', '23:59:59', '00:00:00', '23:59:60'],
  ['24:00:00', '12:60:00', '10:00', '1:00:00', '10:00:0', '10:00:000', '10:00:61', '99:99:99'],
  ['10.00.00'],
].flat();
export const FRACTIONS: readonly string[] = [
  '',
  ',123',
  '.123',
  ',000',
  ',999',
  '.5',
  ',25',
  '.1234',
  '.123456',
  '.',
  ',',
  ',12x',
];
export const ZONES: readonly string[] = [
  '',
  '',
  '',
  'Z',
  '+02:00',
  '-0330',
  ' +0200',
  ' UTC',
  ' CST',
  ' PM',
  '+99:00',
  '[Europe/Paris]',
];

/** A stamp: as the article's logger writes it, or anything near it. */
export const randomStamp = ({ below, pick, once }: Random): string => {
  if (!once(4))
    return `2023-09-22 ${pick(['09:59:59', '10:00:00', '10:00:01'])},${100 + below(900)}`;
  const joint = once(3) ? pick(['T', 't', '  ', '_', '\t']) : ' ';
  return `${pick(DATES)}${joint}${pick(CLOCKS)}${pick(FRACTIONS)}${pick(ZONES)}`;
};
