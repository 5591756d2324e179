import { createHash } from 'node:crypto';
import type { Element, ElementContent, Root } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { h } from 'hastscript';
import { printableLine, printableText } from '../../util/printable.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/**
 * A page in one file. It loads nothing: its policy allows only its own style and script. Texts become text
 * nodes, so that no name, reason or line of a log is ever markup; control characters are escaped.
 *
 * @param live the script of a page that asks its own server for more; without it a page asks nothing
 */
export function htmlDocument(title: string, body: readonly ElementContent[], live = ''): string {
  const style = `${STYLE}\n`;
  const script = `${SCRIPT}${live}\n`;
  const asks = live === '' ? '' : "connect-src 'self'; ";
  const policy = `default-src 'none'; ${asks}style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  const page = h(null, [
    { type: 'doctype' },
    h('html', { lang: 'en' }, [
      h('head', [
        h('meta', { charSet: 'utf-8' }),
        h('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'color-scheme', content: 'light dark' }),
        h('title', title),
        h('style', style),
      ]),
      h('body', [...body, h('script', script)]),
    ]),
  ]);
  clean(page);
  return `${toHtml(page)}\n`;
}

/** A part for a page that is open already, as clean as a page. */
export function htmlFragment(content: readonly ElementContent[]): string {
  const part = h(null, [...content]);
  clean(part);
  return toHtml(part);
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Where line ends belong to the text. */
const AS_WRITTEN: readonly string[] = ['pre', 'style', 'script'];

function clean(node: Root | Element): void {
  const written = node.type === 'element' && AS_WRITTEN.includes(node.tagName);
  for (const child of node.children) {
    if (child.type === 'text')
      child.value = written ? printableText(child.value) : printableLine(child.value);
    else if (child.type === 'element') {
      for (const [name, value] of Object.entries(child.properties))
        if (typeof value === 'string') child.properties[name] = printableLine(value);
      clean(child);
    }
  }
}
