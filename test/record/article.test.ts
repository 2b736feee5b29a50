import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRecorder } from '../../src/record/recorder.ts';
import { byArticle, isMissing } from '../oracle/pyjwt.ts';
import { createRandom } from '../oracle/random.ts';
import { runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { parseEvents } from '../support/judged.ts';
import { claims, KEYS, mint, NOW, NOW_S, segment } from '../support/tokens.ts';
import { readFileSync } from 'node:fs';

test.skipIf(isMissing)(
  'a log recorded as text is judged by the article’s code as by authlog',
  async () => {
    const random = createRandom(2023);
    const secret = readFileSync(`${KEYS}/secret`, 'utf8').trim();
    const to = join(tempFolder(), 'auth.log');
    const recorder = await createRecorder({ to, format: 'text', durability: 'none' });
    for (let n = 0; n < 600; n++) {
      const good = mint(claims({ user_id: n, exp: NOW_S + random.pick([-3600, -1, 0, 1, 3600]) }), {
        secret,
      });
      const [header, payload, signature] = good.split('.') as [string, string, string];
      const bad = [
        mint(claims(), { secret: 'another-secret' }),
        `${segment({ alg: 'none' })}.${payload}.`,
        `${header}.${segment(claims({ user_id: 'admin' }))}.${signature}`,
        `${header}.${payload}`,
        `x ${good}`,
        `\n2023-09-22 10:00:00,000 - Token: ${good}`,
        '***',
      ];
      const texts = [
        'User logged in',
        `in\n2023 - Token: ${good}`,
        `Token: ${good}`,
        `Token : ${good}`,
      ];
      await recorder.record({
        token: random.once(2) ? random.pick(bad) : random.once(5) ? null : good,
        event: random.pick(texts),
        time: NOW_S * 1000 - random.below(1e6),
      });
    }
    await recorder.close();
    const theirs = byArticle(to, `${KEYS}/secret`);
    const args = [
      '--secret-file',
      `${KEYS}/secret`,
      '--alg',
      'HS256',
      '--clock',
      'now',
      '--now',
      NOW,
    ];
    const { stdout } = await runCli(['events', to, ...args, '-q']);
    const ours = parseEvents(stdout).filter(({ verdict }) => verdict === 'valid');
    expect(theirs.length).toBeGreaterThan(50);
    expect(ours.map(({ line, user_id }) => [line, user_id])).toEqual(
      theirs.map(({ line, payload }) => [line, payload['user_id']]),
    );
  },
);
