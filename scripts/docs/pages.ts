import {
  comparisonJsonSchema,
  matrixJsonSchema,
  suiteFileJsonSchema,
  suiteJsonSchema,
  verdictJsonSchema,
} from '../../src/schema/json-schema.ts';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { scenarioFileJsonSchema } from '../../src/schema/scenario-file.ts';
import { architecturePage } from './architecture-page.ts';
import { changesPage } from './changes-page.ts';
import { cliPage } from './cli-page.ts';
import { explanationPage } from './explanation-page.ts';
import { figuresPage } from './figures-page.ts';
import { gamedayPage } from './gameday-page.ts';
import { handoutPage, slidesPage } from './handouts.ts';
import { KILLERCODA } from './killercoda.ts';
import { loadsPage } from './loads-page.ts';
import { remediesPage } from './remedies-page.ts';
import { runPicture } from './run-picture.ts';
import { scenarioFilePage } from './scenario-file-page.ts';
import { suitePage } from './suite-page.ts';
import { answersPage, exercisesPage } from './workshop-pages.ts';

/** The generated pages, by their path in the repository. */
const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/explanation/README.md': explanationPage,
  'docs/explanation/architecture.md': architecturePage,
  'docs/reference/changes.md': changesPage,
  'docs/reference/cli.md': cliPage,
  'docs/reference/figures.md': figuresPage,
  'docs/reference/gameday.md': gamedayPage,
  'docs/reference/loads.md': loadsPage,
  'docs/reference/remedies.md': remediesPage,
  'docs/reference/scenario-file.md': scenarioFilePage,
  'docs/reference/suite.md': suitePage,
  'docs/images/run-dark.svg': () => runPicture('dark'),
  'docs/images/run-light.svg': () => runPicture('light'),
  'schemas/comparison.schema.json': () => JSON.stringify(comparisonJsonSchema()),
  'docs/workshop/answers.md': answersPage,
  'docs/workshop/exercises.md': exercisesPage,
  'docs/workshop/handout.md': handoutPage,
  'docs/workshop/slides.md': slidesPage,
  ...KILLERCODA,
  'schemas/matrix.schema.json': () => JSON.stringify(matrixJsonSchema()),
  'schemas/scenario.schema.json': () => JSON.stringify(scenarioFileJsonSchema()),
  'schemas/suite-file.schema.json': () => JSON.stringify(suiteFileJsonSchema()),
  'schemas/suite.schema.json': () => JSON.stringify(suiteJsonSchema()),
  'schemas/verdict.schema.json': () => JSON.stringify(verdictJsonSchema()),
};

export interface Page {
  readonly path: string;
  /** The file's content. */
  readonly text: string;
}

export async function generatedPages(): Promise<readonly Page[]> {
  return Promise.all(
    Object.entries(PAGES).map(async ([path, make]) => ({ path, text: await formatted(path, await make()) })),
  );
}

/** Prettier knows neither pictures nor shell scripts. */
async function formatted(path: string, text: string): Promise<string> {
  const { inferredParser } = await getFileInfo(path);
  return inferredParser === null ? text : format(text, { ...(await resolveConfig(path)), filepath: path });
}
