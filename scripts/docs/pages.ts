import { format, resolveConfig } from 'prettier';
import { figuresPage } from './figures-page.ts';

/** The pages that are generated, by their paths in the repository. */
const PAGES: Readonly<Record<string, () => string>> = {
  'docs/reference/figures.md': figuresPage,
};

export interface Page {
  readonly path: string;
  /** As it is to be in the file. */
  readonly text: string;
}

export async function generatedPages(): Promise<readonly Page[]> {
  return Promise.all(
    Object.entries(PAGES).map(async ([path, text]) => ({
      path,
      text: await format(text(), { ...(await resolveConfig(path)), parser: 'markdown' }),
    })),
  );
}
