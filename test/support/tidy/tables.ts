/**
 * The rules of the house as data: what an auditor reads. `test/tidy.test.ts` holds the tree to
 * them and proves of each that it can fail.
 *
 * Paths are from the root of the checkout. An entry that ends in `/` is a folder, one that ends
 * in `*` what begins so, any other is one file.
 */

/** A room imports only rooms on lines above its own; rooms on one line do not import each other. */
export const ROOMS: readonly (readonly string[])[] = [
  ['src/client/'],
  ['src/kernel/'],
  ['src/asn1/', 'src/texts/', 'src/audit/'],
  ['src/ports/'],
  ['src/x509/'],
  ['src/policy/', 'src/lifecycle/', 'src/access/'],
  ['src/lint/'],
  ['src/crl/', 'src/ocsp/'],
  ['src/issuance/', 'src/orders/', 'src/updates/', 'src/approvals/'],
  ['src/ceremony/'],
  ['src/cmp/', 'src/est/'],
  ['src/operations/'],
  ['src/console/'],
  ['src/package/'],
  ['hsm/', 'src/config/', 'src/db/', 'src/publish/', 'src/observe/'],
  ['src/backup/'],
  ['src/terminal/'],
  ['src/http/', 'src/jobs/', 'src/ceremony-host/'],
  ['src/compose/'],
  ['src/cli/'],
  ['scripts/'],
  ['test/'],
];

/** Rooms that other programs use: nothing of the product imports them. */
export const FOR_OTHERS: readonly string[] = ['src/client/'];

/** Modules that a program writes: the rules about the form of sources do not apply to them. */
export const GENERATED: readonly string[] = ['src/client/generated.ts'];

/**
 * The parts of `hsm` run in different processes: `client` in the service, `supervisor` in the
 * supervisor, `signer` in the one process that has the token, `inspect` and `bench` in commands.
 * A part imports only the parts listed here. `hsm/*.ts` stands for the files of the folder
 * itself.
 */
export const PROCESS_PARTS: Readonly<Record<string, readonly string[]>> = {
  'hsm/wire/': [],
  'hsm/*.ts': ['hsm/wire/'],
  'hsm/journal/': ['hsm/wire/'],
  'hsm/client/': ['hsm/wire/', 'hsm/*.ts'],
  'hsm/supervisor/': ['hsm/wire/', 'hsm/*.ts'],
  'hsm/pkcs11/': ['hsm/wire/', 'hsm/*.ts'],
  'hsm/signer/': ['hsm/wire/', 'hsm/*.ts', 'hsm/journal/', 'hsm/pkcs11/'],
  'hsm/inspect/': ['hsm/wire/', 'hsm/*.ts', 'hsm/pkcs11/'],
  'hsm/bench/': ['hsm/wire/', 'hsm/*.ts', 'hsm/pkcs11/', 'hsm/client/', 'hsm/supervisor/', 'hsm/inspect/'],
};

/**
 * What the service may import of `hsm`. The rooms in `commands` have programs that run without
 * it.
 */
export const SERVICE_PARTS = {
  may: ['hsm/wire/', 'hsm/*.ts', 'hsm/journal/', 'hsm/client/'],
  commands: ['src/cli/', 'src/ceremony-host/'],
} as const;

/** The core is pure: no clock, no random, no I/O of its own. The world comes in as an argument. */
export const CORE: readonly string[] = [
  'src/kernel/',
  'src/texts/',
  'src/asn1/',
  'src/ports/',
  'src/x509/',
  'src/policy/',
  'src/lifecycle/',
  'src/audit/',
  'src/access/',
  'src/lint/',
  'src/issuance/',
  'src/crl/',
  'src/ocsp/',
  'src/orders/',
  'src/updates/',
  'src/approvals/',
  'src/ceremony/',
  'src/cmp/',
  'src/est/',
  'src/operations/',
  'src/console/',
];

/** What the core may take from Node: hashing and verification, and compression. */
export const CORE_BUILTINS: readonly string[] = ['node:crypto', 'node:zlib'];

/**
 * Globals that reach the world, banned in the core. Clock, random and environment have a table of
 * their own.
 */
export const CORE_BANNED_GLOBALS: readonly string[] = [
  'process',
  'console',
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
];

/**
 * Every declared dependency has its home; nothing else is imported. `[]`: a tool that no code
 * imports.
 */
export const LIBRARY_HOMES: Readonly<Record<string, readonly string[]>> = {
  '@fastify/busboy': ['src/http/console/'],
  '@koa/router': ['src/http/'],
  '@peculiar/webcrypto': ['src/x509/', 'src/cmp/', 'src/est/'],
  // Its types; the compiler of schemas runs in the build only.
  ajv: ['src/policy/', 'src/ceremony/', 'src/config/', 'src/http/', 'scripts/lib/'],
  asn1js: ['src/x509/', 'src/cmp/', 'src/est/'],
  commander: ['src/cli/'],
  // Fonts, which are found by their path.
  'dejavu-fonts-ttf': [],
  '@noble/hashes': ['src/cmp/protection/'],
  fontkit: ['src/ceremony-host/'],
  'graphene-pk11': ['hsm/'],
  knex: ['src/db/'],
  'modern-tar': ['src/backup/'],
  ldapts: ['src/publish/'],
  koa: ['src/http/'],
  'node-gyp': [],
  'openapi-fetch': ['src/client/'],
  pdfkit: ['src/ceremony-host/'],
  pg: ['src/db/'],
  pkcs11js: ['hsm/'],
  pino: ['src/observe/'],
  pkijs: ['src/x509/', 'src/cmp/', 'src/est/'],
  'prom-client': ['src/observe/'],
  'shamir-secret-sharing': ['src/ceremony/'],
  sqlite3: ['src/db/'],
  tldts: ['src/policy/'],
  uqr: ['src/ceremony/'],
  preact: ['src/console/'],
  'preact-render-to-string': ['src/console/'],
  'd3-scale': ['src/console/'],
  'd3-shape': ['src/console/'],
  '@biomejs/biome': [],
  '@redocly/openapi-core': [],
  '@types/fontkit': [],
  '@types/koa': [],
  '@types/mocha': [],
  '@types/node': [],
  '@types/pdfkit': [],
  '@types/pg': [],
  '@types/d3-scale': [],
  '@types/d3-shape': [],
  'axe-core': [],
  'playwright-core': [],
  c8: [],
  esbuild: ['scripts/lib/'],
  'fast-check': [],
  mocha: ['scripts/testing/'],
  typescript: [],
  undici: ['src/client/'],
};

/**
 * What reaches the world without an import, and where it may. `test/` and the `.mjs` of
 * `scripts/` are exempt.
 */
export const WORLD_HOMES = {
  'Date.now': ['src/compose/', 'hsm/'],
  'new Date()': ['src/compose/', 'hsm/'],
  'Math.random': [],
  'process.env': ['src/config/', 'hsm/', 'src/package/'],
  // Work that is repeated is a job. The drain of a server ends with its process.
  // A command that says how long it has been working repeats nothing else.
  setInterval: ['src/jobs/runner/timers.ts', 'src/http/server/listening.ts', 'src/terminal/activity.ts', 'hsm/'],
  // hsm/pkcs11/pin/pin-file.ts salts the digest by which it knows a refused PIN again.
  // src/client/idempotency.ts makes keys for the requests of its user.
  'crypto random': [
    'src/compose/',
    'src/client/idempotency.ts',
    'hsm/pkcs11/pin/pin-file.ts',
    'hsm/signer/recover-journal.ts',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Exports that decide what may be signed, and who may import them (tests aside). */
export const GUARDED_EXPORTS: readonly { module: string; name: string; importers: readonly string[] }[] = [
  { module: 'src/lint/token.ts', name: 'makeLintToken', importers: ['src/lint/'] },
  { module: 'src/lint/token.ts', name: 'redeemLintToken', importers: ['hsm/'] },
  { module: 'src/x509/proven-key.ts', name: 'keyProvenBySignature', importers: ['src/x509/'] },
  { module: 'src/x509/proven-key.ts', name: 'keyApprovedByCeremony', importers: ['src/operations/status/'] },
];

/**
 * One bug must not hide on both sides: these never reach each other, not even through a third
 * module.
 */
export const INDEPENDENT: readonly { from: string; never: string }[] = [
  { from: 'src/asn1/der-reader.ts', never: 'src/asn1/der-writer.ts' },
  { from: 'src/asn1/der-writer.ts', never: 'src/asn1/der-reader.ts' },
];

/** The second reader does not use the writer. */
export const READS_ONLY: { readonly rooms: readonly string[]; readonly never: RegExp } = {
  rooms: ['src/lint/'],
  never: /^src\/asn1\/[a-z-]*writer\.ts$/,
};

/**
 * `ownLines` counts a function inside another as one line of the outer one, so that a factory of
 * closures and a `describe` are measured by their own code. `factoryLines` counts all lines of a
 * function of the product that creates closures.
 */
export const LIMITS = {
  fileLines: 400,
  lineColumns: 140,
  commentColumns: 100,
  parameters: 3,
  ownLines: 70,
  factoryLines: 150,
  folderFiles: 20,
} as const;

/** Folders that may have more files than `folderFiles`, each with the reason. */
export const CROWDED_FOLDERS: Readonly<Record<string, string>> = {
  'src/lint/certificate/rules/': 'one file per lint rule',
  'src/lint/crl/rules/': 'one file per lint rule',
  'src/lint/ocsp/rules/': 'one file per lint rule',
  'test/mutants/': 'one file per subject of guards',
  'src/ceremony/steps/': 'one file per kind of ceremony step',
  'src/x509/extensions/': 'one file per certificate extension',
};

/** Words that no comment opens with: what follows them has no subject. */
export const FRAGMENT_OPENINGS: readonly string[] = [
  'Of',
  'That of',
  'Those of',
  'Those that',
  'Who',
  'Whom',
  'Whoever',
  'The same',
  'Told',
  'Nobody',
];

/** Participles without a regular ending, and adjectives, that say nothing as the name of a type. */
export const BARE_PARTICIPLES: readonly string[] = [
  ...'Begun Born Bound Broken Brought Drawn Found Given Got Heard Held Kept Known Left Lost Made Met Proven Put'.split(
    ' ',
  ),
  ...'Read Said Seen Sent Shown Spent Stood Taken Told Written Gone Done'.split(' '),
  ...'Absent Capable Editable Good Hostile Latest Loose Many Missing Open Present Publishable Real Renewable'.split(
    ' ',
  ),
  ...'Sound Unreadable Usable Whole'.split(' '),
];

/** Nouns that end like participles. */
export const NOUNS_LIKE_PARTICIPLES: readonly string[] = [
  'Binding',
  'Ceiling',
  'Encoding',
  'Feed',
  'Finding',
  'Heading',
  'Listing',
  'Need',
  'Seed',
  'Setting',
  'Sharing',
  'Sitting',
  'Speed',
  'Timing',
  'Warning',
];

/** Names of folders under the root of a file system that belong to one machine or one person. */
export const MACHINE_FOLDERS: readonly string[] = ['home', 'Users', 'root', 'work', 'workspace'];
