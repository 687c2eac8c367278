export { askExchange } from './ask.ts';
export { encodeAnswers } from './ask-encode.ts';
export { deedExchange, encodeDeed } from './deed.ts';
export type { Exchange } from './exchange.ts';
