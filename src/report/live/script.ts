/**
 * Draws what the server sends. Texts become text nodes; the plots and the verdict come as markup that the
 * server made, in which strangers’ texts are text already.
 */
export const LIVE_SCRIPT = `
const byId = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat('en-GB');
const MOST_LINES = 200;

const makerIn = (language) => (name, attributes, ...children) => {
  const made = document.createElementNS('http://www.w3.org/' + language, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const element = makerIn('1999/xhtml');
const drawing = makerIn('2000/svg');

/** Columns of a curve before it has to be compressed: as many as a short phase has. */
const SHORT = 32;

/** Values as a line, from 0 to the most. */
function spark(values, colour, label) {
  const top = Math.max(1, ...values.filter((value) => value !== null));
  const step = 480 / Math.max(SHORT, values.length - 1);
  const points = values.flatMap((value, i) => value === null ? [] : [step * i + ',' + (44 - 40 * value / top)]);
  return drawing('svg', { class: 'spark', viewBox: '0 0 480 48', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    drawing('polyline', { class: 'curve ' + colour, points: points.join(' ') }));
}

function gauge({ name, taken, table }) {
  const look = taken >= 1 ? 'bad' : taken >= 0.95 ? 'warn' : 'good';
  return drawing('svg', { class: 'gauge', viewBox: '0 0 1000 40', preserveAspectRatio: 'none', role: 'img', 'aria-label': 'Table of ' + name + ': ' + table },
    drawing('rect', { class: 'track', width: 1000, height: 40 }),
    drawing('rect', { class: 'bar ' + look, width: 1000 * taken, height: 40 }));
}

function nodeRow(node) {
  return element('div', { class: 'table-row' },
    element('p', {}, element('strong', {}, node.name), ' ' + node.table + ' entries',
      ...(node.dropped > 0 ? [' ', element('strong', { class: 'odd' }, 'drop +' + whole.format(node.dropped))] : [])),
    gauge(node),
    spark(node.free, 'main', 'Free entries of ' + node.name + ' over the last seconds'));
}

function phaseCard(phase) {
  const done = phase.planned > 0 ? Math.round(100 * phase.answered / phase.planned) : 0;
  return element('section', { class: 'phase ' + phase.stage, 'data-phase': phase.name },
    element('h2', {}, phase.name, element('span', { class: 'when' }, '  ' + phase.seconds.toFixed(1) + ' s')),
    ...phase.nodes.map(nodeRow),
    element('p', { class: 'lead' }, phase.demand + (phase.latency === '' ? '' : ' · ' + phase.latency) + ' · ' + done + ' %'),
    spark(phase.answers, 'good', 'Answers over the last seconds'),
    ...(phase.failed > 0 ? [spark(phase.failures, 'limit', 'Failures over the last seconds')] : []));
}

const source = new EventSource('events');
const on = (kind, work) => source.addEventListener(kind, (event) => work(JSON.parse(event.data)));
on('run', (what) => {
  byId('what').textContent = 'tablefull · ' + what;
  for (const id of ['verdict', 'phases', 'plots', 'lines']) byId(id).replaceChildren();
});
on('state', ({ foot, kernel, phases }) => {
  byId('foot').textContent = foot;
  byId('phases').replaceChildren(...phases.map(phaseCard));
  byId('kernel').hidden = kernel === null;
  byId('kernel').textContent = 'kernel ' + kernel;
});
on('line', ({ t, line }) => {
  byId('lines').prepend(element('li', {}, ...(t === null ? [] : [element('span', { class: 'when' }, (t / 1000).toFixed(1) + ' s  ')]), line));
  while (byId('lines').childElementCount > MOST_LINES) byId('lines').lastElementChild.remove();
});
on('plot', ({ name, html }) => {
  const old = [...byId('plots').children].find((each) => each.dataset.cycle === name);
  const block = element('div', { 'data-cycle': name });
  block.innerHTML = html;
  if (old) old.replaceWith(block); else byId('plots').prepend(block);
});
on('verdict', (html) => {
  // The server ends with the run: asking again would find nothing.
  source.close();
  byId('verdict').innerHTML = html;
  for (const id of ['head', 'phases', 'kernel']) byId(id).hidden = true;
});
source.addEventListener('error', () => {
  if (source.readyState !== EventSource.CLOSED) byId('foot').textContent = 'The run does not answer any more';
});
`;
