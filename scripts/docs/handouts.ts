import type { Lesson } from '../../src/workshop/lesson.ts';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { MYTHS } from '../../src/workshop/myths.ts';
import { GENERATED } from './workshop-pages.ts';

/** What learners take home: what was seen, what it was, what helped and what misled. */
export function handoutPage(): string {
  return `# What to take home

${GENERATED}

For after the workshop: it names the causes.

## Where to look

| question | command, on the node |
| --- | --- |
| Is the table full? | \`conntrack -C\`, \`sysctl net.netfilter.nf_conntrack_max\` |
| Is anything dropped for want of room? | \`conntrack -S\`: the sum of \`drop\` and \`early_drop\`, twice |
| Are packets INVALID? | \`conntrack -S\`: the sum of \`invalid\`, twice |
| Who fills it? | \`conntrack -L 2>/dev/null \\| grep -o "src=10[^ ]*" \\| sort \\| uniq -c \\| sort -n \\| tail\` |
| Where does an entry lead? | \`conntrack -L -p udp\`: the second \`src=\` |
| Is it conntrack at all? | \`nstat -az TcpExtIPReversePathFilter\`, \`ss -s\` in the pod |

${LESSONS.map(memory).join('\n\n')}

More: \`tablefull explain symptoms\`.
`;
}

function memory({ title, explain, right, wrong, pages }: Lesson): string {
  return `## ${title}

${explain}

- Helps: ${right.map(({ says, why }) => `${says} (${why})`).join('; or ')}.
- Does not: ${wrong.map(({ says, why }) => `${says} (${why})`).join('; ')}.
- Read on: ${pages.map((page) => `\`tablefull explain ${page}\``).join(', ')}.`;
}

/** Slides in Markdown, a slide between two lines; Marp and its kind show them, and any reader of Markdown. */
export function slidesPage(): string {
  return `---
marp: true
paginate: true
title: When a conntrack table is full
---

${GENERATED}

# When a conntrack table is full

Find what is broken, fix it, and have the kernel’s counters judge the fix.

---

# An entry for each connection

- A node keeps an entry for each connection, with how it was translated.
- A new connection needs room. Without room the kernel drops its first packet, and tells nobody.
- An entry stays after the connection: 120 s for closed TCP, 30 s for a DNS exchange.
- So a table settles at **rate × lifetime**.

---

![h:520](../images/run-light.svg)

---

# In each lesson

\`\`\`sh
tablefull workshop LESSON
\`\`\`

\`s\` a shell, \`hint\` costs two points, \`check\` judges, \`explain\` afterwards, \`solution\` gives up, \`q\`.

Say first which counter would prove it. Then look. Then change one thing.

---

${LESSONS.flatMap(slides).join('\n\n---\n\n')}

---

# Myths

\`\`\`sh
tablefull workshop ${MYTHS.name}
\`\`\`

${MYTHS.title} Hands up.
`;
}

/** The report, and for afterwards the cause. */
function slides({ name, title, minutes, report, explain, wrong }: Lesson): readonly string[] {
  // A line’s end is one on a slide, too.
  const [first = '', ...more] = explain.split('\n\n').map((text) => text.replaceAll('\n', ' '));
  return [
    `# ${title}

> ${report}

\`\`\`sh
tablefull workshop ${name}
\`\`\`

${String(minutes)} minutes`,
    `# ${title}: why

${first}`,
    ...(more.length > 0
      ? [
          `# ${title}: what helps\n\n${more.join('\n\n')}\n\nNot: ${wrong.map(({ says }) => says).join('; ')}.`,
        ]
      : []),
  ];
}
