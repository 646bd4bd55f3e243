/**
 * The tests whose amount an environment variable sets. `npm test` runs the usual amount, `npm run
 * test:night` the large one. `minutes` estimates how long the file then takes on two idle cores. A
 * test compares this table with what the test files read, and with test/README.md.
 *
 * @typedef {object} Amount
 * @property {string} variable
 * @property {string} file
 * @property {string} counts what the number counts
 * @property {number} usual
 * @property {number} night
 * @property {number} minutes
 */

/** @type {readonly Amount[]} */
export const AMOUNTS = [
  {
    variable: 'PFCNG_INSTALLATIONS',
    file: 'test/integration/install/install.test.ts',
    counts: 'installations: one on this Debian, then one on a bare Debian, which fetches every package',
    usual: 0,
    night: 2,
    minutes: 20,
  },
  ...['sqlite', 'postgresql'].map((database) => ({
    variable: 'PFCNG_FAULT_WAYS',
    file: `test/fault/ports/ports-${database}.test.ts`,
    counts: `of 8 ways (a failure or a kill, before or after a call), those tested at each call (1: at each third), on ${database}`,
    usual: 1,
    night: 8,
    minutes: 6,
  })),
  {
    variable: 'PFCNG_FAULT_KILLS',
    file: 'test/fault/kill.test.ts',
    counts: 'kills of the service on each database; half as many of a signer',
    usual: 4,
    night: 50,
    minutes: 10,
  },
  {
    variable: 'PFCNG_WEBHOOK_KILLS',
    file: 'test/fault/webhooks/killed-sender.test.ts',
    counts: 'kills of a sender of webhooks on each database',
    usual: 2,
    night: 60,
    minutes: 2,
  },
  {
    variable: 'PFCNG_NODES_SECONDS',
    file: 'test/fault/nodes/acceptance.test.ts',
    counts: 'seconds of load during each fault of a node or a database server; from 60 on all faults happen',
    usual: 4,
    night: 200,
    minutes: 50,
  },
  {
    variable: 'PFCNG_FAULT_REVOCATIONS',
    file: 'test/fault/mass-revocation.test.ts',
    counts: 'certificates of one mass revocation',
    usual: 2_000,
    night: 100_000,
    minutes: 25,
  },
  {
    variable: 'PFCNG_FAULT_ORDER_CARDS',
    file: 'test/fault/orders/kill.test.ts',
    counts: 'cards of an order, on one node and on two, of which one is killed, twenty times in the night',
    usual: 160,
    night: 5_000,
    minutes: 10,
  },
  {
    variable: 'PFCNG_ORDER_LIVES',
    file: 'test/integration/orders/lives.test.ts',
    counts: 'random lives of an order',
    usual: 15,
    night: 1_000,
    minutes: 10,
  },
  {
    variable: 'PFCNG_UPDATE_LIVES',
    file: 'test/integration/updates/lives.test.ts',
    counts: 'random lives of cards in the field and their updates',
    usual: 8,
    night: 500,
    minutes: 10,
  },
  {
    variable: 'PFCNG_UPDATE_KILLS',
    file: 'test/fault/updates/kill.test.ts',
    counts: 'kills of the service on each database while cards are updated',
    usual: 3,
    night: 60,
    minutes: 8,
  },
  {
    variable: 'PFCNG_ROCA_CARDS',
    file: 'test/scale/roca-day.test.ts',
    counts: 'cards that get new keys in one campaign; `npm run drill:roca` has 1,300,000',
    usual: 2_000,
    night: 20_000,
    minutes: 5,
  },
  {
    variable: 'PFCNG_CRL_HISTORIES',
    file: 'test/integration/crl/histories.test.ts',
    counts: 'histories of changes and lists on each database',
    usual: 20,
    night: 1_000,
    minutes: 20,
  },
  {
    variable: 'PFCNG_OCSP_HISTORIES',
    file: 'test/integration/ocsp/never-back.test.ts',
    counts: 'histories of OCSP responses on a primary database and its standby',
    usual: 40,
    night: 1_000,
    minutes: 10,
  },
  {
    variable: 'PFCNG_SIGNATURES',
    file: 'test/integration/hsm/remedies.test.ts',
    counts: 'signatures of one signer that must not grow',
    usual: 20_000,
    night: 100_000,
    minutes: 1,
  },
  {
    variable: 'PFCNG_UPLOAD_MB',
    file: 'test/integration/service/orders/large-upload.test.ts',
    counts: 'megabytes of one order',
    usual: 8,
    night: 1_024,
    minutes: 3,
  },
  {
    variable: 'PFCNG_SCAFFOLDED_RULES',
    file: 'test/integration/scripts/new-lint.test.ts',
    counts: 'lint rules that are scaffolded and compiled, after which all tests of the lint run',
    usual: 0,
    night: 3,
    minutes: 1,
  },
  {
    variable: 'PFCNG_RANDOM_HOLDERS',
    file: 'test/conformance/holders.test.ts',
    counts: 'random holders',
    usual: 1_000,
    night: 10_000,
    minutes: 1,
  },
  {
    variable: 'PFCNG_LIVES_SECONDS',
    file: 'test/integration/service/lives/lives.test.ts',
    counts: 'seconds of random lives of certificates on each database',
    usual: 6,
    night: 300,
    minutes: 11,
  },
  {
    variable: 'PFCNG_MUTATED_REQUESTS',
    file: 'test/integration/attack/mutated.test.ts',
    counts: 'malformed API requests',
    usual: 1_500,
    night: 100_000,
    minutes: 15,
  },
  {
    variable: 'PFCNG_MUTATED_EST',
    file: 'test/integration/attack/mutated-est.test.ts',
    counts: 'malformed EST requests',
    usual: 600,
    night: 100_000,
    minutes: 10,
  },
  {
    variable: 'PFCNG_OCSP_SPOILED',
    file: 'test/integration/attack/ocsp-flood.test.ts',
    counts: 'malformed OCSP requests',
    usual: 1_500,
    night: 100_000,
    minutes: 10,
  },
  {
    variable: 'PFCNG_OCSP_SILENT',
    file: 'test/integration/attack/ocsp-flood.test.ts',
    counts: 'clients that connect and send nothing',
    usual: 2_000,
    night: 10_000,
    minutes: 0,
  },
  {
    variable: 'PFCNG_JUDGED_LOOKS',
    file: 'test/integration/console/in-chromium/every-page.test.ts',
    counts:
      'looks of each page of the console that axe judges: French on a wide light screen, English on a narrow dark one',
    usual: 1,
    night: 2,
    minutes: 6,
  },
  {
    variable: 'PFCNG_CMP_MUTATIONS',
    file: 'test/unit/cmp/malformed.test.ts',
    counts: 'valid CMP messages in which octets are changed',
    usual: 2_000,
    night: 100_000,
    minutes: 1,
  },
  {
    variable: 'PFCNG_CMP_MESSAGES',
    file: 'test/conformance/cmp/codec.test.ts',
    counts: 'CMP messages that Bouncy Castle reads and encodes again',
    usual: 500,
    night: 10_000,
    minutes: 1,
  },
];
