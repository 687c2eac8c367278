export { askExchange } from './ask.ts';
export { encodeAnswers } from './ask-encode.ts';
export { cleanText } from './clean.ts';
export { deedExchange, encodeDeed } from './deed.ts';
export type { End, Exchange, Spoken } from './exchange.ts';
