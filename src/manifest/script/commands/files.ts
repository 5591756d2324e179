import { OK, UNKNOWN, type Program, type Text } from '../program.ts';

export const echo: Program = (args) => {
  const words = args[0] === '-n' || args[0] === '-e' ? args.slice(1) : args;
  return { status: 'ok', out: words.includes(undefined) ? undefined : `${words.join(' ')}\n` };
};

/** Formats with `%s`, `%d` and `\n`. */
export const printf: Program = ([format, ...args]) => {
  if (format === undefined || args.includes(undefined)) return { status: 'ok', out: undefined };
  const values = args.values();
  const out = format.replaceAll('\\n', '\n').replaceAll(/%[sdi]/g, () => values.next().value ?? '');
  return { status: 'ok', out };
};

export const cat: Program = (args, { system, stdin }) => {
  const texts =
    args.length === 0 ? [stdin] : args.map((path) => (path === '-' ? stdin : contentOf(path, system)));
  return { status: 'ok', out: texts.includes(undefined) ? undefined : texts.join('') };
};

function contentOf(path: Text, system: { readFile(path: string): Text }): Text {
  return path === undefined ? undefined : system.readFile(path);
}

export const tee: Program = (args, around) => {
  const append = args.includes('-a') || args.includes('--append');
  let ran = OK;
  for (const path of args.filter((arg) => arg?.startsWith('-') !== true)) {
    if (path === undefined) {
      around.system.gap(around.source, 'the file that it writes is known only when it runs');
      ran = UNKNOWN;
    } else {
      const written = around.system.writeFile(path, around.stdin, around, append);
      if (written.status === 'failed') ran = written;
    }
  }
  return { ...ran, out: around.stdin };
};
