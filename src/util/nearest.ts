/** The most similar name, with at most a third of the letters wrong. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .filter((other) => Math.abs(other.length - name.length) <= mistakes(name))
    .map((other) => ({ other, distance: distance(name, other) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [first] = ranked;
  return first !== undefined && first.distance <= mistakes(name) ? first.other : undefined;
}

/** `did you mean X?`, or the choices. */
export function suggestion(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return names.length === 0 ? 'use one after adding it' : `use ${names.join(', ')}`;
}

function mistakes(name: string): number {
  return Math.max(1, Math.floor(name.length / 3));
}

/** Levenshtein distance of the first 60 letters. */
function distance(from: string, to: string): number {
  const [a, b] = [from.slice(0, 60), to.slice(0, 60)];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((row[j] ?? 0) + (a[i] === b[j] ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}
