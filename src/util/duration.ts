/** A duration in Go's format: numbers with units. */
export const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

const MILLISECONDS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** Parses `1.5s`, `250ms` or `1h30m`. @param text matches DURATION @returns ms, to the microsecond */
export function parseDuration(text: string): number {
  const ms = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS],
    0,
  );
  return Math.round(ms * 1000) / 1000;
}

/** `250ms`, `61.5s`, `90m`: hours or minutes only if whole. */
export function formatDuration(ms: number): string {
  const whole = (['h', 'm'] as const).find(
    (unit) => ms >= MILLISECONDS[unit] && ms % MILLISECONDS[unit] === 0,
  );
  const unit = whole ?? (ms >= MILLISECONDS.s || ms === 0 ? 's' : 'ms');
  return `${String(ms / MILLISECONDS[unit])}${unit}`;
}
