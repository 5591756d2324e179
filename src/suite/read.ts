import { join } from 'node:path';
import { suiteSchema, type Suite } from '../schema/suite.ts';
import { readJson } from '../util/read-json.ts';

export const SUITE_FILE = 'suite.json';

/** The results of a suite. @param folder the suite’s @throws Error in one line naming the file and the problem */
export function readResults(folder: string): Suite {
  return readJson(join(folder, SUITE_FILE), suiteSchema);
}
