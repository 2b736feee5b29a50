/** Number of letters to put in, leave out, change or swap to make one word of another. */
const distance = (one: string, other: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const change = row[j]! + (one[i] === other[j] ? 0 : 1);
      const isSwapped = j > 0 && i > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      const swap = isSwapped ? before[j - 1]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(change, swap, row[j + 1]! + 1, next[j]! + 1));
    }
    before = row;
    row = next;
  }
  return row[other.length]!;
};

const LONGEST = 64;

/** The known word that was likely meant; null where none is near. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  if (word.length > LONGEST) return null;
  const asked = word.toLowerCase();
  let best: string | null = null;
  let least = Math.max(1, Math.floor(asked.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(asked, candidate.toLowerCase());
    if (far >= least) continue;
    least = far;
    best = candidate;
  }
  return best;
};

/** `Did you mean a? Known are a, b.` */
export const suggestion = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known);
  const all = `Known are ${known.join(', ')}.`;
  return meant === null ? all : `Did you mean ${meant}? ${all}`;
};
