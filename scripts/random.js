/** Marsaglia's xorshift32, seeded: a function that draws a whole number from 0 to below `below`. */
export const createRandom = (seed) => {
  let state = seed >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};

export const pick = (random, list) => list[random(list.length)];
