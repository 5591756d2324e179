import type { ElementContent } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { h } from 'hastscript';
import { COMMANDS } from './view.ts';

/** A page whose style and scripts are files beside it. All it shows comes over its socket, as text. */
function page(
  title: string,
  scripts: readonly string[],
  styles: readonly string[],
  body: ElementContent[],
): string {
  return `${toHtml(
    h(null, [
      { type: 'doctype' },
      h('html', { lang: 'en' }, [
        h('head', [
          h('meta', { charSet: 'utf-8' }),
          h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
          h('meta', { name: 'color-scheme', content: 'light dark' }),
          h('title', title),
          ...styles.map((href) => h('link', { rel: 'stylesheet', href })),
        ]),
        h('body', [
          ...body,
          h('p', { id: 'gone', role: 'alert', hidden: true }, 'The connection is lost; it is tried again.'),
          ...scripts.map((src) => h('script', { src })),
        ]),
      ]),
    ]),
  )}\n`;
}

export function trainerPage(): string {
  const columns = [
    'seat',
    'state',
    'table',
    'drops',
    'hints',
    'failed checks',
    'result',
    'learner',
    'memory',
    '',
  ];
  return page(
    'tablefull: the class',
    ['/live.js', '/trainer.js'],
    ['/page.css'],
    [
      h('main', [
        h('header', [
          h('div', [h('p', { className: ['kicker'] }, 'tablefull workshop'), h('h1', { id: 'title' })]),
          h('output', { id: 'clock', ariaLabel: 'Time since the start' }, '–'),
          h('button', { id: 'start', type: 'button', disabled: true }, 'Start: show all labs broken'),
        ]),
        h('p', { id: 'summary', ariaLive: 'polite' }),
        h('div', { className: ['scroll'] }, [
          h('table', [
            h('thead', [
              h(
                'tr',
                columns.map((name) => h('th', { scope: 'col' }, name)),
              ),
            ]),
            h('tbody', { id: 'seats' }),
          ]),
        ]),
      ]),
    ],
  );
}

export function learnerPage(): string {
  return page(
    'tablefull: your seat',
    ['/xterm.js', '/addon-fit.js', '/live.js', '/seat.js'],
    ['/xterm.css', '/page.css'],
    [
      h('main', { className: ['seat'] }, [
        h('header', [
          h('div', [h('p', { id: 'number', className: ['kicker'] }), h('h1', { id: 'title' })]),
          h('output', { id: 'clock', ariaLabel: 'Time since the start' }, '–'),
        ]),
        h('p', { id: 'waiting' }, 'The trainer has not started yet.'),
        h('div', { id: 'work', hidden: true }, [
          h('section', [
            h('p', { id: 'state', ariaLive: 'polite' }),
            h(
              'p',
              { className: ['buttons'] },
              COMMANDS.map((name) => h('button', { type: 'button', dataDo: name }, name)),
            ),
            h('pre', { id: 'lines', tabIndex: 0, ariaLabel: 'What the commands said' }),
          ]),
          h('section', [
            h('p', { className: ['buttons'] }, [
              h('label', { htmlFor: 'place' }, 'terminal in '),
              h('select', { id: 'place' }),
              h('button', { id: 'open', type: 'button' }, 'open'),
            ]),
            h('div', { id: 'terminal' }),
          ]),
        ]),
      ]),
    ],
  );
}
