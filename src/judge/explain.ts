import { Buffer } from 'node:buffer';
import { isoTime, reasonOf, tokenId } from '../event/token.ts';
import type { KeyRing } from '../keys/key.ts';
import { Scanner } from '../scan/scanner.ts';
import { PatternScanner } from '../scan/pattern.ts';
import { SpanKind, Spans } from '../scan/spans.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { clockTime, isRetired, verdictAt, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import { Verifier } from '../verify/verifier.ts';
import type { JudgeConfig } from './judge.ts';

/** One step of the judgement: passed, failed, or only told. */
export interface Step {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'told';
  readonly text: string;
}

export interface TokenExplanation {
  /** Columns of the line in bytes, from 1, both included. */
  readonly columns: readonly [number, number];
  readonly tokenId: string;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  readonly reason: string | null;
}

export interface LineExplanation {
  readonly fields: LineFields;
  readonly tokens: readonly TokenExplanation[];
}

const KINDS: Readonly<Record<number, string>> = {
  [SpanKind.jws]: 'three parts: a signed token (JWS)',
  [SpanKind.jwe]: 'five parts: an encrypted token (JWE)',
  [SpanKind.masked]: 'header and payload, and a mark where the signature was',
  [SpanKind.notAToken]: 'the line says that this is a token, but it is none',
  [SpanKind.oversized]: 'longer than --max-token',
  [SpanKind.cut]: 'cut off: by --max-line, or by the end of a damaged file',
};

/** Judges one line (without its newline) and says for every token how the verdict came about. */
export const explainLine = (
  line: Uint8Array,
  config: JudgeConfig,
  context: LineContext,
): LineExplanation => {
  const spans = new Spans();
  const scanner = new Scanner(config.policy.maxToken);
  if (config.pattern === null) scanner.scanLine(line, 0, line.length, spans);
  else new PatternScanner(config.pattern, scanner).scanLine(line, 0, line.length, spans);
  const judgements: Judgement[] = [];
  new Verifier(config.ring, config.policy).judge(line, spans, judgements);
  const fields = readFields(line, 0, line.length, context);
  const tokens = judgements.map((judgement, i) =>
    explainToken(line, spans, i, judgement, fields, config),
  );
  return { fields, tokens };
};

const explainToken = (
  line: Uint8Array,
  spans: Spans,
  at: number,
  judgement: Judgement,
  fields: LineFields,
  { policy, ring }: JudgeConfig,
): TokenExplanation => {
  const start = spans.start[at]!;
  const end = spans.end[at]!;
  const moment = clockTime(policy, fields.time);
  const verdict = verdictAt(judgement, moment, policy.leeway);
  const steps: Step[] = [shapeStep(spans, at, judgement)];
  if (judgement.header !== null) {
    steps.push(told('header', partText(line, start, spans.firstDot[at]!)));
  }
  if (judgement.claims !== null) {
    steps.push(told('claims', partText(line, spans.firstDot[at]! + 1, spans.secondDot[at]!)));
    steps.push(...signatureSteps(judgement, verdict, ring));
    if (judgement.key !== null) steps.push(...policySteps(judgement, verdict, policy));
    if (judgement.verdict === null) steps.push(...timeSteps(judgement, moment, fields, policy));
  }
  return {
    columns: [start + 1, end],
    tokenId: tokenId(line.subarray(start, end)),
    steps,
    verdict,
    reason: reasonOf(judgement, verdict, moment),
  };
};

const told = (name: string, text: string): Step => ({ name, outcome: 'told', text });
const judged = (name: string, ok: boolean, text: string): Step => ({
  name,
  outcome: ok ? 'passed' : 'failed',
  text,
});

const shapeStep = (spans: Spans, at: number, { verdict, reason }: Judgement): Step => {
  const kind = spans.kind[at]!;
  const failed = verdict === 'malformed' || verdict === 'oversized';
  const detail = failed && reason !== null ? `; ${reason}` : '';
  return judged('shape', !failed, `${KINDS[kind]}${detail}`);
};

/** A decoded part as text; a nested token in it loses its signature. */
const partText = (line: Uint8Array, start: number, end: number): string =>
  maskTokens(
    Buffer.from(Buffer.from(line.subarray(start, end)).toString('latin1'), 'base64url').toString(
      'utf8',
    ),
  );

const signatureSteps = (
  { header, key, reason }: Judgement,
  verdict: Verdict,
  ring: KeyRing | null,
): Step[] => {
  const alg = header?.alg ?? 'none';
  if (ring === null) return [told('signature', 'not checked (--no-verify)')];
  if (verdict === 'masked')
    return [told('signature', 'removed from the log: can be neither verified nor called forged')];
  if (verdict === 'malformed') return [];
  if (verdict === 'alg_none')
    return [judged('algorithm', false, 'the token asks for no signature at all')];
  if (key !== null) {
    return [
      judged(
        'algorithm',
        true,
        `${alg} is one of key ${key.id} (${key.kty}: ${key.algs.join(', ')})`,
      ),
      judged('signature', true, `made by key ${key.id}`),
    ];
  }
  if (verdict === 'alg_not_allowed' || verdict === 'unknown_key') {
    return [judged('algorithm', false, reason ?? verdict)];
  }
  return [
    judged('algorithm', true, `${alg} is one that the keys allow`),
    judged(
      'signature',
      false,
      reason === null ? 'made by none of the keys' : `made by none of the keys: ${reason}`,
    ),
  ];
};

const policySteps = ({ claims, key }: Judgement, verdict: Verdict, policy: Policy): Step[] => {
  const { issuers, audiences } = policy;
  const steps: Step[] = [];
  if (verdict === 'unknown_key') {
    const from = key!.notBefore === null ? 'ever' : isoTime(key!.notBefore * 1000);
    const to = key!.notAfter === null ? 'ever' : isoTime(key!.notAfter * 1000);
    steps.push(judged('key', false, `key ${key!.id} was in use from ${from} to ${to}`));
  }
  if (issuers !== null) {
    steps.push(
      judged(
        'issuer',
        verdict !== 'wrong_issuer',
        `iss is ${show(claims!.iss)}, accepted: ${issuers.join(', ')}`,
      ),
    );
  }
  if (audiences !== null && verdict !== 'wrong_issuer') {
    steps.push(
      judged(
        'audience',
        verdict !== 'wrong_audience',
        `aud is ${show(claims!.aud)}, accepted: ${audiences.join(', ')}`,
      ),
    );
  }
  return steps;
};

const timeSteps = (
  judgement: Judgement,
  moment: number,
  fields: LineFields,
  policy: Policy,
): Step[] => {
  if (isRetired(judgement, moment)) return [];
  const { exp, nbf, expText } = judgement.claims!;
  const which =
    policy.clock === 'now' || Number.isNaN(fields.time) ? '--now' : "the line's own time";
  const at = `${isoTime(moment)} (${which}${policy.leeway > 0 ? `, leeway ${policy.leeway} s` : ''})`;
  const seconds = moment / 1000;
  const steps: Step[] = [told('clock', at)];
  if (!Number.isNaN(nbf)) {
    steps.push(judged('nbf', nbf <= seconds + policy.leeway, `not before ${showDate(nbf, null)}`));
  }
  if (Number.isNaN(exp)) steps.push(told('exp', 'none: the token never expires'));
  else
    steps.push(judged('exp', exp > seconds - policy.leeway, `expires ${showDate(exp, expText)}`));
  return steps;
};

const show = (value: unknown): string => (value === null ? 'absent' : JSON.stringify(value));

const showDate = (seconds: number, text: string | null): string =>
  `${text ?? seconds} (${isoTime(seconds * 1000) ?? 'far from now'})`;
