// What is measured: which log each kind reads, and which programs take part unless --only names others.
const EVERYONE = ['authlog', 'authlog-1-thread', 'rust', 'go', 'article', 'naive', 'rg', 'floor'];

/**
 * `log` and `beside` are names in `LOGS` (corpus.js). A second log is for the programs whose name says
 * so (authlog-plain, authlog-tenth): what is to be compared takes turns in one section.
 */
export const KINDS = {
  distinct: { log: 'distinct', programs: EVERYONE },
  repeated: { log: 'repeated', programs: EVERYONE },
  long: { log: 'long', beside: 'tenth', programs: ['authlog', 'authlog-tenth'] },
  jsonl: { log: 'jsonl', beside: 'distinct', programs: ['authlog', 'authlog-plain', 'rust', 'rg'] },
  access: {
    log: 'access',
    beside: 'distinct',
    programs: ['authlog', 'authlog-plain', 'rust', 'rg'],
  },
  gzip: { log: 'gzip', beside: 'distinct', programs: ['authlog', 'authlog-plain', 'gzip', 'rust'] },
  rs256: { log: 'rs256', programs: ['authlog', 'openssl', 'verify', 'rust', 'go', 'article'] },
  rs256Long: { log: 'rs256Long', programs: ['authlog', 'openssl', 'verify', 'rust'] },
  // So short that a round is five turns.
  startup: { turns: 5, programs: ['node', 'version'] },
};
