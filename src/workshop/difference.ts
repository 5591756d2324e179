import type { HistoryEvent } from '../schema/history.ts';
import { HANDS } from '../play/view.ts';
import type { Snapshot } from './snapshot.ts';

/** A sysctl that differs from before. */
interface ChangedSysctl {
  readonly place: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between two snapshots. */
export interface Difference {
  readonly sysctls: readonly ChangedSysctl[];
  /** Rules, routes and lines of files, with `+` or `-`. */
  readonly lines: readonly { readonly place: string; readonly line: string }[];
}

const SYSCTL = /^\/proc\/sys\/(.+?):(.*)$/;

export function difference(before: Snapshot, after: Snapshot): Difference {
  const sysctls: ChangedSysctl[] = [];
  const lines: { place: string; line: string }[] = [];
  for (const [place, now] of after) {
    const was = before.get(place) ?? new Set<string>();
    const gone = [...was].filter((line) => !now.has(line));
    const values = new Map(gone.flatMap((line) => sysctlOf(line) ?? []));
    for (const line of now) {
      if (was.has(line)) continue;
      const [name, value] = sysctlOf(line)?.[0] ?? [];
      if (name === undefined || value === undefined) lines.push({ place, line: `+ ${line.trim()}` });
      else sysctls.push({ place, name, before: values.get(name) ?? '', after: value });
    }
    for (const line of gone)
      if (sysctlOf(line) === undefined) lines.push({ place, line: `- ${line.trim()}` });
  }
  return { sysctls, lines };
}

function sysctlOf(line: string): readonly [readonly [name: string, value: string]] | undefined {
  const [, path, value] = SYSCTL.exec(line) ?? [];
  return path === undefined || value === undefined
    ? undefined
    : [[path.replaceAll('/', '.'), value.replaceAll('\t', ' ')]];
}

/** The sysctls as changes of a run, so that the judge knows of a timeout that was set by hand. */
export function asChanges({ sysctls }: Difference, nodes: readonly string[]): readonly HistoryEvent[] {
  return sysctls.flatMap(({ place, name, before, after }): HistoryEvent[] => {
    if (!nodes.includes(place) || !/^-?\d+$/.test(after)) return [];
    const change = { kind: 'sysctl', node: place, name, value: Number(after) } as const;
    return [
      {
        ...{ type: 'change', t: 0, cycle: HANDS, action: 'apply', change, node: place },
        ...{ before: Number(before), after: Number(after), emulated: false },
      },
    ];
  });
}

/** At most this many lines a place are listed. */
const LISTED = 6;

/** The difference for a person. */
export function sayDifference({ sysctls, lines }: Difference): readonly string[] {
  const places = new Map<string, string[]>();
  const at = (place: string): string[] => {
    const known = places.get(place) ?? [];
    places.set(place, known);
    return known;
  };
  for (const { place, name, before, after } of sysctls) at(place).push(`${name}: ${before} → ${after}`);
  for (const { place, line } of lines) at(place).push(line);
  return [...places].flatMap(([place, all]) => [
    ...all.slice(0, LISTED).map((line) => `${place}: ${line}`),
    ...(all.length > LISTED ? [`${place}: and ${String(all.length - LISTED)} lines more`] : []),
  ]);
}
