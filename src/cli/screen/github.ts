import { appendFile } from 'node:fs/promises';
import { Option } from 'commander';
import { annotationLines, inRepository, type Annotation } from '../../report/github/commands.ts';
import { say, type Io } from '../verb-context.ts';
import { explain } from '../../util/error-text.ts';

const REPORTERS = ['github', 'none'] as const;

/** `--reporter`, as commander gives it. */
export interface ReporterOption {
  readonly reporter?: (typeof REPORTERS)[number];
}

export function reporterOption(): Option {
  return new Option(
    '--reporter <name>',
    'github: annotations, groups and a job summary (default: github where GITHUB_ACTIONS is true)',
  ).choices(REPORTERS);
}

/** A job of GitHub Actions that the command is a step of. */
interface GithubJob {
  /** A path as GitHub knows the file. */
  readonly fileOf: (path: string) => string;
  /** Prints annotations on stderr, which GitHub reads, and adds to the job's summary. */
  readonly report: (annotations: readonly Annotation[], summary: string) => Promise<void>;
}

/** @returns undefined where nothing is reported to GitHub */
export function githubJob({ reporter }: ReporterOption, io: Io): GithubJob | undefined {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: file = '', GITHUB_WORKSPACE } = io.env;
  const wanted = reporter ?? (GITHUB_ACTIONS === 'true' ? 'github' : 'none');
  if (wanted === 'none') return undefined;
  return {
    fileOf: (path) => inRepository(path, GITHUB_WORKSPACE),
    report: async (annotations, summary) => {
      for (const line of annotationLines(annotations)) io.stderr.write(`${line}\n`);
      if (file === '') return;
      await appendFile(file, `${summary}\n`).catch((error: unknown) => {
        say(io, `can’t write the job’s summary, ${file}: ${explain(error)}`);
      });
    },
  };
}
