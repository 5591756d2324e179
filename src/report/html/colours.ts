/** Colours of every page, light and dark. */
export const COLOURS = `  --page: light-dark(#fbfbfa, #14161a);
  --card: light-dark(#ffffff, #1b1e24);
  --ink: light-dark(#1d2129, #e6e8ec);
  --quiet: light-dark(#5b6472, #a2abb8);
  --line: light-dark(#e3e5e9, #30353e);
  --link: light-dark(#1757c2, #82b1ff);
  --good: light-dark(#1a7f45, #55c98a);
  --bad: light-dark(#c62f2f, #ff7b72);`;
