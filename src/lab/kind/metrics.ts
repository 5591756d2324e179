const WITHIN_MS = 5_000;

/** One value of a metric; its labels are as they are written. */
export interface Metric {
  readonly labels: string;
  readonly value: number;
}

/** What a program says of itself at `/metrics`, in Prometheus' text format. */
export async function readMetrics(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) })).text();
}

/** The values of a metric, one for each set of labels. */
export function valuesOf(text: string, name: string): readonly Metric[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'))].map(
    ([, labels = '', value]) => ({ labels, value: Number(value) }),
  );
}

/** The largest value of a metric, over its labels; 0 where it is absent. */
export function largest(text: string, name: string): number {
  return Math.max(0, ...valuesOf(text, name).map(({ value }) => value));
}

/** The sum of a metric's values whose labels match; 0 where it is absent. */
export function sumOf(text: string, name: string, labels = /^/): number {
  return valuesOf(text, name)
    .filter((each) => labels.test(each.labels))
    .reduce((sum, { value }) => sum + value, 0);
}
