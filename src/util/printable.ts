/**
 * Characters that control a terminal or deceive a reader: C0, DEL, C1 (escape sequences), bidirectional
 * marks, line separators and unpaired surrogates.
 */
const STEERS = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;
const NEEDS_ESCAPE = new RegExp(STEERS.source, 'u');

/** Escapes controls in text of several lines: `\x1b`, `\u202e`. */
export function printableText(text: string): string {
  return text.replaceAll(STEERS, (sign) => (sign === '\n' || sign === '\t' ? sign : written(sign)));
}

/** The same on one line: line ends become blanks, so that no text can imitate a line of ours. */
export function printableLine(text: string): string {
  return NEEDS_ESCAPE.test(text) ? printableText(text.replaceAll(/[\r\n\t]+/g, ' ')) : text;
}

/**
 * Makes every text and key of a document printable on one line. For reports, whose input may stem from a
 * file.
 */
export function printable<T>(value: T): T {
  return eachText(value, printableLine);
}

/** A document with every text and key replaced. What does not change is not copied. */
export function eachText<T>(value: T, replaced: (text: string) => string): T {
  const inside = (part: unknown): unknown => {
    if (typeof part === 'string') return replaced(part);
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) {
      // Long arrays are measurements.
      if (part.every((item) => typeof item === 'number')) return part;
      const items = part.map(inside);
      return items.some((item, i) => item !== part[i]) ? items : part;
    }
    const entries = Object.entries(part);
    const next = entries.map(([key, inner]) => [replaced(key), inside(inner)] as const);
    const same = next.every(([key, inner], i) => key === entries[i]?.[0] && inner === entries[i][1]);
    return same ? part : Object.fromEntries(next);
  };
  return inside(value) as T;
}

/** Indented JSON. Controls are escaped, which JSON parsers undo. */
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
