/** VitePress' own look with the reader's own fonts: a page asks no other site for anything. */
export { default } from 'vitepress/theme-without-fonts';
