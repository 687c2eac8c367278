import { wholeSession } from './session.ts';

// Every restart waits to see that the service stays up, so the small terminal takes one of them only.
wholeSession(80, 24, ['cp-1']);
