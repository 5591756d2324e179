/**
 * Measures tablefull beside other generators on this machine.
 *
 * @example npm run bench -- --quick --only http,start --against ../tablefull-at-another-commit
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { useCompileCache } from '../src/cli/compile-cache.ts';
import { ownVersion } from '../src/util/own-version.ts';
import { differenceLines, differences } from './compare.ts';
import { ROOT } from './lab.ts';
import { MachineWatch } from './machine.ts';
import { WORKS } from './registry.ts';
import { benchSchema, type BenchReport, type WorkReport } from './report.ts';
import { measureWork, oneLine } from './rounds.ts';
import { measureInSandbox } from './sandbox.ts';
import { textOf } from './table.ts';
import type { BenchContext } from './work.ts';

const USAGE = `usage: npm run bench -- [options]
  --quick               fewer rounds, no long works: under two minutes
  --rounds N            rounds of each work
  --only ID[,ID]        these works: ${WORKS.map(({ id }) => id).join(', ')}
  --against DIR         a checkout of another version, with its node_modules, measured beside this one
  --out FILE            where the JSON goes (default: runs/bench-STAMP.json)
  --compare FILE        an older bench: exit 1 where a ratio fell by more than its noise
  --use FILE            measure nothing: take the figures of this bench
  --write-docs          write docs/reference/performance.md
`;
const DOCUMENT = resolve(ROOT, 'docs/reference/performance.md');
const EXIT = { fell: 1, environment: 2, usage: 64, interrupted: 130 } as const;

class UsageError extends Error {}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

function readReport(file: string): BenchReport {
  return benchSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The commit of a checkout; null if git does not know it. */
async function commitOf(folder: string): Promise<string | null> {
  const { failed, stdout } = await execa('git', ['describe', '--always', '--dirty'], {
    cwd: folder,
    reject: false,
  });
  return failed ? null : stdout;
}

async function measure(
  only: readonly string[] | undefined,
  times: number | undefined,
  context: BenchContext,
): Promise<BenchReport> {
  const { quick, against } = context;
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const watch = new MachineWatch();
  const wanted = WORKS.filter(({ id, rounds }) => only?.includes(id) ?? (!quick || rounds.quick > 0));
  const works: WorkReport[] = [];
  for (const work of wanted) {
    // `--only` measures a work even if a quick bench leaves it out.
    const rounds = times ?? (quick ? Math.max(1, work.rounds.quick) : work.rounds.full);
    const measured = work.place === 'sandbox' ? measureInSandbox : measureWork;
    const done = await measured(work, rounds, context);
    works.push(done);
    say(`${work.id}: ${done.seconds.toFixed(1)} s`);
  }
  return {
    schema: 'tablefull/bench/v1',
    version: ownVersion(),
    commit: await commitOf(ROOT),
    against: against === undefined ? null : await commitOf(against),
    startedAt,
    seconds: (performance.now() - began) / 1000,
    quick,
    machine: watch.report(works.flatMap(({ calibrations }) => calibrations)),
    works,
  };
}

async function main(signal: AbortSignal): Promise<number> {
  const { values } = parsed();
  const only = values.only?.split(',');
  const unknown = only?.find((id) => WORKS.every((work) => work.id !== id));
  if (unknown !== undefined) throw new UsageError(`unknown work ${unknown}`);
  const times = values.rounds === undefined ? undefined : Number(values.rounds);
  if (times !== undefined && !(Number.isInteger(times) && times > 0))
    throw new UsageError('--rounds must be a number, at least 1');
  const old = values.compare === undefined ? undefined : readReport(values.compare);
  const against = values.against === undefined ? undefined : resolve(values.against);
  const report =
    values.use === undefined
      ? await measure(only, times, { quick: values.quick, against, say, signal })
      : readReport(values.use);
  process.stdout.write(`${textOf(report)}\n`);
  if (values.use === undefined) {
    const stamp = report.startedAt.replaceAll(/[-:]|\.\d+Z/g, '').replace('T', '-');
    const out = resolve(values.out ?? `runs/bench-${stamp}.json`);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(report, undefined, 1)}\n`);
    say(`${report.seconds.toFixed(0)} s; the figures are in ${out}`);
  }
  if (values['write-docs']) {
    // Imports the formatter, which most benches do not need.
    const { documentOf } = await import('./document.ts');
    writeFileSync(DOCUMENT, await documentOf(report));
    say(`wrote ${DOCUMENT}`);
  }
  if (old === undefined) return 0;
  const all = differences(old, report);
  process.stdout.write(`${differenceLines(all).join('\n')}\n`);
  return all.some(({ fell }) => fell) ? EXIT.fell : 0;
}

function parsed() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        only: { type: 'string' },
        against: { type: 'string' },
        out: { type: 'string' },
        compare: { type: 'string' },
        use: { type: 'string' },
        'write-docs': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(oneLine(error));
  }
}

// Labs' agents and measured commands share the command's own compile cache.
useCompileCache(process.env);
// nft and ip are in folders that many users' PATH lacks.
process.env.PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interrupted.abort(new Error('interrupted'));
  });
try {
  process.exitCode = await main(interrupted.signal);
} catch (error) {
  const usage = error instanceof UsageError;
  say(`${oneLine(error)}${usage ? `\n${USAGE}` : ''}`);
  process.exitCode = usage ? EXIT.usage : interrupted.signal.aborted ? EXIT.interrupted : EXIT.environment;
}
