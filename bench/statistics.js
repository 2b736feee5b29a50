/** The middle of numbers of any order; null for none, and where one of them could not be measured. */
export const median = (values) => {
  if (values.length === 0 || values.includes(null)) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** How far apart the lowest and the highest are, as a part of the median. */
export const spread = (values) => {
  const middle = median(values);
  return middle ? (Math.max(...values) - Math.min(...values)) / middle : null;
};
