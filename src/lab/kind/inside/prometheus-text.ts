const WITHIN_MS = 5_000;

/** What a program says of itself at an address such as `/metrics`, in Prometheus' text format. */
export async function readMetrics(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) })).text();
}

/** The values of a metric, one for each set of labels that matches, as they are written. */
export function valuesOf(text: string, name: string, labels = /^/): readonly number[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'))].flatMap(
    ([, written = '', value]) => (labels.test(written) ? [Number(value)] : []),
  );
}

/** The largest value of a metric, over the labels that match; 0 where it is absent. */
export function largest(text: string, name: string, labels?: RegExp): number {
  return Math.max(0, ...valuesOf(text, name, labels));
}

/** The sum of a metric's values whose labels match; 0 where it is absent. */
export function sumOf(text: string, name: string, labels?: RegExp): number {
  return valuesOf(text, name, labels).reduce((sum, value) => sum + value, 0);
}
