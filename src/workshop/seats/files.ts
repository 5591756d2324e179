import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LIVE_SCRIPT, SEAT_SCRIPT, TRAINER_SCRIPT } from './scripts.ts';
import { STYLE } from './style.ts';

const { resolve } = createRequire(import.meta.url);

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLESHEET = 'text/css; charset=utf-8';

/** A file of the pages. */
interface PageFile {
  readonly type: string;
  readonly text: () => string;
}

const packaged = (type: string, name: string): PageFile => ({
  type,
  text: () => readFileSync(resolve(name), 'utf8'),
});

/** What the pages load, by its path: all of it from this server. */
export const FILES: ReadonlyMap<string, PageFile> = new Map([
  ['/page.css', { type: STYLESHEET, text: () => STYLE }],
  ['/live.js', { type: SCRIPT, text: () => LIVE_SCRIPT }],
  ['/trainer.js', { type: SCRIPT, text: () => TRAINER_SCRIPT }],
  ['/seat.js', { type: SCRIPT, text: () => SEAT_SCRIPT }],
  ['/xterm.js', packaged(SCRIPT, '@xterm/xterm/lib/xterm.js')],
  ['/xterm.css', packaged(STYLESHEET, '@xterm/xterm/css/xterm.css')],
  ['/addon-fit.js', packaged(SCRIPT, '@xterm/addon-fit/lib/addon-fit.js')],
]);
