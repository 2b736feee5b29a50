import { basename, resolve } from 'node:path';
import {
  mergeBaselines,
  readBaseline,
  type Baseline,
  type KnownFinding,
} from '../audit/baseline.ts';
import { readGeoIp, type GeoIp } from '../audit/geoip.ts';
import type { Notice } from '../audit/notice.ts';
import { shownPath } from '../config/find-config.ts';
import { readBounded, readTextFile } from '../config/text-file.ts';
import { printable } from '../keys/printable.ts';
import { RevocationTimes } from '../revocation/revocation-times.ts';
import { readRevocations } from '../revocation/revocations-file.ts';

const MIB = 1024 * 1024;
const MOST_LIST = 64 * MIB;
const MOST_GEOIP = 1024 * MIB;

/** The findings of earlier reports; null where none is given. */
export const baselineOf = async (
  files: readonly string[] | undefined,
  cwd: string,
): Promise<Baseline | null> => {
  if (files === undefined) return null;
  const parts: (readonly [string, KnownFinding])[] = [];
  for (const file of files) {
    parts.push(...readBaseline(await readTextFile(resolve(cwd, file), MOST_LIST, file), file));
  }
  return mergeBaselines(parts);
};

/** The revoked tokens of a file; null where there is none. */
export const revocationsOf = async (
  path: string | undefined,
  cwd: string,
): Promise<RevocationTimes | null> => {
  if (path === undefined) return null;
  const name = shownPath(path, cwd);
  const times = new RevocationTimes();
  for (const one of readRevocations(await readTextFile(path, MOST_LIST, name), name)) {
    times.add(one);
  }
  return times;
};

/** Where addresses are by a MaxMind file; null where there is none. */
export const geoipOf = async (path: string | undefined, cwd: string): Promise<GeoIp | null> => {
  if (path === undefined) return null;
  const name = shownPath(path, cwd);
  return await readGeoIp(await readBounded(path, MOST_GEOIP, name), name);
};

/** What a MaxMind file can't be used for. */
export const geoipNotices = ({ locate, type }: GeoIp, path: string): readonly Notice[] => {
  if (locate !== null) return [];
  const message = `${printable(basename(path))} (${printable(type)}) knows countries only: AL012 needs City data`;
  return [{ code: 'geoip_no_places', message, count: 1 }];
};
