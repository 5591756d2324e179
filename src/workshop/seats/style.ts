import { COLOURS } from '../../report/html/colours.ts';

/** Light and dark by the reader’s setting. */
export const STYLE = `
:root {
  color-scheme: light dark;
${COLOURS}
  --warn: light-dark(#8a4e00, #e5a63b);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; }
main { max-width: 84rem; margin: 0 auto; padding: 1.2rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem 1.6rem; align-items: center; }
header div { flex: 1; min-width: 16rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
.kicker { color: var(--quiet); margin: 0; }
#clock { font: 600 2rem/1 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; padding: .35rem .55rem; border-top: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; white-space: normal; }
td.wide { white-space: normal; min-width: 11rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
meter { width: 5rem; vertical-align: middle; }
.solved, .ready { color: var(--good); }
.failed { color: var(--bad); }
.busy, .waiting, .gave { color: var(--warn); }
a { color: var(--link); }
button, select { font: inherit; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: var(--ink); }
button:not(:disabled) { cursor: pointer; }
button:disabled { color: var(--quiet); }
#start:not(:disabled) { background: var(--link); color: var(--page); border-color: var(--link); font-weight: 600; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .4rem 0; }
#work { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1rem; }
#work section { min-width: 0; }
pre { font: 12px/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .7rem; margin: 0; height: 30rem; overflow: auto; white-space: pre-wrap; }
#terminal { height: 30rem; background: #000; border-radius: 8px; padding: .4rem; overflow: hidden; }
#terminal:empty::before { content: "Choose a node or a pod above, and open a terminal in it."; color: #bbb; padding: .6rem; display: block; }
#gone { position: fixed; inset: auto 0 0 0; margin: 0; padding: .6rem 1.2rem; background: var(--bad); color: var(--page); }
`;
