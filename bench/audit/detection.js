// Findings beside the truth: what was found, what was missed, what was made up.

const MOST_ORDINARY = 3;
const HARMLESS = new Set(['info', 'low']);

const keyOf = ({ file, line }) => `${file}:${line}`;

const keysOf = (places) => new Set(places.map(keyOf));

/** Enough of the planted lines are evidence, and nothing that has no part in it, unless the finding is shared. */
const shows = ({ rule, lines, need, context, shared }, finding) => {
  if (finding.rule !== rule) return false;
  const proof = keysOf(lines);
  const known = keysOf(context);
  const evidence = [...keysOf(finding.evidence)];
  const shown = evidence.filter((key) => proof.has(key)).length;
  return shown >= need && (shared || evidence.every((key) => proof.has(key) || known.has(key)));
};

/** It tells of planted attacks, if only of parts of them: of some of its rule, or of one whose lines are just as bad for it. */
const isOfAttacks = (truth, { rule, evidence }) => {
  const own = truth.filter((attack) => attack.rule === rule);
  const known = keysOf(own.flatMap(({ lines, context }) => [...lines, ...context]));
  const others = truth.filter(({ also }) => also.includes(rule));
  const alike = keysOf(others.flatMap(({ lines }) => lines));
  const keys = [...keysOf(evidence)];
  return keys.every((key) => known.has(key)) || keys.some((key) => alike.has(key));
};

/**
 * Compares the findings of the attacked week with the truth. `ordinary` are the findings of the same week without
 * attacks: the harmless ones among them are no false alarms.
 */
export const compare = (truth, findings, ordinary) => {
  const harmless = ordinary.filter(({ level }) => HARMLESS.has(level));
  const before = new Map(harmless.map(({ id, level }) => [id, level]));
  const attacks = truth.map((attack) => {
    const matches = findings.filter((finding) => shows(attack, finding));
    const right = matches.find(({ level }) => level === attack.level) ?? null;
    return { ...attack, finding: right ?? matches[0] ?? null, isRight: right !== null };
  });
  const matched = new Set(attacks.map(({ finding }) => finding));
  const made = findings.filter(
    (finding) =>
      !matched.has(finding) &&
      before.get(finding.id) !== finding.level &&
      !isOfAttacks(truth, finding),
  );
  return { attacks, false: made, matched };
};

/** A row for each rule: attacks and how many were found, findings that are true and false, precision and recall. */
export const scores = (rules, { attacks, false: made, matched }) =>
  rules.map((rule) => {
    const planted = attacks.filter((attack) => attack.rule === rule);
    const found = planted.filter(({ finding }) => finding !== null);
    const hits = [...matched].filter((finding) => finding?.rule === rule).length;
    const wrong = made.filter((finding) => finding.rule === rule).length;
    return {
      rule,
      planted: planted.length,
      found: found.length,
      right: planted.filter(({ isRight }) => isRight).length,
      hits,
      wrong,
      precision: hits + wrong === 0 ? null : hits / (hits + wrong),
      recall: planted.length === 0 ? null : found.length / planted.length,
    };
  });

/** Whether the ordinary week is as quiet as it must be. */
export const isQuiet = (ordinary) =>
  ordinary.length <= MOST_ORDINARY && ordinary.every(({ level }) => HARMLESS.has(level));

/** Sentences on what misses the goals; none where all are met. */
export const shortcomings = (ordinary, compared) => {
  const loud = ordinary.filter(({ level }) => !HARMLESS.has(level));
  return [
    ...(ordinary.length > MOST_ORDINARY
      ? [`the ordinary week has ${ordinary.length} findings`]
      : []),
    ...loud.map(
      ({ rule, level, why }) => `the ordinary week has a finding: ${rule} ${level}: ${why}`,
    ),
    ...compared.attacks
      .filter(({ isRight }) => !isRight)
      .map(({ rule, level, subject, finding }) =>
        finding === null
          ? `${rule} missed an attack (${level}, ${subject})`
          : `${rule} found an attack (${subject}) as ${finding.level}, not ${level}`,
      ),
    ...compared.false.map(({ rule, level, why }) => `${rule} made one up (${level}): ${why}`),
  ];
};
