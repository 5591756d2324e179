import { messageOf } from '../../util/error-text.ts';

/** Before the one line in which an agent says why it ends. */
const FAILED = 'agent failed: ';

/** What an agent writes to stderr before it ends by an error that nobody handled. */
export function failureLine(error: unknown): string {
  return `${FAILED}${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}\n`;
}

/** Why an agent ended, from its stderr; undefined where it wrote nothing. */
export function lastWords(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n');
  const failed = lines.findLast((line) => line.startsWith(FAILED));
  const words = failed ?? lines.slice(-3).join(' ');
  return words === '' ? undefined : words;
}
