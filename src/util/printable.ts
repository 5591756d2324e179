/**
 * What steers a terminal or deceives a reader: C0, DEL and C1 (an escape sequence begins with one), the signs that turn
 * text round, the separators that some take for the end of a line, and halves of a character.
 */
const STEERS = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;
const NEEDS_ESCAPE = new RegExp(STEERS.source, 'u');

/** A text of several lines with all that steers written out: `\x1b`, `\u202e`. */
export function printableText(text: string): string {
  return text.replaceAll(STEERS, (sign) => (sign === '\n' || sign === '\t' ? sign : written(sign)));
}

/** The same on one line: a line end becomes a blank, so that no text can pass for a line of ours. */
export function printableLine(text: string): string {
  return NEEDS_ESCAPE.test(text) ? printableText(text.replaceAll(/[\r\n\t]+/g, ' ')) : text;
}

/**
 * A document whose every text, names of keys included, is safe to print and takes one line. For the edge of a report:
 * what it is given may stem from a file. What is safe already is not copied.
 */
export function printable<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return printableLine(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    // The long ones are measurements.
    if (value.every((item) => typeof item === 'number')) return value;
    const items = value.map(cleaned);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const entries = Object.entries(value);
  const safe = entries.map(([key, inner]) => [printableLine(key), cleaned(inner)] as const);
  const isSafe = safe.every(([key, inner], i) => key === entries[i]?.[0] && inner === entries[i][1]);
  return isSafe ? value : Object.fromEntries(safe);
}

/** A JSON document, indented. What steers is escaped, which is the same text to whoever reads JSON. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(STEERS, (sign) =>
    sign === '\n' ? sign : unicode(sign),
  );
}

function written(sign: string): string {
  const code = sign.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicode(sign);
}

function unicode(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
