import type { Lesson } from '../../src/workshop/lesson.ts';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { MYTHS } from '../../src/workshop/myths.ts';

const FOLDER = 'killercoda/conntrack-workshop';
const IMAGE = 'ubuntu';
/** Killercoda lets go of a machine after an hour. */
const LESSONS_THERE = ['full-table', 'reset-by-peer', 'silent-node'];

const lessons = LESSONS.filter(({ name }) => LESSONS_THERE.includes(name));

/**
 * A scenario of killercoda.com, by path: a machine in the browser on which the lessons are played. Actions follow inline
 * code: the formatter takes a fence with something behind it for text.
 */
export const KILLERCODA: Readonly<Record<string, () => string>> = {
  [`${FOLDER}/index.json`]: () => JSON.stringify(index()),
  [`${FOLDER}/intro.md`]: intro,
  [`${FOLDER}/setup.sh`]: setup,
  ...Object.fromEntries(
    lessons.flatMap((lesson) => [
      [`${FOLDER}/${lesson.name}/step.md`, () => step(lesson)],
      [`${FOLDER}/${lesson.name}/verify.sh`, () => verify(lesson.name)],
    ]),
  ),
  [`${FOLDER}/finish.md`]: finish,
};

function index(): unknown {
  return {
    title: 'When a conntrack table is full',
    description: 'Find and fix what is broken, and have the kernel’s counters judge the fix',
    details: {
      intro: { text: 'intro.md', foreground: 'setup.sh' },
      steps: lessons.map(({ name, title }) => ({
        title,
        text: `${name}/step.md`,
        verify: `${name}/verify.sh`,
      })),
      finish: { text: 'finish.md' },
      assets: { host01: [{ file: '*.tgz', target: '/root' }] },
    },
    backend: { imageid: IMAGE },
  };
}

function intro(): string {
  return `# When a conntrack table is full

Each step opens a lab that is broken: a small cluster of network namespaces on this machine. You get what its users report.
Find the cause in shells of its nodes and pods, fix it, and \`check\`: the kernel’s counters say whether it is cured, postponed or
hidden.

The terminal installs what is needed. It takes a minute or two.
`;
}

/**
 * Runs in the learner’s terminal, in which `set -e` could end the shell: hence the parentheses. The package is an asset
 * beside the scenario: `npm pack` makes it.
 */
function setup(): string {
  return `#!/bin/bash
# Installs tablefull from the package in /root, and the programs that the lessons need.
(
  set -e
  apt-get -qq update
  apt-get -qq install -y conntrack nftables iproute2 curl bind9-dnsutils npm > /dev/null
  npm install --global --loglevel=error node@24 /root/tablefull-*.tgz
  hash -r
  tablefull doctor
)
hash -r
`;
}

function step({ name, title, report }: Lesson): string {
  return `# ${title}

> ${report}

Start it: \`tablefull workshop ${name}\`{{exec}}

In the lesson: \`s\` opens a shell, \`hint\` helps and costs two points, \`check\` judges what you changed, \`solution\` gives up.
Once it is solved, \`explain\`, then \`q\`.

A second shell: open another tab, and paste \`tablefull shell\`{{copy}} there. In the first tab the lesson would read it.
`;
}

function verify(name: string): string {
  return `#!/bin/bash
tablefull workshop | grep -Eq '^${name} .* ([1-9]|10)/10'
`;
}

function finish(): string {
  const others = LESSONS.filter(({ name }) => !LESSONS_THERE.includes(name));
  return `# Solved

There are more lessons:

${others.map(({ name, title }) => `- \`tablefull workshop ${name}\`: ${title}`).join('\n')}
- \`tablefull workshop ${MYTHS.name}\`: ${MYTHS.title}
`;
}
