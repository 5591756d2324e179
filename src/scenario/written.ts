import { isAbsolute, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isPair, isScalar, visit, type Pair } from 'yaml';
import type { Environment } from './environment.ts';
import type { Load } from '../load/index.ts';
import { protocolSchema, type Protocol } from '../schema/protocol.ts';

/** A protocol to write as a scenario file. */
interface ToWrite {
  readonly name: string;
  readonly summary: string;
  /** The scenario and the parameters that it comes from, for the file’s head. */
  readonly from: string;
  readonly protocol: Protocol;
  readonly environment: Environment;
  /** The file’s folder: paths are relative to it. */
  readonly folder: string;
  /** Path of the JSON Schema, relative to the file. */
  readonly schema: string;
}

/**
 * Writes a protocol as a scenario file, which reads back as the same protocol. Keys with their default are
 * left out; each other key has its description as a comment.
 */
export function writtenScenario({ name, summary, from, protocol, ...where }: ToWrite): string {
  const { environment, folder, schema } = where;
  const { kernel, squeeze, privileged } = environment;
  const written = withoutDefaults(movable(protocol, folder));
  const document = new Document({ name, summary, ...written }, { keepUndefined: false });
  document.commentBefore = [
    ` yaml-language-server: $schema=${schema}`,
    ` ${from}, written out for kernel ${kernel.join('.')}, squeeze ${squeeze}, ${privileged ? 'as root' : 'without root'}.`,
    ' Check it with `tablefull validate`, run it with `tablefull run`; all keys: docs/reference/scenario-file.md',
  ].join('\n');
  const { contents } = document;
  if (isMap(contents)) for (const pair of contents.items) describe(pair);
  visit(document, {
    // Short lists and maps of plain values on one line.
    Collection: (key, node) => {
      if (key === null) return;
      const plain = node.items.every((item) => isScalar(isPair(item) ? item.value : item));
      if (plain && JSON.stringify(node).length <= 90) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, flowCollectionPadding: false });
}

/** The protocol without this machine’s k6; its scripts are named from the folder. */
function movable(protocol: Protocol, folder: string): Protocol {
  const moved = (load: Load): Load => {
    if (load.kind !== 'k6') return load;
    const { program: _, ...rest } = load;
    return { ...rest, script: isAbsolute(load.script) ? from(folder, load.script) : load.script };
  };
  const background = Object.entries(protocol.background).map(([name, load]) => [name, moved(load)] as const);
  return { ...protocol, demand: moved(protocol.demand), background: Object.fromEntries(background) };
}

function from(folder: string, path: string): string {
  const there = relative(folder, path);
  return there.startsWith('.') ? there : `./${there}`;
}

/** The keys that can’t be left out. */
function withoutDefaults(protocol: Protocol): Partial<Protocol> {
  return Object.fromEntries(
    Object.entries(protocol).filter(([key]) => {
      const rest = Object.fromEntries(Object.entries(protocol).filter(([other]) => other !== key));
      const parsed = protocolSchema.safeParse(rest);
      return !parsed.success || !isDeepStrictEqual(parsed.data, protocol);
    }),
  );
}

/** Puts a key’s description above it. */
function describe({ key }: Pair): void {
  if (!isScalar(key)) return;
  const field = (protocolSchema.shape as Record<string, { description?: string }>)[String(key.value)];
  if (field?.description === undefined) return;
  key.spaceBefore = true;
  key.commentBefore = ` ${field.description}`;
}
