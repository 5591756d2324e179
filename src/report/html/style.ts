import { COLOURS } from './colours.ts';

/** Light and dark by the reader’s setting; on paper light, with everything opened. */
export const STYLE = `
:root {
  color-scheme: light dark;
${COLOURS}
  --grid: light-dark(#ebedf0, #292e36);
  --warn: light-dark(#a15c00, #e5a63b);
  --blue: light-dark(#2563c9, #6ea8ff);
  --teal: light-dark(#0d7f83, #4cc4c8);
  --odd: light-dark(#8243c9, #bd93f9);
  --gray: light-dark(#6c7684, #939daa);
  --baseline: light-dark(#eef4f0, #1d2722);
  --fault: light-dark(#fcebea, #33201f);
  --confirm: light-dark(#fdf1ec, #2f231f);
  --live: light-dark(#fdf6e2, #2e2819);
  --fresh: light-dark(#eaf2fd, #1c2735);
}
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
main.wide { max-width: 96rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .4rem 0 .6rem; letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 0 0 .8rem; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
p { margin: .5rem 0; max-width: 48rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.3rem 1.4rem 1.4rem; margin: 1.2rem 0; }
header { margin-bottom: 1.6rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible, button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; margin: .5rem 0; }
.kicker { color: var(--quiet); font-size: .92rem; margin: 0; }
.lead { font-size: 1.15rem; line-height: 1.5; }
.quiet, .when { color: var(--quiet); }
.when { font-size: .9em; }
.good { color: var(--good); }
.odd { color: var(--bad); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.left { border: 2px solid var(--bad); border-radius: 10px; padding: .4rem 1rem; margin: 1rem 0; }
.badge { display: inline-block; font-weight: 700; font-size: .82rem; letter-spacing: .05em; padding: .1rem .6rem; border-radius: 99px; border: 1.5px solid currentColor; color: var(--warn); }
.badge.passed { color: var(--good); }
.badge.failed, .badge.not-restored { color: var(--bad); }
.status { white-space: nowrap; font-weight: 600; color: var(--gray); }
.status.cured { color: var(--good); }
.status.postponed, .status.reduced { color: var(--teal); }
.status.delayed { color: var(--blue); }
.status.worse { color: var(--bad); }
.status.inconclusive { color: var(--warn); }
.status.reproduced { color: var(--odd); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { text-align: left; vertical-align: baseline; padding: .38rem .9rem .38rem 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--quiet); font-size: .82rem; border-top: 0; padding-top: 0; }
tbody th { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
th:last-child, td:last-child { padding-right: 0; }
td.number:last-child, th.number:last-child { text-align: left; color: var(--quiet); font-size: .85rem; padding-left: .6rem; width: 6rem; }
#remedies table { table-layout: fixed; min-width: 42rem; }
#remedies thead th:nth-child(1) { width: 24%; }
#remedies thead th:nth-child(2), #remedies thead th:nth-child(3) { width: 15%; }
#remedies thead th:nth-child(5) { width: 17%; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: .8rem 0; font-size: .94rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
details > summary { cursor: pointer; }
details.remedy { border-top: 1px solid var(--line); padding: .55rem 0; }
details.remedy:first-of-type { border-top: 0; }
details.remedy > summary h3 { display: inline; margin: 0 .5rem 0 .1rem; }
details.remedy > summary + .scroll { margin-top: .6rem; }
details.remedy .why { color: var(--quiet); }
figure { margin: .8rem 0; }
figcaption { font-size: .9rem; }
figcaption p { margin: .3rem 0; }
svg { display: block; width: 100%; min-width: 44rem; height: auto; overflow: visible; }
svg text { font-family: inherit; fill: var(--ink); font-size: 11.5px; }
svg .title { font-weight: 650; font-size: 12.5px; }
svg .unit, svg .tick, svg .role { fill: var(--quiet); font-weight: 400; font-size: 11px; }
svg .stage { fill: var(--quiet); font-size: 11px; }
svg .grid { stroke: var(--grid); }
svg .base, svg .axis { stroke: var(--line); }
svg .band.baseline { fill: var(--baseline); }
svg .band.fault { fill: var(--fault); }
svg .band.confirm { fill: var(--confirm); }
svg .band.live { fill: var(--live); }
svg .band.fresh { fill: var(--fresh); }
svg .overview-band { stroke: var(--line); }
svg .curve { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke: var(--gray); }
svg .bar { fill: var(--gray); }
svg .curve.main { stroke: var(--blue); stroke-width: 2; }
svg .curve.second { stroke: var(--teal); stroke-dasharray: 6 2; }
svg .curve.third { stroke: var(--warn); stroke-dasharray: 2 2; }
svg .curve.odd { stroke: var(--odd); stroke-dasharray: 3 2; }
svg .curve.other { stroke: var(--gray); stroke-dasharray: 1 2; }
svg .curve.limit { stroke: var(--bad); stroke-dasharray: 7 4; stroke-width: 1.3; }
svg .bar.good { fill: var(--good); }
svg .bar.bad { fill: var(--bad); }
svg .bar.warn { fill: var(--warn); }
svg .bar.second { fill: var(--teal); }
svg .bar.third { fill: var(--blue); }
svg .bar.odd { fill: var(--odd); }
svg .cut { fill: var(--quiet); font-size: 10.5px; }
svg .mark line { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3; opacity: .55; }
svg .mark circle { fill: var(--ink); }
svg .mark text { fill: var(--card); font-size: 10px; font-weight: 700; }
svg .mark.undo circle { fill: var(--card); stroke: var(--ink); }
svg .mark.undo text { fill: var(--ink); }
svg .mark.kernel line { stroke: var(--bad); stroke-dasharray: none; opacity: .8; }
svg .cursor { stroke: var(--ink); stroke-width: 1; opacity: .5; }
svg .node { fill: var(--page); stroke: var(--line); }
svg .node.tested { stroke: var(--odd); stroke-width: 2; }
svg .node-name { font-weight: 650; font-size: 13px; }
svg .pods { fill: var(--card); stroke: var(--line); }
svg .pods.client { stroke: var(--blue); }
svg .pods.server { stroke: var(--teal); }
svg .table { fill: var(--card); stroke: var(--odd); }
svg .table.taken { fill: var(--odd); opacity: .55; }
svg .demand { fill: none; stroke: var(--blue); stroke-width: 1.6; stroke-dasharray: 5 4; }
.changes { margin: .5rem 0; padding-left: 1.4rem; font-size: .9rem; }
.readout { position: absolute; pointer-events: none; z-index: 3; background: var(--ink); color: var(--card); font-size: .8rem; line-height: 1.45; border-radius: 7px; padding: .4rem .6rem; white-space: pre; font-variant-numeric: tabular-nums; }
.cycle { position: relative; }
.map { font-size: .85rem; width: auto; border-collapse: separate; border-spacing: 2px; }
.map th, .map td { border: 0; padding: 0; text-align: center; }
.map tbody th { text-align: right; padding-right: .6rem; position: sticky; left: 0; background: var(--card); z-index: 1; }
.map thead th { vertical-align: bottom; padding: 0 0 .3rem; color: var(--ink); }
.map thead .slant { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; padding: .1rem 0; }
.map button { font: inherit; color: var(--ink); width: 2.1rem; height: 1.9rem; border: 1px solid transparent; border-radius: 5px; background: var(--grid); cursor: pointer; padding: 0; }
.map button.cured { background: color-mix(in srgb, var(--good) 45%, var(--card)); }
.map button.postponed, .map button.reduced { background: color-mix(in srgb, var(--teal) 32%, var(--card)); }
.map button.delayed { background: color-mix(in srgb, var(--blue) 28%, var(--card)); }
.map button.worse { background: color-mix(in srgb, var(--bad) 45%, var(--card)); }
.map button.inconclusive { background: color-mix(in srgb, var(--warn) 38%, var(--card)); }
.map button.reproduced { background: color-mix(in srgb, var(--odd) 32%, var(--card)); }
.map button.surprise { border: 2px solid var(--bad); font-weight: 700; }
.map .none { color: var(--quiet); }
.map .group { border-left: 6px solid transparent; }
[popover] { max-width: min(46rem, 92vw); max-height: 80vh; overflow: auto; border: 1px solid var(--line); border-radius: 12px; background: var(--card); color: var(--ink); padding: 1rem 1.3rem; box-shadow: 0 12px 40px rgb(0 0 0 / .28); }
[popover] h3 { margin-top: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; list-style: none; font-size: .88rem; }
main.live #lines { list-style: none; padding: 0; font-size: .92rem; }
main.live .phase { border-left-width: 8px; }
main.live .phase.fault, main.live .phase.confirm { border-left-color: var(--bad); }
main.live .phase.baseline { border-left-color: var(--good); }
main.live .phase.live { border-left-color: var(--warn); }
main.live .phase.fresh { border-left-color: var(--blue); }
main.live .table-row p { font-size: 1.15rem; }
svg.gauge { height: 2.2rem; min-width: 0; border-radius: 6px; }
svg.gauge .track { fill: var(--grid); }
svg.spark { height: 3rem; min-width: 0; }
svg.spark .curve { vector-effect: non-scaling-stroke; }
svg .curve.good { stroke: var(--good); }
footer { color: var(--quiet); font-size: .88rem; }
@media (max-width: 40rem) { main { padding: 1.2rem .8rem 3rem; } h1 { font-size: 1.5rem; } section { padding: 1rem .9rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print {
  :root { color-scheme: light; }
  html { font-size: 11.5px; background: #fff; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 1.4rem 0; background: none; }
  h2, h3, summary { break-after: avoid; }
  figure, tr, svg, .command { break-inside: avoid; }
  svg { min-width: 0; }
  .scroll { overflow: visible; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  a { color: inherit; text-decoration: none; }
  pre { white-space: pre-wrap; }
  [popover] { display: block; position: static; border: 0; box-shadow: none; padding: 0; margin: .8rem 0; max-height: none; max-width: none; break-inside: avoid; }
  .readout { display: none; }
}
`;
