import { FAILED, OK, type Program, type Ran, type Surroundings, type Text } from '../program.ts';

/** Where `sysctl --system` looks. */
const SYSTEM_FILES = /^\/(etc|run|usr\/lib|lib)\/sysctl\.(conf|d\/.+)$/;

/** sysctl(8), procps' and BusyBox's. */
export const sysctl: Program = (args, around) => {
  const ignores = args.some((arg) => arg === '-e' || arg === '--ignore');
  const file = fileOf(args);
  if (file !== undefined) return fromFile(file, around, ignores);
  let ran = OK;
  const values = args.filter((arg) => arg?.startsWith('-') !== true);
  for (const arg of values) {
    const next = one(arg, around, ignores);
    if (next.status === 'failed') ran = { ...next, out: ran.out };
    else if (ran.status !== 'failed') ran = next;
  }
  return ran;
};

function one(arg: Text, { system, source, ...rest }: Surroundings, ignores: boolean): Ran {
  if (arg === undefined) {
    system.gap(source, 'the name or the value is known only when it runs');
    return OK;
  }
  const [name = '', value] = arg.split(/\s*=\s*(.*)/s);
  const dotted = name.replaceAll('/', '.');
  if (value === undefined)
    return { status: system.hasSysctl(dotted) ? 'ok' : 'failed', out: system.readSysctl(dotted) };
  if (ignores && !system.hasSysctl(dotted)) return OK;
  return system.setSysctl(dotted, value, { system, source, ...rest });
}

/** The file of `-p FILE` and `--load=FILE`; `*` for all of the system's. */
function fileOf(args: readonly Text[]): string | undefined {
  if (args.includes('--system')) return '*';
  const load = args.find((arg) => arg?.startsWith('--load='));
  if (load !== undefined) return load.slice('--load='.length);
  const at = args.findIndex((arg) => arg === '-p' || arg === '--load');
  return at < 0 ? undefined : (args[at + 1] ?? '/etc/sysctl.conf');
}

function fromFile(file: string, around: Surroundings, ignores: boolean): Ran {
  const { system, source } = around;
  const text = file === '*' ? system.readFiles(SYSTEM_FILES) : system.readFile(file);
  if (text === undefined) {
    system.gap(source, `what ${file === '*' ? 'the node’s own files' : file} holds is not known`);
    return OK;
  }
  let failed = false;
  for (const line of text.split('\n')) {
    const setting = /^\s*(-?)([a-z][\w./-]*)\s*=\s*(.*?)\s*$/i.exec(line);
    if (setting === null) continue;
    const [, lenient, name = '', value = ''] = setting;
    const quiet = ignores || lenient === '-';
    const ran = one(`${name}=${value}`, { ...around, source: `${source}: ${line.trim()}` }, quiet);
    failed ||= ran.status === 'failed' && !quiet;
  }
  return failed ? FAILED : OK;
}
