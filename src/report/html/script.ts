/**
 * What the page does beyond what HTML does by itself; it can be read without. Values under the pointer, or
 * under the arrow keys; a link into a closed part opens it; printing opens all.
 */
export const SCRIPT = `
'use strict';
const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === 'DETAILS') target.open = true;
}
addEventListener('hashchange', openTarget);
openTarget();
addEventListener('beforeprint', () => { for (const each of document.querySelectorAll('details')) each.open = true; });

/** The points of a path, in the drawing’s units; a new M begins a new segment. */
function pointsOf(path) {
  return path.getAttribute('d').split('M').filter(Boolean).map((segment) =>
    segment.split('L').map((pair) => pair.split(/[ ,]/).map(Number)));
}

function valueAt(segments, x) {
  for (const points of segments) {
    if (x < points[0][0] - 2 || x > points[points.length - 1][0] + 2) continue;
    let best = points[0];
    for (const point of points) if (Math.abs(point[0] - x) <= Math.abs(best[0] - x)) best = point;
    return best[1];
  }
  return undefined;
}

for (const svg of document.querySelectorAll('svg.plots[data-times]')) {
  const times = svg.dataset.times.split(' ').map(Number);
  const places = svg.dataset.places.split(' ').map(Number);
  const [left, right] = [places[0], places[places.length - 1]];
  const cursor = svg.querySelector('.cursor');
  const figure = svg.closest('figure');
  const readout = document.createElement('output');
  readout.className = 'readout';
  readout.hidden = true;
  figure.append(readout);
  const tracks = [...svg.querySelectorAll('.track')].map((track) => ({
    title: track.dataset.title,
    log: track.dataset.log === 'true',
    top: Number(track.dataset.top), bottom: Number(track.dataset.bottom),
    least: Number(track.dataset.least), most: Number(track.dataset.most),
    curves: [...track.querySelectorAll('path.curve[data-label]')].map((path) => ({ label: path.dataset.label, segments: pointsOf(path) })),
  })).filter(({ curves }) => curves.length > 0);

  function show(x) {
    const at = Math.min(right, Math.max(left, x));
    const part = Math.max(1, places.findIndex((place) => place >= at));
    const t = times[part - 1] + (times[part] - times[part - 1]) * (at - places[part - 1]) / (places[part] - places[part - 1]);
    const lines = tracks.flatMap(({ title, log, top, bottom, least, most, curves }) => curves.flatMap(({ label, segments }) => {
      const y = valueAt(segments, at);
      if (y === undefined) return [];
      const share = (bottom - y) / (bottom - top);
      const value = log ? least * (most / least) ** share : least + (most - least) * share;
      return [title + ' ' + label + ': ' + numbers.format(value)];
    }));
    const band = [...svg.querySelectorAll('.band')].find((each) => t >= Number(each.dataset.from) && t <= Number(each.dataset.to));
    readout.textContent = [(t / 1000).toFixed(2) + ' s' + (band ? ', ' + band.dataset.stage : ', between phases'), ...lines].join('\\n');
    readout.hidden = false;
    cursor.setAttribute('x1', at);
    cursor.setAttribute('x2', at);
    cursor.setAttribute('visibility', 'visible');
    const box = svg.getBoundingClientRect();
    const own = figure.getBoundingClientRect();
    const px = box.left - own.left + at / svg.viewBox.baseVal.width * box.width;
    const flip = px > own.width - readout.offsetWidth - 20;
    readout.style.left = (flip ? px - readout.offsetWidth - 10 : px + 12) + 'px';
    readout.style.top = (box.top - own.top + 30) + 'px';
    svg.cursorAt = at;
  }
  function hide() { readout.hidden = true; cursor.setAttribute('visibility', 'hidden'); }
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    show((event.clientX - box.left) / box.width * svg.viewBox.baseVal.width);
  });
  svg.addEventListener('pointerleave', hide);
  svg.parentElement.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') hide();
    if (step === undefined) return;
    event.preventDefault();
    show((svg.cursorAt === undefined ? left : svg.cursorAt) + step * (right - left) / 200);
  });
}
`;
