import type { RemedyStatus } from '../schema/statuses.ts';

/** What a check says of the learner's fix. */
export const OUTCOMES = {
  cured: 'the demand is met, also on a table that is filled again, and it could go on for ever',
  postponed: 'the demand is met until the table is full again',
  hidden: 'the symptom is gone for now, and comes back with the next full table',
  reduced: 'less of the demand fails',
  unchanged: 'the demand fails as before',
  worse: 'more of the demand fails',
  broken: 'the demand fails for another reason than before',
  unclear: 'this machine was too busy to tell',
} as const;
export type Outcome = keyof typeof OUTCOMES;

/** A line that a learner types in a shell of a node or a pod. */
export interface Typed {
  readonly place: string;
  readonly line: string;
}

/** A file, such as a manifest that a learner writes. */
export interface Written {
  readonly name: string;
  readonly text: string;
}

/** A fix that a learner may come up with: for the answer key, and for the test that plays every lesson. */
export interface Fix {
  /** What it does, as a heading. */
  readonly says: string;
  /** In a lesson that is solved by a file, none. */
  readonly lines: readonly Typed[];
  /** Given to the lesson by `try`; or, where lines are typed, written before them. */
  readonly file?: Written;
  readonly outcome: Outcome;
  /** Why it has this outcome. */
  readonly why: string;
}

/** Where a line for kubectl is typed. */
export const KUBECTL = 'kubectl';

/** What is different about a lesson where the lab is a cluster and the learner has kubectl. */
type OnCluster = Pick<Lesson, 'hints' | 'right' | 'wrong'> & Partial<Pick<Lesson, 'report'>>;

/** An exercise: a lab with a fault, told as its users would. */
export interface Lesson {
  /** Lower case with hyphens. It names the symptom, never the cause. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly scenario: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Fields of the demand that differ from the scenario's. */
  readonly demand?: Readonly<Record<string, string>>;
  /** Files of the lab that the learner may edit, as they are at first. */
  readonly files?: readonly Written[];
  /** The cause in a word or two, as one would name it on a game day. */
  readonly cause: string;
  /** What users of the cluster report, and nothing else. The measured failures are added. */
  readonly report: string;
  /** Where a shell opens that names no place. */
  readonly place: string;
  /** From the vaguest to the plainest. */
  readonly hints: readonly [string, ...string[]];
  /** Markdown, for after the fix: what happened, and why it helps. */
  readonly explain: string;
  /** Pages of `tablefull explain` to read next. */
  readonly pages: readonly string[];
  /** Whether only a fix that was given as a file solves it. */
  readonly byFile?: true;
  /** Loads in the background that a good fix may disturb. */
  readonly mayDisturb?: readonly string[];
  /** A fix that solves the lesson, first, and others that do. */
  readonly right: readonly [Fix, ...Fix[]];
  /** What learners try first, and it does not help. */
  readonly wrong: readonly [Fix, ...Fix[]];
  /** The same in a kind cluster. Absent: there is none. */
  readonly onCluster?: OnCluster;
}

/** The outcome of a judged fix that broke nothing, by the judge's status. */
export function outcomeOf(status: RemedyStatus): Outcome {
  switch (status) {
    case 'cured':
    case 'postponed':
    case 'reduced':
    case 'worse':
      return status;
    case 'no-effect':
    case 'delayed':
      return 'unchanged';
    case 'inconclusive':
    case 'skipped':
      return 'unclear';
  }
}
