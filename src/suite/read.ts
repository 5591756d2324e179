export const SUITE_FILE = 'suite.json';
