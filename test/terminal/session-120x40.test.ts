import { servers } from './prod.ts';
import { wholeSession } from './session.ts';

wholeSession(120, 40, servers);
