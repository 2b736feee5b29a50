import type { Random } from '../oracle/random.ts';

const NAMES: readonly string[] = [
  ['ip', 'client_ip', 'remote_addr', 'remoteAddr', 'x-real-ip', 'source.ip', 'peer', 'clientip'],
  ['user_agent', 'userAgent', 'ua', 'http.user_agent', 'agent', 'User-Agent', 'method', 'verb'],
  ['http_method', 'path', 'uri', 'url', 'route', 'request_id', 'x-request-id', 'requestId'],
  ['correlation_id', 'msg', 'message', 'event', 'type', 'action', 'request', 'request_line'],
  ['level', 'server', 'pid', 'req', 'log', 'MESSAGE', '', '1', '__proto__', 'é', 'constructor'],
  [String.raw`\u0069p`, 'n'.repeat(64), 'n'.repeat(65), 'ip address', 'I-P', 'status', 'duration'],
  ['x_forwarded_for', 'X-Forwarded-For', 'xff', 'http_x_forwarded_for'],
].flat();
const USUAL = ['level', 'ip', 'user_agent', 'method', 'path', 'request_id', 'event', 'pid'];
const ADDRESSES = ['192.0.2.1', '2001:db8::1', '192.0.2.1:80', '[::1]:9', '10.0.0.1, 10.0.0.2'];
const WAYS = [
  '198.51.100.7',
  '198.51.100.7, 10.0.0.1',
  '2001:db8::7,10.0.0.1',
  '-',
  'unknown',
  'cafe',
];
const METHODS = ['GET', 'POST', 'get', 'PROPFIND', 'password', ' PUT ', 'X'.repeat(300)];
const PATHS = ['/a', '/a?b=c', '/a#b', '/', '?', 'https://h/x?y', 'h:x', '*', '//h/a', '-', '/-'];
const AGENTS = ['curl/8', 'Mozilla/5.0 (X11; Linux x86_64)', '-', '', 'x', 'a/b'];
const ODD_TEXTS = [
  '',
  ' ',
  '\t',
  String.raw`\n`,
  '\x7f',
  'ü',
  '=',
  ' User Log: x',
  String.raw`\"`,
  '  ',
];
const IDS = [
  'r-1',
  '-',
  'a.b',
  'Root=1-67-ab',
  'ey1234.a.b',
  '%2e',
  'for=a',
  'x:y',
  'er=',
  'bearer',
];
const PLAIN_OTHERS = ['7', '-1.5e3', 'null', 'true', 'false', '0'];
const OTHERS = ['7', '-1.5e3', 'null', 'true', 'false', '[]', '["a"]', '{}', '{"ip":"x"}', '0'];

/** Lines of programs: each writes its members alike, but for what is odd about one in so many. */
export class FieldLines {
  readonly #random: Random;
  readonly #token: () => string;
  readonly #odd: number;
  readonly #shapes: readonly (readonly string[])[];
  #made = 0;

  constructor(random: Random, token: () => string, odd: number) {
    this.#random = random;
    this.#token = token;
    this.#odd = odd;
    const few = Array.from({ length: 12 }, () =>
      Array.from({ length: 1 + random.below(9) }, () => random.pick(USUAL)).filter(
        (name, i, all) => all.indexOf(name) === i,
      ),
    );
    this.#shapes = [[], ...few];
  }

  next(): string {
    const { below, once } = this.#random;
    this.#made++;
    const line = once(3) ? this.#access() : this.#json();
    return once(this.#odd * 2) ? this.#mutated(line, below(4)) : line;
  }

  /** What logs are full of, and what nobody has seen before. */
  #text(list: readonly string[]): string {
    const { pick, below, once } = this.#random;
    const text = pick(list);
    if (!once(this.#odd)) return once(3) ? `${text}${below(40)}` : text;
    switch (below(7)) {
      case 0:
        return `${text}${this.#made}`;
      case 1:
        return `${text}${'y'.repeat(below(600))}`;
      case 2:
        return `${text}${this.#token()}`;
      case 3:
        return `${text} bearer${pick([' ', ':', '=', '%20', '+', "'"])}${'k'.repeat(below(40))}`;
      case 4:
        return `${this.#token()}${pick(['', '?', ' '])}${text}`;
      case 5:
        return `${once(2) ? text : ''}${pick(ODD_TEXTS)}`;
      default:
        return `${text}${'/z'.repeat(below(140))}`;
    }
  }

  #valueOf(name: string): string {
    const { pick, once } = this.#random;
    if (once(this.#odd)) return pick(OTHERS);
    const normal = name.replace(/[-_.@ ]/g, '').toLowerCase();
    if (/^request(?:line)?$/.test(normal))
      return `"${pick(METHODS)} ${this.#text(PATHS)} HTTP/1.1"`;
    if (/forwarded|xff/.test(normal)) return `"${this.#text(WAYS)}"`;
    if (/ip|addr|peer/.test(normal)) return `"${this.#text(ADDRESSES)}"`;
    if (/agent|ua/.test(normal)) return `"${this.#text(AGENTS)}"`;
    if (/method|verb/.test(normal)) return `"${this.#text(METHODS)}"`;
    if (/path|ur[il]|route/.test(normal)) return `"${this.#text(PATHS)}"`;
    if (normal.endsWith('id')) return `"${this.#text(IDS)}"`;
    return once(4) ? pick(once(this.#odd) ? OTHERS : PLAIN_OTHERS) : `"${this.#text(AGENTS)}"`;
  }

  #json(): string {
    const { pick, below, once } = this.#random;
    const names = [...pick(this.#shapes)];
    if (once(this.#odd)) names.splice(below(names.length + 1), 0, pick(NAMES), pick(NAMES));
    if (once(this.#odd * 3)) names.push(...Array.from({ length: below(80) }, () => pick(NAMES)));
    if (once(this.#odd * 3)) names.push(`unknown ${this.#made}`, pick(USUAL));
    const gap = once(this.#odd) ? pick([' ', '\t', '  ']) : '';
    const members = names.map((name) => `"${name}"${gap}:${gap}${this.#valueOf(name)}`);
    const holder = pick(['authorization', 'auth', 'token', ...(once(5) ? ['msg', 'path'] : [])]);
    const prefix =
      holder === 'path' ? '/a?t=' : pick(['Bearer ', '', 'who comes with the Bearer ']);
    members.splice(below(members.length + 1), 0, `"${holder}":"${prefix}${this.#token()}"`);
    if (!once(this.#odd * 2)) members.unshift(`"time":"2023-09-22T09:00:0${below(9)}Z"`);
    return `{${members.join(`${gap},${gap}`)}${gap}}`;
  }

  #access(): string {
    const { pick, below, once } = this.#random;
    const odd = (usual: string, ...others: readonly string[]): string =>
      once(this.#odd) ? pick(others) : usual;
    const address = odd(`192.0.2.${below(99)}`, '::1', 'host', this.#text(ADDRESSES), '"x"', '');
    const names = odd('- -', '- ada', 'a b', '-', '- - -', '- a=b', '- "x y"', '- é');
    const time = odd('[22/Sep/2023:09:00:00 +0000]', '[]', '[22/Sep/2023:09:00:00 +0000', '[x] ');
    const path = once(4) ? `/a?t=${this.#token()}` : `/${this.#text(PATHS)}`;
    const target = odd(path, this.#text(PATHS));
    const method = odd('GET', this.#text(METHODS), '');
    const version = odd('HTTP/1.1', 'HTTP/2', 'HTTPS', '', 'HTTP/1.1 x');
    const size = odd('200 12', '401 -', '200 -1', '20 1', '2000 1', '200  1', 'x', '200 12 5');
    const agent = this.#text(AGENTS);
    const name = odd(
      'request_id',
      'reqid',
      'X-Request-Id',
      'ip',
      'msg',
      'rt',
      'ua',
      'type',
      'xff',
      '"q"',
    );
    const rest = [
      ...(once(5) ? [`"${this.#text(WAYS)}"`] : []),
      ...(once(2) ? [`${name}=${this.#text(IDS)}`] : []),
      ...(once(this.#odd)
        ? [pick(['0.03', '"a b"', 'a=b=c', '=x', '[y]', '', 'é', 'reqid=2'])]
        : []),
      ...(once(this.#odd * 3) ? [`unknown${this.#made}=1`, `${this.#text(NAMES)}=1`] : []),
      `"Bearer ${this.#token()}"`,
    ];
    return `${address} ${names} ${time} "${method} ${target} ${version}" ${size} "${odd('-', this.#text(AGENTS))}" "${agent}" ${rest.join(' ')}`;
  }

  #mutated(line: string, how: number): string {
    const { below, pick } = this.#random;
    const at = below(line.length);
    const byte = String.fromCharCode(below(256)).replace('\n', '"');
    if (how === 0) return `${line.slice(0, at)}${byte}${line.slice(at + 1)}`;
    if (how === 1) return `${line.slice(0, at)}${line.slice(at + 1 + below(9))}`;
    if (how === 2) return `${line.slice(0, at)}${pick(['"', ' ', ',', '}', '='])}${line.slice(at)}`;
    return `${line}${pick(['\r', ' ', '}', '\nUser Log: {"ip":"10.9.8.7","msg":"hi"}', ' x=1'])}`;
  }
}
