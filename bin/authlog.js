#!/usr/bin/env node
'use strict';
// V8's compilers in the background, Sparkplug and Maglev, can wait for a collection that an ending process never makes:
// nodejs/node#54918.
const { setFlagsFromString } = require('node:v8');
setFlagsFromString('--no-concurrent-sparkplug');
setFlagsFromString('--no-maglev');
const { main } = require('../dist/cli/main.cjs');

void main(process).then((code) => {
  process.exitCode = code;
  // Ends now: to take the heap apart first takes longer than some commands. A pipe that is full drains first.
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
});
