import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';

/** An error with its position, `:LINE:COLUMN`. */
export interface Fault {
  readonly at: string;
  readonly why: string;
}

/** YAML as plain values, or its errors. */
export interface ReadYaml {
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** `:LINE:COLUMN` of a path (`demand.stages.0.pods`), or of its nearest existing parent. */
  readonly positionOf: (place: string) => string;
  /** Its line alone. */
  readonly lineOf: (place: string) => number;
}

/** Limits against alias bombs and runaway nesting. */
const MOST_VALUES = 10_000;
const DEEPEST = 50;

/**
 * Parses YAML; a byte order mark is left out. Never throws.
 *
 * @param before the lines before it in its file
 */
export function readYaml(marked: string, before = 0): ReadYaml {
  const text = marked.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const lineAt = (offset: number): number => before + Math.max(1, lines.linePos(offset).line);
  const position = (offset: number): string =>
    `:${String(lineAt(offset))}:${String(Math.max(1, lines.linePos(offset).col))}`;
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    const at = position(0);
    return { value: null, faults: [{ at, why }], positionOf: () => at, lineOf: () => lineAt(0) };
  }
  // After the first error the parser guesses; later errors are unreliable.
  const broken = [...document.errors, ...document.warnings].slice(0, 1).map(({ pos: [offset], message }) => {
    return { offset, why: sentence(message) };
  });
  const plain = broken.length > 0 ? { value: null, faults: broken } : new Plain(document.contents);
  return {
    value: plain.value,
    faults: plain.faults.map(({ offset, why }) => ({ at: position(offset), why })),
    positionOf: (place) => position(offsetOf(document.contents, place)),
    lineOf: (place) => lineAt(offsetOf(document.contents, place)),
  };
}

/** Converts nodes to plain values. An alias repeats its value and may not contain itself. */
class Plain {
  readonly value: unknown;
  readonly faults: { offset: number; why: string }[] = [];
  readonly #anchors = new Map<string, { value: unknown; size: number } | 'open'>();
  #size = 0;

  constructor(contents: Node | null) {
    this.value = this.#of(contents, 0);
  }

  #of(node: unknown, depth: number): unknown {
    if (this.faults.length > 0 || node === null) return null;
    const offset = (node as Node).range?.[0] ?? 0;
    const refuse = (why: string): null => {
      this.faults.push({ offset, why });
      return null;
    };
    if (++this.#size > MOST_VALUES)
      return refuse(`it has more than ${String(MOST_VALUES)} values, aliases counted each time; write fewer`);
    if (depth > DEEPEST) return refuse(`it is nested more than ${String(DEEPEST)} deep`);
    if (isAlias(node)) return this.#alias(node.source, refuse);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const before = this.#size;
    const value = this.#plain(node, depth, refuse);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #alias(name: string, refuse: (why: string) => null): unknown {
    const meant = this.#anchors.get(name);
    if (meant === undefined)
      return refuse(`there is no anchor &${name} before *${name}; add one or write it out`);
    if (meant === 'open') return refuse(`*${name} refers to itself; write it out`);
    this.#size += meant.size;
    return meant.value;
  }

  #plain(node: unknown, depth: number, refuse: (why: string) => null): unknown {
    if (isMap(node)) {
      // Own properties only: a key may be __proto__.
      return Object.fromEntries(
        node.items.map(({ key, value }) => [
          isScalar(key) ? String(key.value) : '',
          this.#of(value, depth + 1),
        ]),
      );
    }
    if (isSeq(node)) return node.items.map((item) => this.#of(item, depth + 1));
    const value = isScalar(node) ? node.value : undefined;
    const isWord = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    return isWord ? value : refuse('must be a string, number or boolean');
  }
}

/** The offset of a path: of the key where it is wrong, else of the value. */
function offsetOf(contents: unknown, place: string): number {
  const path = place === '' ? [] : place.split('.');
  let node = contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (let i = 0; i < path.length;) {
    if (isMap(node)) {
      const found = keyAt(node.items, path.slice(i));
      if (found === undefined) break;
      offset = (found.pair.key as Node).range?.[0] ?? offset;
      node = found.pair.value;
      i += found.steps;
    } else if (isSeq(node)) {
      node = node.items[Number(path[i])];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
      i += 1;
    } else break;
  }
  return offset;
}

/** The pair that a path begins with. A key may have dots: it is several steps. */
function keyAt(pairs: readonly Pair[], path: readonly string[]) {
  for (let steps = 1; steps <= path.length; steps++) {
    const name = path.slice(0, steps).join('.');
    const pair = pairs.find(({ key }) => isScalar(key) && String(key.value) === name);
    if (pair !== undefined) return { pair, steps };
  }
  return undefined;
}

/** The parser's message in our style: lower case, one line, no full stop. */
function sentence(message: string): string {
  const [line = ''] = message.split('\n');
  return `${line.charAt(0).toLowerCase()}${line.slice(1)}`.replace(/[.:]$/, '');
}
