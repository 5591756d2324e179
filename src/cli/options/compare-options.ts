/** The formats of `compare`. */
export const COMPARE_FORMATS = ['terminal', 'json', 'markdown', 'html'] as const;

/** The options of `compare`, as commander gives them. */
export interface CompareOptions {
  readonly format: (typeof COMPARE_FORMATS)[number];
  readonly out?: string;
}
