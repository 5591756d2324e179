/** The nine keys of remedies. */
export const KEYS = 9;

/** What a person may do. */
type Command =
  | { readonly type: 'offer' }
  | { readonly type: 'refill' }
  | { readonly type: 'toggle'; readonly remedy: string }
  | { readonly type: 'shell'; readonly place?: string }
  | { readonly type: 'quit' }
  /** Anything else; `why` says what there is. */
  | { readonly type: 'unknown'; readonly why: string };

/** A remedy that a person may apply. */
export interface Choice {
  readonly name: string;
  readonly summary: string;
  readonly applied: boolean;
}

/** The demand, offered once, as it is shown. */
export interface Shown {
  /** Counts the offers, from 1. */
  readonly number: number;
  /** The remedies that stood. */
  readonly applied: readonly string[];
  /** Whether the table was cleared before. */
  readonly fresh: boolean;
  /** `1,200 of 1,800 requests answered …; table full at 262,144, drop +1,200`. */
  readonly account: string;
  /** Why nothing follows from it; absent where something does. */
  readonly invalid?: string;
  /** The judge's status of what stood, on a fresh table: `cured`. */
  readonly status?: string;
  readonly reason?: string;
}

/** The table of the node under test, now. */
export interface Gauge {
  readonly entries: number;
  readonly limit: number;
  readonly drop: number;
}

export interface PlayState {
  readonly choices: readonly Choice[];
  /** Whether nothing was offered since the table was last cleared. */
  readonly fresh: boolean;
  /** What is being done; undefined: commands are taken. */
  readonly busy?: string | undefined;
  readonly gauge?: Gauge | undefined;
  /** Latest first. */
  readonly shown: readonly Shown[];
  /** The answer to the last command. */
  readonly message: string;
}

/** What is to be done in the lab. */
export type Effect =
  | { readonly type: 'offer' }
  | { readonly type: 'refill' }
  | { readonly type: 'apply' | 'undo'; readonly remedy: string }
  | { readonly type: 'shell'; readonly place?: string }
  | { readonly type: 'quit' };

export type Input =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'gauge'; readonly gauge: Gauge }
  | { readonly type: 'done'; readonly effect: Effect; readonly fresh: boolean; readonly shown?: Shown }
  | { readonly type: 'failed'; readonly effect: Effect; readonly reason: string };

interface Step {
  readonly state: PlayState;
  readonly effect?: Effect;
}

export function begin(choices: readonly Omit<Choice, 'applied'>[]): PlayState {
  return {
    choices: choices.map((choice) => ({ ...choice, applied: false })),
    fresh: true,
    shown: [],
    message: 'the fault is in place: r offers the demand',
  };
}

/** A key, or a line: `r`, `f`, `3`, `keepalive`, `s worker-2`, `q`. */
export function commandOf(text: string, choices: readonly Pick<Choice, 'name'>[]): Command {
  const [word = '', place] = text.trim().split(/\s+/);
  const remedy = /^[1-9]$/.test(word) ? choices[Number(word) - 1] : choices.find(({ name }) => name === word);
  if (remedy !== undefined) return { type: 'toggle', remedy: remedy.name };
  if (word === 'r') return { type: 'offer' };
  if (word === 'f') return { type: 'refill' };
  if (word === 'q') return { type: 'quit' };
  if (word === 's') return { type: 'shell', ...(place !== undefined && { place }) };
  const last = Math.min(KEYS, choices.length);
  return {
    type: 'unknown',
    why: `${JSON.stringify(word)} is not a command: r offers the demand, f refills the table, 1–${String(last)} or a name applies or undoes a remedy, s opens a shell, q ends`,
  };
}

/** What follows from an input: the next state, and what is to be done. */
export function step(state: PlayState, input: Input): Step {
  switch (input.type) {
    case 'gauge':
      return { state: { ...state, gauge: input.gauge } };
    case 'done':
      return { state: done({ ...state, busy: undefined, fresh: input.fresh }, input.effect, input.shown) };
    case 'failed':
      return { state: { ...state, busy: undefined, message: input.reason } };
    case 'command':
      return commanded(state, input.command);
  }
}

function commanded(state: PlayState, command: Command): Step {
  if (command.type === 'quit') return busy(state, 'taking the lab down', { type: 'quit' });
  if (state.busy !== undefined) return { state: { ...state, message: `not now: ${state.busy}` } };
  switch (command.type) {
    case 'unknown':
      return { state: { ...state, message: command.why } };
    case 'offer':
      return busy(state, 'the demand is offered', { type: 'offer' });
    case 'refill':
      return busy(state, 'the table is cleared and filled again', { type: 'refill' });
    case 'shell':
      return busy(state, 'a shell is open', command);
    case 'toggle': {
      const { remedy } = command;
      const applied = state.choices.some(({ name, applied: is }) => name === remedy && is);
      return applied
        ? busy(state, `${remedy} is undone`, { type: 'undo', remedy })
        : busy(state, `${remedy} is applied`, { type: 'apply', remedy });
    }
  }
}

function busy(state: PlayState, what: string, effect: Effect): Step {
  return { state: { ...state, busy: what, message: '' }, effect };
}

function done(state: PlayState, effect: Effect, shown: Shown | undefined): PlayState {
  switch (effect.type) {
    case 'quit':
      return state;
    case 'shell':
      return { ...state, message: 'the shell is closed' };
    case 'refill':
      return { ...state, message: 'the table is cleared and filled again: r offers the demand' };
    case 'offer':
      return shown === undefined ? state : { ...state, shown: [shown, ...state.shown] };
    case 'apply':
    case 'undo': {
      const applied = effect.type === 'apply';
      const choices = state.choices.map((choice) =>
        choice.name === effect.remedy ? { ...choice, applied } : choice,
      );
      const next = state.fresh
        ? 'r offers the demand'
        : 'r offers the demand to the table as it is, f refills it first';
      return { ...state, choices, message: `${effect.remedy} is ${applied ? 'applied' : 'undone'}: ${next}` };
    }
  }
}
