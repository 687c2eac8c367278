export { loadProfiles } from './load.ts';
export { readPractice } from './practice.ts';
export { type ValidateWant, validateWith, type WantCheck } from './wants.ts';
