// `node bench/audit/corpus.js --help`: a week of ordinary traffic, the same week with attacks in it, and the truth.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { addHistory } from './history.js';
import { addMess, promote } from './mess.js';
import { createPeople } from './people.js';
import { liveDay } from './sessions.js';
import { DAY, Story, WEEK_START } from './story.js';
import { writeStory } from './write.js';

export { auditArguments, NOW } from './write.js';

const PEOPLE = 500;
const LOAD_TEST = 4000;

/** The ordinary week of `scale` times 500 users. */
const ordinaryStory = (seed, scale) => {
  const story = new Story(seed);
  const people = createPeople(story.random, Math.round(PEOPLE * scale));
  promote(story, people);
  addHistory(story, people);
  for (let day = 0; day < 7; day++) {
    for (const person of people) {
      if (!person.isDormant) liveDay(story, person, WEEK_START + day * DAY, day > 4);
    }
  }
  addMess(story, { requests: Math.round(LOAD_TEST * scale) });
  return { story, people };
};

/** Writes the ordinary week into a folder. */
export const makeWeek = (folder, { seed, scale = 1 }) => {
  mkdirSync(folder, { recursive: true });
  const { story } = ordinaryStory(seed, scale);
  return writeStory(folder, story, seed);
};

/** Writes the same week with every attack in it, and `truth.json`. */
export const makeAttacked = async (folder, { seed, scale = 1 }) => {
  const { playAttacks } = await import('./attacks/plays.js');
  const { truthOf } = await import('./truth.js');
  mkdirSync(folder, { recursive: true });
  const { story, people } = ordinaryStory(seed, scale);
  playAttacks(story, people);
  const written = writeStory(folder, story, seed);
  const truth = truthOf(story.plants);
  writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  return { ...written, truth };
};

const HELP = `node bench/audit/corpus.js FOLDER [--seed 1] [--scale 1] [--attacked] [--one-address N]
  The ordinary week; with --attacked the same week with every attack in it, and truth.json.
  --one-address writes N different tokens of one address to standard output instead.
`;

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
      attacked: { type: 'boolean', default: false },
      'one-address': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (values['one-address'] !== undefined) {
    const { writeOneAddress } = await import('./one-address.js');
    await writeOneAddress(Number(values['one-address']), Number(values.seed));
  } else if (values.help || folder === undefined) {
    process.stdout.write(HELP);
  } else {
    const make = values.attacked ? makeAttacked : makeWeek;
    const { lines } = await make(folder, {
      seed: Number(values.seed),
      scale: Number(values.scale),
    });
    process.stderr.write(`${lines} lines in ${folder}\n`);
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
