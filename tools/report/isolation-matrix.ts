/** Which layers stop each ordered pair of tenants. */
export interface IsolationMatrix {
  /** Ids, in the order of rows and columns. */
  readonly tenants: readonly string[];
  /** Names of the layers, eight at most; the first is bit 0 of `stoppedBy`. */
  readonly layers: readonly string[];
  /** Row by row, a set of layers for each pair, as bits. What stands for a tenant and itself is not looked at. */
  readonly stoppedBy: Uint8Array;
}

/** A pair that not every layer stops. */
export interface WeakPair {
  /** Index of the sender's row. */
  readonly row: number;
  /** Index of the receiver's column. */
  readonly column: number;
  /** Names of the layers that are missing. */
  readonly missing: readonly string[];
}

/** Pairs by the number of layers that stop them, most first, without numbers that do not occur. */
export function pairsByLayers(matrix: IsolationMatrix): readonly { readonly layers: number; readonly pairs: number }[] {
  const counts = new Map<number, number>();
  for (const { bits } of pairsOf(matrix)) {
    const layers = matrix.layers.filter((_, bit) => (bits >> bit) & 1).length;
    counts.set(layers, (counts.get(layers) ?? 0) + 1);
  }
  return [...counts].map(([layers, pairs]) => ({ layers, pairs })).sort((a, b) => b.layers - a.layers);
}

/** Pairs that lack a layer, row by row. */
export function weakPairs(matrix: IsolationMatrix): readonly WeakPair[] {
  const all = 2 ** matrix.layers.length - 1;
  return pairsOf(matrix)
    .filter(({ bits }) => bits !== all)
    .map(({ row, column, bits }) => ({
      row,
      column,
      missing: matrix.layers.filter((_, bit) => !((bits >> bit) & 1)),
    }));
}

/** The sets as value and count in turn: most neighbours are alike, so that 250,000 pairs take a few kilobytes. */
export function runLengths({ stoppedBy }: IsolationMatrix): readonly number[] {
  const runs: number[] = [];
  stoppedBy.forEach((bits) => {
    if (runs.at(-2) === bits) {
      runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    } else {
      runs.push(bits, 1);
    }
  });
  return runs;
}

function pairsOf({ tenants, stoppedBy }: IsolationMatrix) {
  return [...stoppedBy]
    .map((bits, index) => ({ bits, row: Math.floor(index / tenants.length), column: index % tenants.length }))
    .filter(({ row, column }) => row !== column);
}
