import { describe } from 'vitest';
import { testSignIn } from './sign-in.ts';

describe('examples/hono', () => testSignIn('examples/hono/server.js'));
