import type { Rule } from '../rule.ts';
import { algNone } from './al001-alg-none.ts';

/** All rules, by id. */
export const RULES: readonly Rule[] = [algNone];
