/** CoreDNS's Corefile as text: what it says, and the same with another plug-in. */

/** A plug-in of a server: `cache 30 { … }`. */
export interface Plugin {
  /** Its words before the block: `cache`, `30`. */
  readonly words: readonly string[];
  /** The lines of its block; none without one. */
  readonly options: readonly string[];
}

/** A plug-in at its place in the text. */
interface PlacedPlugin extends Plugin {
  readonly options: string[];
  /** White space before it. */
  readonly indent: string;
  /** Its lines in the text; `to` is the first after it. */
  readonly from: number;
  to: number;
}

/** `NAME { PLUGINS }`. */
export interface Server {
  readonly name: string;
  readonly plugins: readonly PlacedPlugin[];
}

/** The servers of a Corefile, without comments. @see https://coredns.io/manual/configuration/ */
export function serversIn(text: string): readonly Server[] {
  const servers: { name: string; plugins: PlacedPlugin[] }[] = [];
  let depth = 0;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw
      .replace(/(^|\s)#.*/, '')
      .trim()
      .replaceAll(/\s+/g, ' ');
    if (line === '') continue;
    if (line === '}') depth--;
    const opens = line.endsWith('{');
    const start = line.replace(/ ?\{$/, '');
    const plugins = servers.at(-1)?.plugins;
    if (depth === 0 && opens) servers.push({ name: start, plugins: [] });
    else if (depth === 1 && line !== '}') plugins?.push(pluginAt(i, start, raw));
    else if (depth > 1) plugins?.at(-1)?.options.push(line);
    const last = plugins?.at(-1);
    if (last !== undefined && (depth > 1 || (depth === 1 && line === '}'))) last.to = i + 1;
    if (opens) depth++;
  }
  return servers;
}

function pluginAt(i: number, start: string, raw: string): PlacedPlugin {
  return { words: start.split(' '), options: [], indent: /^\s*/.exec(raw)?.[0] ?? '', from: i, to: i + 1 };
}

/** A plug-in by its name. */
export function pluginOf({ plugins }: Server, name: string): PlacedPlugin | undefined {
  return plugins.find(({ words }) => words[0] === name);
}

/** A plug-in in one line: `cache 30 { success 9984 30; denial 9984 5 }`. */
export function pluginLine({ words, options }: Plugin): string {
  return [...words, ...(options.length === 0 ? [] : [`{ ${options.join('; ')} }`])].join(' ');
}

/** The same text with these options in the block of a plug-in, indented as kubeadm does. */
export function withOptions(
  text: string,
  { words, indent, from, to }: PlacedPlugin,
  options: readonly string[],
): string {
  const block = [`${words.join(' ')} {`, ...options.map((option) => `   ${option}`), '}'];
  const lines = block.map((line) => `${indent}${line}`);
  return text
    .split('\n')
    .toSpliced(from, to - from, ...lines)
    .join('\n');
}
