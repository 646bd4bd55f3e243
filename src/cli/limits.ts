/**
 * `pfcng limits`: how far each thing can grow that anybody can make grow with requests. Numbers are
 * for one process and the default configuration, because processes do not count together: n
 * processes allow n times as much, and a signer gets the sum of their requests.
 */
import type { Command } from 'commander';
import { LIMITS } from '../kernel/limits.js';
import { sayListings } from './common/listing.js';

const count = (value: number): string => value.toLocaleString('en');
const kib = (bytes: number): string => `${bytes / 1024} KiB`;

const CARD_SIGNS = [
  `a statement of ${kib(LIMITS.cardStatementBytesMax)}`,
  `a CMS of ${kib(LIMITS.cardCmsBytesMax)}`,
  `${LIMITS.certificatesReadBackMax} certificates read back`,
].join('; ');

/** What is limited, its limit, and the setting of configuration or policy; empty: it is fixed. */
type Limit = readonly [what: string, limit: string, setting: string];

const AREAS: readonly { readonly title: string; readonly limits: readonly Limit[] }[] = [
  {
    title: 'OCSP',
    limits: [
      [
        'responses that are signed for one client',
        '500 per second on average, 5,000 at once, 256 in progress',
        'ocsp.oneClientPerSecondMax',
      ],
      [
        'share of an OCSP signer that they can take',
        'a quarter of its requests in progress; a queue of 100 of their own',
        '',
      ],
      ['responses in memory', '100,000, 128 MB', 'ocsp.answersMax, ocsp.answersMegabytesMax'],
      [
        'journal of an OCSP signer',
        '120 kB per second under a flood, 10 GB per day; 240 bytes a response, less when several share an entry',
        '',
      ],
      ['segments of that journal', '160 segments of 64 MiB: 10 GiB; 90 days', 'pkcs11.ocspJournalDays'],
      [
        'what the hourly count of OCSP responses reads',
        'what was written since the last count: 430 MB under a flood',
        '',
      ],
      ['log lines about a signer, database or responder that fail', 'one per second, event and CA', ''],
      [
        'log lines and journal entries about refusals of a signer',
        '20 per minute, and one with the number of the others',
        '',
      ],
      ['request', `${kib(LIMITS.ocspRequestBytesMax)}, ${LIMITS.ocspRequestsPerMessageMax} certificates`, ''],
      [
        'requests that the cache does not answer',
        '4 in each turn of the event loop, so that revocations go between',
        '',
      ],
      [
        'connections of relying parties',
        '20,000, or fewer if ulimit -n is low; 10 s for a request, 60 s without traffic',
        '',
      ],
      ['memory of the service under such a flood', '128 MB more than before (measured by the bench)', ''],
    ],
  },
  {
    title: 'The API',
    limits: [
      ['connections that have not authenticated', '1,500, 1,000 from one address; the oldest gives way', ''],
      ['connections without a client certificate', '250, 62 from one address; the first answer closes it', ''],
      ['connections of one account', '1,500; 125 of all are for officers only', ''],
      ['answers of many lines under way', '16, 4 of one account; those of the API and files of the console', ''],
      ['requests in progress', '512, 192 of one account; 64 are for revocations and officers', ''],
      [
        'certificates of an account in an hour and a day',
        'those of the account, exact over all nodes; null: unlimited',
        'limits of the account',
      ],
      [
        'uploads of orders in progress',
        '8 in a process, 4 of one account; each has 256 KiB of its lines in memory',
        'orders in the policy',
      ],
      [
        'one upload',
        '4 GiB and 1,000,000 lines of 64 KiB; 60 s without an octet, 4 hours in all',
        'orders in the policy',
      ],
      [
        'JSON of a request, or of a line of an upload',
        `${kib(LIMITS.requestBodyBytesMax)}, ${count(LIMITS.jsonValuesMax)} values`,
        '',
      ],
      ['orders of one account that have not ended', '1,000', 'orders in the policy'],
      ['open lines of one account', '2,000,000 in all its orders', 'orders in the policy'],
      [
        'orders that a process works on at once',
        '2, for five seconds each; 64 lines at once, 3 while there are requests of clients',
        '',
      ],
      ['lines of an order that wait', '1,000; then no new line is begun', ''],
      [
        'one upload of acknowledgements',
        '1 GiB, lines of 64 KiB; 60 s without an octet, 4 hours in all; 100 attempts for a card',
        '',
      ],
      ['one upload to a campaign', '1 GiB, lines of 64 KiB; 60 s without an octet, 4 hours in all', ''],
      ['campaigns that have not ended', '100', ''],
      ['counts of a campaign by reader and middleware', '1,000 rows; other names are counted as other', ''],
      ['updates of one card that begin in 24 hours', '3', 'updates in the policy'],
      ['what a card signs', CARD_SIGNS, ''],
      [
        'cards made known by their capabilities alone',
        `${count(LIMITS.cardsWithoutCertificatePerDayMax)} of one account in 24 hours`,
        '',
      ],
      [
        'approvals that wait for a second officer',
        `${count(LIMITS.openApprovalsMax)}, ${LIMITS.openApprovalsPerRequesterMax} of one requester, for 72 hours`,
        '',
      ],
      [
        'prepared statements of a SQLite connection',
        '512, and 64 MB of memory by estimate: their texts, and the values of their last executions',
        '',
      ],
      ['log lines about clients without an account', '600 per minute, 400 MB per day', ''],
      [
        'audit entries about clients without an account',
        'ten per minute and problem code, then counts: 150 MB per day',
        '',
      ],
      ['one audit entry', '16 KiB; a list that is too long is kept as the number of its items and a digest', ''],
    ],
  },
  {
    title: 'CMP',
    limits: [
      ['iterations for keys of MACs', '2,000,000 a second, half of the rest for one network; then 503', ''],
      ['iterations of one message', 'PasswordBasedMac 100,000, PBKDF2 500,000; the salt 8 to 64 octets', ''],
      ['keys of MACs in memory', '10,000 whose MAC was right, for ten minutes', ''],
      [
        'messages of a network whose last ones failed',
        '100 a second, of which 32 wait, 256 of all networks; then 503',
        '',
      ],
      ['signatures of errors about messages of strangers', '20 a second; further errors have no protection', ''],
    ],
  },
  {
    title: 'Signers',
    limits: [
      ['reports of bad signatures that a supervisor examines', '60 per minute and token; the others are refusals', ''],
      ['what orders take of the cap of a profile', '0.8 of it, in the last 61 minutes', ''],
      ['requests of lines of orders in progress at a signer', '64; 4 in the second after a request of a client', ''],
      [
        'certificates that a stolen service can have signed',
        'what the policy allows for each token',
        'certificatesPerHourMax in the policy',
      ],
      ['journals of CAs and of the platform', '300 bytes a signature; kept for ever', ''],
      ['entries that the start of a signer reads', 'the last segment, 64 MiB', ''],
    ],
  },
];

export function registerLimits(program: Command): void {
  program
    .command('limits')
    .description('how far a flood of requests can make each thing grow, by process, and which setting changes it')
    .option('--json', 'print them as JSON')
    .action((_options: unknown, command: Command) =>
      sayListings(
        AREAS.map(({ title, limits }) => ({
          title,
          rows: limits.map(([what, limit, setting]) => ({ what, limit, setting })),
        })),
        command,
      ),
    );
}
