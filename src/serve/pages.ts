import type { Island } from '../page/island.ts';
import { pageAssets } from '../report/html/assets.ts';
import { htmlDocument } from '../report/html/document.ts';
import { Answer } from './answer.ts';

/** A page twice: as a document for who opens it, as its island for the script that is there already. */
export interface Page {
  readonly document: Answer;
  readonly island: Answer;
}

/** The page that shows an island. */
export const pageOf = (island: Island): Page => {
  const { live } = pageAssets();
  const title = `${island.heading} · authlog`;
  const { html, scriptHashes, styleHashes } = htmlDocument({
    title,
    island,
    live: { script: live },
  });
  const policy = [
    "default-src 'none'",
    `script-src ${scriptHashes.map(quoted).join(' ')}`,
    `style-src ${styleHashes.map(quoted).join(' ')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    document: new Answer([html], {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
    }),
    island: new Answer([`${JSON.stringify(island)}\n`]),
  };
};

/** A page that says why there is nothing to show; its bar leads on. */
export const problemPage = ({ message }: Error, tz: string): Page =>
  pageOf({
    schema: 'authlog.page/1',
    heading: 'Nothing to show',
    facts: [],
    stamps: [message],
    tz,
    sections: [],
    footer: 'authlog',
  });

const quoted = (hash: string): string => `'${hash}'`;
