import { describe } from 'vitest';
import { testSignIn } from './sign-in.ts';

describe('examples/express', () => testSignIn('examples/express/server.js'));
