import { expect, test } from 'vitest';
import { exampleEvent } from '../../src/audit/examples.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import type { ExampleEvent } from '../../src/audit/rule.ts';
import type { TokenFacts } from '../../src/event/facts.ts';
import { packFacts, unpackFacts } from '../../src/event/packed-facts.ts';
import { createRandom } from '../oracle/random.ts';

const factsOf = (event: ExampleEvent): TokenFacts => useOfEvent(exampleEvent(event, 1)).token!;

test('facts of tokens survive the way between threads, whatever neighbours share', () => {
  const random = createRandom(7);
  const one = <T extends readonly unknown[]>(...choices: T): T[number] =>
    choices[random.below(choices.length)];
  for (let round = 0; round < 200; round++) {
    const tokens = Array.from({ length: random.below(12) }, (_, n) =>
      factsOf({
        token_id: `token ${n}`,
        ...one({}, { signature_id: 'signed' }),
        alg: one(null, 'HS256', 'RS256'),
        kid: one(null, 'a', ''),
        ...one({}, { typ: 'at+jwt' }),
        ...one({}, { header_params: ['jwk'] }, { header_params: ['jku', 'crit'] }),
        key: one(null, 'secret'),
        user_id: one(null, 7, 'ada'),
        email: one(null, 'a@example'),
        roles: one([], ['admin'], ['admin', 'reader'], ['reader', 'admin']),
        ...one({}, { scopes: ['x'] }),
        iss: one(null, 'us', 'them'),
        aud: one(null, 'api', ['api'], ['api', 'web']),
        jti: one(null, '1'),
        iat: one(null, 1),
        nbf: one(null, 2),
        exp: one(null, 3),
      }),
    );
    const sent = structuredClone(packFacts(tokens));
    expect(unpackFacts(sent, (user) => user)).toEqual(tokens);
  }
});
