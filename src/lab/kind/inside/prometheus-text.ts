const WITHIN_MS = 5_000;

/** Reads metrics in Prometheus's text format. */
export async function readMetrics(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) })).text();
}

/** Values of a metric, one per matching set of labels, in order. */
export function valuesOf(text: string, name: string, labels = /^/): readonly number[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'))].flatMap(
    ([, written = '', value]) => (labels.test(written) ? [Number(value)] : []),
  );
}

/** The largest value of a metric over matching labels; 0 where absent. */
export function largest(text: string, name: string, labels?: RegExp): number {
  return Math.max(0, ...valuesOf(text, name, labels));
}

/** The sum of a metric over matching labels; 0 where absent. */
export function sumOf(text: string, name: string, labels?: RegExp): number {
  return valuesOf(text, name, labels).reduce((sum, value) => sum + value, 0);
}
