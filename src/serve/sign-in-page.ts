import { escapeText } from '../report/escape.ts';
import { escapeHtml, hashOf } from '../report/html/markup.ts';

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1rem;background:Canvas;color:CanvasText}
h1{font-size:1.3rem}label{display:block;font-weight:600}
textarea{box-sizing:border-box;width:100%;font:14px/1.4 ui-monospace,monospace;padding:.5rem;margin:.3rem 0 1rem}
button{font:inherit;padding:.4rem 1.2rem}
.problem{border-left:4px solid #c62828;padding-left:.7rem}`;
const POLICY =
  "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; " +
  `style-src '${hashOf(STYLE)}'`;

/** The form that takes a token; without a script. `problem`: what was wrong with the one before. */
export const signInPage = (
  status: 401 | 403 | 429,
  next: string,
  problem: string | null,
  headers: Readonly<Record<string, string>>,
): Response => {
  const told =
    problem === null
      ? ''
      : `<p class="problem" role="alert">${escapeHtml(escapeText(problem))}</p>\n`;
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · authlog</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>authlog</h1>
${told}<form method="post" action="/login">
<input type="hidden" name="next" value="${escapeHtml(escapeText(next))}">
<label for="token">Token</label>
<textarea id="token" name="token" rows="5" required autofocus autocomplete="off" spellcheck="false" aria-describedby="about"></textarea>
<p id="about">A JSON Web Token that this server accepts. It is sent once; the browser keeps a random session id in its place.</p>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`;
  return new Response(page, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      ...headers,
    },
  });
};
