#!/usr/bin/env node
'use strict';
const { main } = require('../dist/cli/main.cjs');

void main(process).then((code) => {
  process.exitCode = code;
  // Ends now: to take the heap apart first takes longer than some commands. A pipe that is full drains first.
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
});
