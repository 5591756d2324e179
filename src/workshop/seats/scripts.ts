/** Both pages: a socket beside the page’s path that connects again, and a clock. Texts become text nodes only. */
export const LIVE_SCRIPT = `
'use strict';
const at = (id) => document.getElementById(id);
const socketOf = (path) => new WebSocket(location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '') + path);

/** Calls back with each view. Returns what sends a message. */
function live(show) {
  let socket;
  const connect = () => {
    socket = socketOf('/live');
    socket.onopen = () => { at('gone').hidden = true; };
    socket.onmessage = ({ data }) => { show(JSON.parse(data)); };
    socket.onclose = () => { at('gone').hidden = false; setTimeout(connect, 2000); };
  };
  connect();
  return (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); };
}

const two = (number) => String(number).padStart(2, '0');
function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return two(Math.floor(seconds / 60)) + ':' + two(seconds % 60);
}

let started, ahead = 0;
function setClock({ startedAt, now }) { started = startedAt; ahead = now - Date.now(); tick(); }
function tick() { at('clock').textContent = started === undefined ? '–' : minutes(Date.now() + ahead - started); }
setInterval(tick, 500);
`;

export const TRAINER_SCRIPT = `
'use strict';
const numbers = new Intl.NumberFormat('en-GB');
const rows = new Map();
const send = live(show);
at('start').onclick = () => { send({ do: 'start' }); };

function rowOf(seat) {
  const known = rows.get(seat.number);
  if (known) return known;
  const row = document.createElement('tr');
  const cells = {};
  for (const name of ['seat', 'state', 'table', 'drops', 'hints', 'checks', 'result', 'learner', 'memory', 'reset']) {
    cells[name] = row.appendChild(document.createElement('td'));
    if (['drops', 'checks', 'memory'].includes(name)) cells[name].className = 'number';
  }
  const link = cells.seat.appendChild(document.createElement('a'));
  link.href = seat.path;
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = 'seat ' + seat.number;
  const copy = cells.seat.appendChild(document.createElement('button'));
  copy.type = 'button';
  copy.textContent = 'copy link';
  copy.hidden = navigator.clipboard === undefined;
  copy.onclick = () => navigator.clipboard.writeText(link.href);
  cells.seat.insertBefore(document.createTextNode(' '), copy);
  const meter = cells.table.appendChild(document.createElement('meter'));
  meter.setAttribute('aria-label', 'entries of seat ' + seat.number);
  const count = cells.table.appendChild(document.createElement('span'));
  const button = cells.reset.appendChild(document.createElement('button'));
  button.type = 'button';
  button.textContent = 'reset';
  button.setAttribute('aria-label', 'reset seat ' + seat.number);
  button.onclick = () => {
    if (confirm('Seat ' + seat.number + ': replace its lab? What was typed there is lost; hints and checks stay.')) send({ do: 'reset', seat: seat.number });
  };
  at('seats').append(row);
  const made = { cells, meter, count };
  rows.set(seat.number, made);
  return made;
}

function show(view) {
  setClock(view);
  at('title').textContent = view.title;
  at('start').disabled = view.startedAt !== undefined;
  if (view.startedAt !== undefined) at('start').textContent = 'Started';
  const of = (stage) => view.seats.filter((seat) => seat.stage === stage).length;
  const solved = view.seats.filter((seat) => seat.outcome === 'solved').length;
  at('summary').textContent = view.seats.length + ' seats: ' + (of('ready') + of('busy')) + ' labs run, ' + of('waiting') + ' are to be built, ' + of('failed') + ' failed; ' + solved + ' solved. Planned: ' + view.minutes + ' minutes.';
  for (const seat of view.seats) {
    const { cells, meter, count } = rowOf(seat);
    cells.state.textContent = seat.stage === 'failed' ? 'failed: ' + seat.doing : seat.doing || seat.stage;
    cells.state.className = 'wide ' + seat.stage;
    meter.hidden = !seat.gauge;
    count.textContent = '–';
    if (seat.gauge) {
      const { entries, limit } = seat.gauge;
      meter.max = limit;
      meter.low = limit * 0.5;
      meter.high = limit * 0.9;
      meter.optimum = 0;
      meter.value = entries;
      count.textContent = ' ' + numbers.format(Math.max(0, limit - entries)) + ' free of ' + numbers.format(limit);
    }
    cells.drops.textContent = seat.gauge ? numbers.format(seat.gauge.drop) : '–';
    cells.hints.textContent = seat.hints[0] + ' of ' + seat.hints[1];
    cells.checks.textContent = seat.checks;
    const after = seat.solvedAfterMs === undefined ? '' : ' after ' + minutes(seat.solvedAfterMs);
    cells.result.textContent = seat.outcome === 'open' ? 'open' : seat.outcome + after + ', ' + seat.points + ' points';
    cells.result.className = seat.outcome.split(' ')[0];
    cells.learner.textContent = seat.pages === 0 ? 'away' : 'here, ' + seat.terminals + (seat.terminals === 1 ? ' terminal' : ' terminals');
    cells.memory.textContent = seat.memory === undefined ? '–' : Math.round(seat.memory / 2 ** 20) + ' MiB';
  }
}
`;

export const SEAT_SCRIPT = `
'use strict';
const send = live(show);
let places = '';
for (const button of document.querySelectorAll('[data-do]')) button.onclick = () => {
  const what = button.dataset.do;
  if (what === 'reset' && !confirm('Replace the lab by a new one? What you typed there is lost.')) return;
  if (what === 'solution' && !confirm('Show the solution? Then the lesson is worth no points.')) return;
  send({ do: what });
};

function show(view) {
  setClock(view);
  at('number').textContent = 'seat ' + view.number;
  at('title').textContent = view.startedAt === undefined ? 'tablefull workshop' : view.title;
  at('waiting').hidden = view.startedAt !== undefined;
  at('work').hidden = view.startedAt === undefined;
  const result = view.outcome === 'open' ? '' : ' · ' + view.outcome + ', ' + view.points + ' points';
  at('state').textContent = 'Your lab ' + (view.stage === 'ready' ? 'runs, broken as reported' : view.stage === 'failed' ? 'has failed: ' + view.doing : view.doing) + result;
  for (const button of document.querySelectorAll('[data-do]'))
    button.disabled = button.dataset.do === 'reset' ? view.stage === 'waiting' : view.stage !== 'ready';
  const lines = at('lines');
  const text = view.lines.join('\\n');
  if (lines.textContent !== text) {
    lines.textContent = text;
    lines.scrollTop = lines.scrollHeight;
  }
  const now = view.places.join(' ');
  if (now !== places) {
    places = now;
    at('place').replaceChildren(...view.places.map((name) => new Option(name)));
  }
  at('open').disabled = view.places.length === 0 || view.stage === 'waiting' || view.stage === 'failed';
}

let socket;
const terminal = new Terminal({ convertEol: false, fontSize: 13, scrollback: 2000 });
const fit = new FitAddon.FitAddon();
terminal.loadAddon(fit);
const bytes = new TextEncoder();
// Half of what the server takes in one message.
const PIECE = 1 << 15;
terminal.onData((text) => {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  const typed = bytes.encode(text);
  for (let from = 0; from < typed.length; from += PIECE) socket.send(typed.subarray(from, from + PIECE));
});
const tell = () => { if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ columns: terminal.cols, rows: terminal.rows })); };
terminal.onResize(tell);
addEventListener('resize', () => { fit.fit(); });
at('open').onclick = () => {
  if (terminal.element === undefined) terminal.open(at('terminal'));
  fit.fit();
  terminal.reset();
  terminal.focus();
  if (socket) { socket.onclose = null; socket.close(); }
  socket = socketOf('/terminal?place=' + encodeURIComponent(at('place').value));
  socket.binaryType = 'arraybuffer';
  socket.onopen = tell;
  socket.onmessage = ({ data }) => { terminal.write(new Uint8Array(data)); };
  socket.onclose = ({ reason }) => { terminal.write('\\r\\n[' + (reason || 'the terminal is closed') + ']\\r\\n'); };
};
`;
