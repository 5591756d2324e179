import type { Run } from '../../history/run.ts';
import type { KernelLines } from '../../judge/kernel-lines.ts';
import type { LogMark } from './cycle-block.ts';

const LINE = /^\[\s*(?<seconds>\d+\.\d+)\].*\bin netns (?<inode>\d+)\b/;

/**
 * The lines of the kernel’s log on the run’s clock, each with the cycle of the lab that it names. Empty for
 * histories that do not say when the run began by the kernel’s clock.
 */
export function logMarks(run: Run, { lines }: KernelLines): readonly LogMark[] {
  const began = run.ofType('kernel-log').at(-1)?.since;
  if (began === undefined) return [];
  // A lab works at one cycle after the other; the namespaces are named anew with each.
  const labs = run.ofType('namespaces').toReversed();
  return lines.flatMap((line) => {
    const { seconds, inode } = LINE.exec(line)?.groups ?? {};
    if (seconds === undefined || inode === undefined) return [];
    const at = (Number(seconds) - began) * 1000;
    const lab = labs.find(
      ({ t, cycle, nodes }) => t <= at && cycle !== undefined && Object.values(nodes).includes(Number(inode)),
    );
    return lab?.cycle === undefined ? [] : [{ at, cycle: lab.cycle, line }];
  });
}
