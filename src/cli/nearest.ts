/** The one of several words that takes the fewest edits to become this one; undefined where none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((other) => ({ other, edits: editsBetween(word.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, edits }) => edits <= Math.max(2, other.length / 3))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.other;
}

/** How many letters must be put in, taken out or replaced: Levenshtein's distance, a row at a time. */
export function editsBetween(from: string, to: string): number {
  const first = Array.from({ length: to.length + 1 }, (_, i) => i);
  const last = Array.from(from).reduce<readonly number[]>((above, letter, i) => {
    const row = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const [corner = 0, over = 0] = [above[j], above[j + 1]];
      row.push(Math.min((row[j] ?? 0) + 1, over + 1, corner + (letter === other ? 0 : 1)));
    }
    return row;
  }, first);
  return last.at(-1) ?? 0;
}
