import { describe, expect, test } from 'vitest';
import { segment } from '../support/tokens.ts';
import { scan } from './scan.ts';

describe('what is no token', () => {
  test.each([
    'connected to api.internal.example.com',
    'eyes.on.you',
    'eyJ.eyJ.eyJ',
    'eyJoe.example.com',
    'eyebrow.eye.brow',
    'ewok.endor.moon',
    'ew0k.ewkes.ewo',
    'version 1.2.3 of 1.2.3.4.5',
    'at com.example.eyJaKe.Service.run(Service.java:42)',
    'eyAlert.dialog.Main',
    '/usr/lib/eyeD3/eyed3.core.so',
    'eyJiffy.min.js eyIcons.bundle.css',
    'GET /assets/eyAlpha.9f86d081.js',
    'files eyJa.tar.gz eyJb.tar.gz.sig',
    '192.0.2.1 198.51.100.7.10.in-addr.arpa',
    '2023.09.22 10.00.00',
    `payload ${segment({ user: 'ada', roles: ['admin'] })}`,
    `state=${segment({ nonce: 'x' })}.${segment({ a: 1 })}`,
    `${'A'.repeat(300)}.${'B'.repeat(300)}.${'C'.repeat(300)}`,
    `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAeyJAAAAewoAAAA==`,
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDeyJ3.eyJx host',
    'uuid 123e4567-e89b-12d3-a456-426614174000',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'eyJhbGciOiJIUzI1NiJ9',
    'eyJhbGciOiJIUzI1NiJ9.',
    'eyJhbGciOiJIUzI1NiJ9.e30',
    'eyJhbGciOiJIUzI1NiJ9 . e30 . x',
    'eyJhbGciOiJIUzI1NiJ9.e30%2Ex',
    'eyJhbGciOiJIUzI1NiJ9%2Ee30%2Ex',
    'eyJhbGciOiJIUzI1NiJ9/e30/x',
    'ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZTMwLng',
    '',
    ' ',
    '...........',
    'e',
    'ey',
    'eyJ',
    '\0\0\0eyJ\0.\0.\0',
  ])('%s', (line) => {
    expect(scan(line)).toEqual([]);
  });

  test('three parts with a header that is JSON but names no algorithm are left to the judge', () => {
    // `alg` missing is what a forger may try: it is found, and malformed.
    const odd = `${segment({ typ: 'JWT' })}.${segment({ sub: 'ada' })}.c2ln`;
    expect(scan(odd)).toEqual([{ kind: 'jws', text: odd }]);
    expect(scan(`x${odd}`)).toEqual([]);
  });
});
