import { painter, wrap } from '../../report/layout.ts';
import { applicable, type Opening } from '../../play/open-hands-on.ts';
import { asTyped } from '../../report/rerun.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { LESSONS } from '../../workshop/lessons/index.ts';
import type { Lesson } from '../../workshop/lesson.ts';
import { MYTHS } from '../../workshop/myths.ts';
import { openCluster, openLesson, type OpenCluster, type OpenLesson } from '../../workshop/open-lesson.ts';
import { MOST, points, Progress } from '../../workshop/progress.ts';
import { LessonSession, type Classroom } from '../../workshop/session.ts';
import { explanationOf, waysInTerminal } from '../../workshop/text.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import type { HandsOnOptions } from '../hands-on/request.ts';
import { lessonLab, lessonNamed } from '../hands-on/lesson-lab.ts';
import { linesOf } from '../screen/lines.ts';
import { npmScript } from '../npm/npm-script.ts';
import { remedyFromPath } from '../request/remedy-files.ts';
import { labFor } from '../request/request.ts';
import { kubectlHere, placeNamed, shellHere } from '../hands-on/shell-here.ts';
import { watchSignals } from '../signals.ts';
import { print, toStderr, type VerbContext } from '../verb-context.ts';
import { mythsVerb } from './myths.ts';

export type WorkshopOptions = Pick<HandsOnOptions, 'seed' | 'pace' | 'wait'> & { readonly lab?: string };

/** `workshop`: lists the lessons, with the learner’s points. */
export function workshopList(context: VerbContext): number {
  const { lessons } = new Progress(context.env);
  const all = [...LESSONS, MYTHS];
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, title, minutes } of all) {
    const attempt = lessons[name];
    const done = attempt === undefined ? '' : `${String(points(attempt))}/${String(MOST)}`;
    const row = `${name.padEnd(width)}  ${`${String(minutes)} min`.padStart(6)}  ${done.padStart(5)}  `;
    const lines = wrap(title, (context.stdout.columns ?? 80) - row.length, '');
    for (const [i, line] of lines.entries())
      print(context, `${i === 0 ? row : ' '.repeat(row.length)}${line}`);
  }
  print(context, '\n`tablefull workshop LESSON` starts one.');
  return EXIT.ok;
}

/** `workshop LESSON`. @returns the exit code */
export async function workshopVerb(
  name: string,
  options: WorkshopOptions,
  argv: readonly string[],
  context: VerbContext,
): Promise<number> {
  if (name === MYTHS.name) return mythsVerb(options.seed, context);
  const script = npmScript(context.env);
  const found = asTyped(script, lessonNamed(name));
  const asked = { ...options, lab: options.lab ?? 'netns' };
  const isCluster = labFor(asked.lab, context).reusing !== undefined;
  const lesson = isCluster ? inCluster(found) : found;
  const warn = toStderr(context);
  const signal = watchSignals(context.signals, warn);
  const { request, machine, lab } = await lessonLab(lesson, asked, argv, context, isCluster);
  const progress = new Progress(context.env);
  const nothing = (): void => undefined;
  // What the harness does names the cause.
  const opening = { request, machine, say: nothing, warn, listen: nothing };
  const room: Classroom = {
    ...(isCluster ? withKubectl(opening, context, signal) : withShells(opening, lesson, context, signal)),
    print: (lines) => {
      for (const line of lines) print(context, line);
    },
    explain: (each) => {
      context.stdout.write(
        renderMarkdown(
          asTyped(script, explanationOf(each)),
          context.stdout.columns ?? 80,
          painter(context.stdout),
        ),
      );
    },
    ways: waysInTerminal(lesson, isCluster, script),
    remedyAt: (path, { handsOn }) => {
      const { protocol, squeeze } = handsOn.header;
      const given = { cluster: lab.realKubeProxy, squeeze };
      const { remedy } = remedyFromPath(path, { protocol, known: context.remedies, lab: given });
      const [refused] = applicable([remedy], handsOn, lab.cannot).not;
      if (refused !== undefined) throw new Error(`${path}: ${refused[1]}`);
      return remedy;
    },
    keep: (attempt) => progress.keep(lesson.name, attempt),
  };
  await using session = await LessonSession.open({ lesson, room }, signal);
  for await (const line of linesOf('workshop> ', signal)) {
    if (!(await session.take(line))) break;
    session.lost.throwIfAborted();
  }
  signal.throwIfAborted();
  return EXIT.ok;
}

/** The lesson as it is in a cluster. @throws UsageError where it is not */
function inCluster(lesson: Lesson): Lesson {
  if (lesson.onCluster !== undefined) return { ...lesson, ...lesson.onCluster };
  const names = LESSONS.filter(({ onCluster }) => onCluster !== undefined).map((each) => each.name);
  throw new UsageError(
    `the lesson ${lesson.name} has no form for a cluster; with --lab kind use ${names.join(', ')}`,
  );
}

type Way = Pick<Classroom, 'open' | 'shell'>;

/** The embedded lab, with shells in its nodes and pods. */
function withShells(opening: Opening, lesson: Lesson, context: VerbContext, signal: AbortSignal): Way {
  const about = `workshop ${lesson.name}`;
  let lab: OpenLesson | undefined;
  return {
    open: async () => {
      print(context, 'the lab is built and broken; this takes some 10 s');
      return (lab = await openLesson(opening, { about, files: lesson.files }, context.env, signal));
    },
    shell: async (place = lesson.place) => {
      if (lab === undefined) return;
      const { hands, lost } = lab;
      await shellHere(hands, placeNamed(place, hands), about, context, AbortSignal.any([signal, lost]));
    },
  };
}

/** A cluster, with kubectl. */
function withKubectl(opening: Opening, context: VerbContext, signal: AbortSignal): Way {
  let lab: OpenCluster | undefined;
  return {
    open: async () => {
      print(context, 'a cluster is made and broken; this takes one to three minutes');
      return (lab = await openCluster(opening, signal));
    },
    shell: async () => {
      if (lab === undefined) return;
      await kubectlHere(lab.cluster, context, AbortSignal.any([signal, lab.lost]));
    },
  };
}
