import type { LineFields } from '../../../src/source/fields/fields.ts';
import { TOKEN } from './reading.ts';

/** A line of one log format and what it says; fields not named are null. */
export interface Sample {
  readonly name: string;
  readonly line: string;
  /** RFC 3339, or `none`. */
  readonly time: string;
  readonly says?: Partial<Omit<LineFields, 'time' | 'timeFlags'>>;
}

const NOON = '2023-09-22T10:00:00.000Z';
const ACCESS = `192.0.2.1 - bob [22/Sep/2023:12:00:00 +0200] "GET /api/me?token=${TOKEN} HTTP/1.1" 401 12`;

/** One line of each format that is understood. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'Python logging',
    line: `2023-09-22 10:00:00,123 - Token: ${TOKEN}`,
    time: '2023-09-22T10:00:00.123Z',
  },
  {
    name: 'Python logging with a dict',
    line: "2023-09-22 10:00:00,123 - User Log: {'action': 'login', 'ip': '192.0.2.1', 'ok': True}",
    time: '2023-09-22T10:00:00.123Z',
    says: { event: 'login', ip: '192.0.2.1' },
  },
  {
    name: 'a level, then text with pairs',
    line: `2023-09-22T10:00:00Z INFO done ip=192.0.2.1 status=403 url=/a?b path_info=/x ua="a b"`,
    time: NOON,
    says: { ip: '192.0.2.1', status: 403, path: '/a', userAgent: 'a b' },
  },
  {
    name: 'common log format',
    line: ACCESS,
    time: NOON,
    says: { ip: '192.0.2.1', method: 'GET', path: '/api/me', status: 401 },
  },
  {
    name: 'combined log format with escaped quotes',
    line: `2001:db8::1 - - [22/Sep/2023:10:00:00 +0000] "GET /a\\"b HTTP/2.0" 404 - "http://x/?q=\\"" "agent \\"7\\" status=500"`,
    time: NOON,
    says: {
      ip: '2001:db8::1',
      method: 'GET',
      path: '/a"b',
      status: 404,
      userAgent: 'agent "7" status=500',
    },
  },
  {
    name: 'a virtual host before the common log format',
    line: `api.example.com:443 ${ACCESS}`,
    time: NOON,
    says: { ip: '192.0.2.1', method: 'GET', path: '/api/me', status: 401 },
  },
  {
    name: 'an address as virtual host',
    line: `198.51.100.7:443 ${ACCESS}`,
    time: NOON,
    says: { ip: '192.0.2.1', method: 'GET', path: '/api/me', status: 401 },
  },
  {
    name: 'an access log whose request is none',
    line: String.raw`192.0.2.1 - - [22/Sep/2023:10:00:00 +0000] "\x16\x03\x01" 400 0 "-" "-"`,
    time: NOON,
    says: { ip: '192.0.2.1', status: 400 },
  },
  {
    name: 'HAProxy in syslog',
    line: 'Sep 22 10:00:05 lb haproxy[7]: 192.0.2.1:53332 [22/Sep/2023:10:00:00.143] fe~ be/web 0/0/7/14/21 302 113 - - ---- 2/1/0/0/0 0/0 "GET /a?b HTTP/1.1"',
    time: '2023-09-22T10:00:00.143Z',
    says: { ip: '192.0.2.1', method: 'GET', path: '/a', status: 302 },
  },
  {
    name: 'nginx error log',
    line: '2023/09/22 10:00:00 [error] 7#7: *1 denied, client: 192.0.2.1, server: x, request: "POST /login?a HTTP/1.1", host: "x"',
    time: NOON,
    says: { ip: '192.0.2.1', method: 'POST', path: '/login' },
  },
  {
    name: 'Apache error log',
    line: '[Fri Sep 22 10:00:00.123456 2023] [auth:error] [pid 7] [client 192.0.2.1:5000] denied',
    time: '2023-09-22T10:00:00.123Z',
    says: { ip: '192.0.2.1' },
  },
  {
    name: 'RFC 3164 with priority',
    line: `<34>Sep 22 10:00:00 host app[7]: Token: ${TOKEN} status=403`,
    time: NOON,
    says: { status: 403 },
  },
  {
    name: 'RFC 3164 around an access log',
    line: `Sep 22 10:00:05 host nginx: ${ACCESS} "-" "curl/8"`,
    time: NOON,
    says: {
      ip: '192.0.2.1',
      method: 'GET',
      path: '/api/me',
      status: 401,
      userAgent: 'curl/8',
    },
  },
  {
    name: 'RFC 3164 around JSON',
    line: 'Sep 22 10:00:05 host app[7]: {"ts":1695376800.25,"msg":"login","status":"200"}',
    time: '2023-09-22T10:00:00.250Z',
    says: { event: 'login', status: 200 },
  },
  {
    name: 'RFC 5424',
    line: String.raw`<165>1 2023-09-22T12:00:00.5+02:00 host app 7 ID47 [a@1 x="]\"c"][b@2 y="z"] {"message":"m"}`,
    time: '2023-09-22T10:00:00.500Z',
    says: { event: 'm' },
  },
  {
    name: 'RFC 5424 without a time',
    line: `<165>1 - host app - - - ${ACCESS}`,
    time: NOON,
    says: { ip: '192.0.2.1', method: 'GET', path: '/api/me', status: 401 },
  },
  {
    name: 'logfmt',
    line: `time=2023-09-22T10:00:00Z level=info msg="a \\"b\\" status=500" remote_addr=192.0.2.1:99 method=get uri=/x?y status=204 request_id=r-1`,
    time: NOON,
    says: {
      event: 'a "b" status=500',
      ip: '192.0.2.1',
      method: 'GET',
      path: '/x',
      status: 204,
      requestId: 'r-1',
    },
  },
  {
    name: 'logfmt, the time not first and an epoch',
    line: 'level=info start_time=2001-01-01T00:00:00Z ts=1695376800.5 status=Pending http_status=404',
    time: '2023-09-22T10:00:00.500Z',
    says: { status: 404 },
  },
  {
    name: 'pino-http',
    line: `{"level":30,"time":1695376800123,"req":{"id":7,"method":"GET","url":"/x?${TOKEN}","headers":{"user-agent":"c/1"},"remoteAddress":"::1"},"res":{"statusCode":401},"msg":"request completed"}`,
    time: '2023-09-22T10:00:00.123Z',
    says: {
      event: 'request completed',
      ip: '::1',
      method: 'GET',
      path: '/x',
      status: 401,
      requestId: '7',
      userAgent: 'c/1',
    },
  },
  {
    name: 'bunyan',
    line: '{"name":"a","hostname":"h","pid":1,"level":30,"msg":"hi","time":"2023-09-22T10:00:00.000Z","v":0}',
    time: NOON,
    says: { event: 'hi' },
  },
  {
    name: 'winston',
    line: '{"level":"info","message":"hi","timestamp":"2023-09-22T10:00:00.000Z"}',
    time: NOON,
    says: { event: 'hi' },
  },
  {
    name: 'structlog',
    line: '{"event":"login","timestamp":"2023-09-22T10:00:00Z","ip":"192.0.2.1"}',
    time: NOON,
    says: { event: 'login', ip: '192.0.2.1' },
  },
  {
    name: 'zap',
    line: '{"level":"info","ts":1695376800.1234567,"caller":"a.go:1","msg":"hi"}',
    time: '2023-09-22T10:00:00.123Z',
    says: { event: 'hi' },
  },
  {
    name: 'Docker json-file around Python logging',
    line: String.raw`{"log":"2023-09-22 10:00:00,123 - User Log: login\n","stream":"stderr","time":"2023-09-22T10:00:09.5Z"}`,
    time: '2023-09-22T10:00:00.123Z',
    says: { event: 'login' },
  },
  {
    name: 'Docker json-file around text without a time',
    line: String.raw`{"log":"hello status=403\n","stream":"stderr","time":"2023-09-22T10:00:00.5Z"}`,
    time: '2023-09-22T10:00:00.500Z',
    says: { status: 403 },
  },
  {
    name: 'CRI around an access log',
    line: `2023-09-22T10:00:09.123456789Z stdout F ${ACCESS}`,
    time: NOON,
    says: { ip: '192.0.2.1', method: 'GET', path: '/api/me', status: 401 },
  },
  {
    name: 'CRI around text without a time',
    line: '2023-09-22T10:00:00.123456789Z stderr P hello',
    time: '2023-09-22T10:00:00.123Z',
  },
  {
    name: 'Docker Compose prefix',
    line: 'web-1  | {"ts":1695376800,"msg":"hi"}',
    time: NOON,
    says: { event: 'hi' },
  },
  {
    name: 'Traefik',
    line: '{"ClientAddr":"192.0.2.1:55","DownstreamStatus":401,"RequestMethod":"GET","RequestPath":"/a?b","request_User-Agent":"UA","time":"2023-09-22T12:00:00+02:00"}',
    time: NOON,
    says: { ip: '192.0.2.1', status: 401, method: 'GET', path: '/a', userAgent: 'UA' },
  },
  {
    name: 'Caddy',
    line: '{"level":"info","ts":1695376800.6014807,"msg":"handled request","request":{"remote_ip":"192.0.2.1","method":"GET","uri":"/g?x","headers":{"User-Agent":["UA"]}},"status":200}',
    time: '2023-09-22T10:00:00.601Z',
    says: {
      ip: '192.0.2.1',
      status: 200,
      method: 'GET',
      path: '/g',
      userAgent: 'UA',
      event: 'handled request',
    },
  },
  {
    name: 'journald',
    line: '{"__REALTIME_TIMESTAMP":"1695376800221373","MESSAGE":"2023-09-22 12:00:00 a status=401"}',
    time: '2023-09-22T10:00:00.221Z',
    says: { status: 401 },
  },
  {
    name: 'ECS, nested',
    line: '{"@timestamp":"2023-09-22T10:00:00Z","source":{"ip":"192.0.2.1"},"http":{"request":{"method":"get"},"response":{"status_code":403}},"url":{"path":"/p"},"user_agent":{"original":"UA"},"message":"m"}',
    time: NOON,
    says: {
      ip: '192.0.2.1',
      status: 403,
      method: 'GET',
      path: '/p',
      userAgent: 'UA',
      event: 'm',
    },
  },
  {
    name: 'ECS, dotted',
    line: '{"@timestamp":"2023-09-22T10:00:00Z","source.ip":"192.0.2.1","http.request.method":"GET","http.response.status_code":403,"url.path":"/p","user_agent.original":"UA"}',
    time: NOON,
    says: { ip: '192.0.2.1', status: 403, method: 'GET', path: '/p', userAgent: 'UA' },
  },
  {
    name: 'our own events',
    line: '{"schema":"authlog.event/1","time":"2023-09-22T10:00:00.000Z","event":"login","ip":"192.0.2.1","user_agent":"UA","method":"GET","path":"/p","status":200,"request_id":"r"}',
    time: NOON,
    says: {
      event: 'login',
      ip: '192.0.2.1',
      userAgent: 'UA',
      method: 'GET',
      path: '/p',
      status: 200,
      requestId: 'r',
    },
  },
  {
    name: 'text, then JSON',
    line: 'auth-service {"time":"2023-09-22T10:00:00Z","msg":"m","status":200}',
    time: NOON,
    says: { event: 'm', status: 200 },
  },
  {
    name: 'a Python dict alone',
    line: "{'time': '2023-09-22 10:00:00', 'event': 'login', 'status': 401, 'at': datetime.date(2023, 9, 1)}",
    time: NOON,
    says: { event: 'login', status: 401 },
  },
  { name: 'a label alone', line: `Token: ${TOKEN}`, time: 'none' },
  { name: 'key and value of YAML', line: 'time: soon', time: 'none' },
  { name: 'epoch seconds', line: '1695376800 hi', time: NOON },
  { name: 'epoch milliseconds', line: '1695376800123 hi', time: '2023-09-22T10:00:00.123Z' },
  { name: 'epoch with fraction', line: '1695376800.25 hi', time: '2023-09-22T10:00:00.250Z' },
  { name: 'day of the year', line: '2023-265T10:00:00 hi', time: NOON },
  {
    name: 'Ruby',
    line: 'I, [2023-09-22T10:00:00.5 #7]  INFO -- : hi',
    time: '2023-09-22T10:00:00.500Z',
  },
  {
    name: 'klog',
    line: 'I0922 10:00:00.500000       7 a.go:1] hi',
    time: '2023-09-22T10:00:00.500Z',
  },
  { name: 'a level first', line: '[warn] 2023-09-22 10:00:00 hi', time: NOON },
  { name: 'colours', line: '\u001b[32mSep 22 \u001b[1m10:00:00\u001b[0m host a: hi', time: NOON },
];
