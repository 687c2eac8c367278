import { servers, wholeSession } from './session.ts';

wholeSession(120, 40, servers);
