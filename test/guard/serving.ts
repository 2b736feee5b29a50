import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { parsePlace } from '../../src/guard/listen.ts';
import { createPeers, LOOPBACK } from '../../src/guard/peers.ts';
import { startService, type Service, type ServiceOptions } from '../../src/guard/service.ts';
import { MemoryLog, ringOf } from './making.ts';

export interface Serving {
  readonly service: Service;
  readonly port: number;
  readonly log: MemoryLog;
  readonly alarms: string[];
}

/** A guard that listens on a free port until the test ends, by the clock of the machine. */
export const serve = async (options: Partial<ServiceOptions> = {}): Promise<Serving> => {
  const log = new MemoryLog();
  const alarms: string[] = [];
  const service = await startService({
    ring: ringOf(),
    log,
    listen: parsePlace('127.0.0.1:0', '--listen'),
    metricsListen: null,
    peers: createPeers(LOOPBACK),
    envoyPrefix: null,
    maxConnections: 10_000,
    version: '1.2.3',
    onAlarm: (sentence) => void alarms.push(sentence),
    ...options,
  });
  onTestFinished(() => service.stop());
  return { service, port: Number(service.address.split(':').at(-1)), log, alarms };
};

/** An open connection and all that came back on it. */
export interface Wire {
  readonly socket: Socket;
  readonly closed: Promise<string>;
  text(): string;
}

export const open = (port: number): Wire => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    text += data;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(text));
  });
  onTestFinished(() => void socket.destroy());
  return { socket, closed, text: () => text };
};

/** Sends text as it is and resolves to all that comes back until the server ends the connection. */
export const talk = (port: number, text: string): Promise<string> => {
  const wire = open(port);
  wire.socket.write(text, 'latin1');
  return wire.closed;
};

/** A question to the decision endpoint whose answer ends the connection. */
export const ask = (port: number, fields: readonly string[], target = '/verify'): Promise<string> =>
  talk(
    port,
    [`GET ${target} HTTP/1.1`, 'Host: guard', ...fields, 'Connection: close', '', ''].join('\r\n'),
  );

/** The status codes in what came back. */
export const statuses = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
