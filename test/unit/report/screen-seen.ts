/** CSI, its number and its letter; or any character. */
const PART = new RegExp(String.raw`${'\u001B'}\[\??(?<digits>\d*)[\d;]*(?<command>[A-Za-z])|[^]`, 'g');

/** What a terminal shows after it was written this; as much of it as log-update uses. */
export function screenSeen(written: string): readonly string[] {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  const down = (count: number): void => {
    row += count;
    while (lines.length <= row) lines.push('');
  };
  for (const { 0: part, groups: { digits, command } = {} } of written.matchAll(PART)) {
    const count = Number(digits === '' ? 1 : digits);
    const line = lines[row] ?? '';
    if (part === '\n') {
      down(1);
      column = 0;
    } else if (command === undefined) {
      lines[row] = line.slice(0, column).padEnd(column) + part + line.slice(column + 1);
      column += 1;
    } else if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'B') down(count);
    else if (command === 'G') column = count - 1;
    else if (command === 'K') lines[row] = digits === '2' ? '' : line.slice(0, column);
    else if (command === 'J') lines.splice(row, Infinity, line.slice(0, column));
    else if (!'mhl'.includes(command)) throw new Error(`the terminal does not know ${JSON.stringify(part)}`);
  }
  return lines.map((line) => line.trimEnd());
}
