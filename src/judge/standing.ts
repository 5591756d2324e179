import type { Figures } from '../schema/verdict.ts';

const STATE = 'state.';

/**
 * The figure `entries.perRate`: how many entries stand in the table, in the long run, for each request a second
 * (Little's law: entries = rate × lifetime). What a phase has left, each state's entries by the time that they were
 * given, over what was offered. Absent where the entries were not inspected.
 */
export function standing(figures: Figures, offered: number | undefined): Figures {
  const states = Object.entries(figures).filter(([name]) => name.startsWith(STATE));
  if (states.length === 0 || !offered) return {};
  const seconds = states.reduce(
    (sum, [name, entries]) => sum + entries * (figures[name.replace(STATE, 'timeout.')] ?? 0),
    0,
  );
  return { 'entries.perRate': seconds / offered };
}
