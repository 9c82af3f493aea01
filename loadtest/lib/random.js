// Reproducible random numbers: request number n of a seed is the same in every run, independent of the virtual user.

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomOf(seed, number = 0) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws indices 0 to n - 1 by Zipf's law: index k has the weight 1 / (k + 1). */
export function zipf(n) {
  const sums = [];
  for (let k = 0; k < n; k++) sums.push((sums[k - 1] || 0) + 1 / (k + 1));
  return (random) => {
    const wanted = random() * sums[n - 1];
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The items in an order that depends on the seed. */
export function shuffled(items, seed) {
  const random = randomOf(seed);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
