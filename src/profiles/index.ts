export { lintProfiles } from './lint.ts';
export { loadProfiles } from './load.ts';
export { readPractice } from './practice.ts';
