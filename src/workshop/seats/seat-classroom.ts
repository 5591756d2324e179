import { renderMarkdown } from '../../report/render-markdown.ts';
import type { OpenLesson } from '../open-lesson.ts';
import type { Classroom } from '../session.ts';
import { explanationOf } from '../text.ts';

const COLUMNS = 78;
const WAYS = ['Find the cause and fix it, in terminals of the nodes and pods.'];

/**
 * The classroom of a seat: a page instead of a terminal. It has buttons for the commands, and none for those that need
 * the trainer’s machine.
 *
 * @param print shows lines on the learner’s page
 */
export function seatClassroom(open: () => Promise<OpenLesson>, print: Classroom['print']): Classroom {
  return {
    open,
    print,
    explain: (lesson) => {
      const text = renderMarkdown(explanationOf(lesson), COLUMNS, (_format, plain) => plain);
      print(text.trimEnd().split('\n'));
    },
    ways: WAYS,
    shell: () => Promise.resolve(),
    remedyAt: () => {
      throw new Error('a seat can’t try a file');
    },
    // The record of the class has it.
    keep: () => Promise.resolve(),
  };
}
