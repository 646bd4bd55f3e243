/**
 * Which language a problem document is in. Without this test, a header that a browser or a proxy
 * sends could choose the wrong language, or fail the request.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import fc from 'fast-check';
import type { Problem } from '../../../../src/http/api/problems.js';
import { err, ok } from '../../../../src/kernel/result.js';
import { englishIn } from '../../../support/english.js';
import { converse } from '../../../support/machine/raw-http.js';
import { CARDS, createBareApi, listening } from '../../../support/servers/bare-api.js';

const AWAY = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'the disk is full' } as const;

/** Header fields, and the language of the answer. */
const PREFERENCES: readonly (readonly [string | null, 'fr' | 'en'])[] = [
  [null, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['en', 'en'],
  ['de, ja;q=0.5', 'en'],
  ['fr', 'fr'],
  ['FR', 'fr'],
  ['fr-FR', 'fr'],
  ['fr-CA, fr;q=0.9', 'fr'],
  ['fr-Latn-BE', 'fr'],
  ['de, fr;q=0.4', 'fr'],
  ['fr;q=0.4, en;q=0.8', 'en'],
  ['en;q=0.4, fr;q=0.8', 'fr'],
  ['en-GB, fr', 'fr'],
  ['fr;q=0', 'en'],
  ['fr;q=0, *', 'en'],
  ['en;q=0, *', 'fr'],
  ['fr;q=abc', 'en'],
];

describe('the language of a problem document', () => {
  let isAway = false;
  const server = createBareApi({
    authenticate: async () =>
      isAway
        ? err({ failure: AWAY, accountId: null, certificateSha256: null })
        : ok({ kind: 'account', account: CARDS }),
  });
  let base = '';
  let close: () => Promise<void>;

  before(async () => {
    ({ url: base, close } = await listening(server));
  });
  after(() => close());

  const ask = (path: string, header: string | null) =>
    new Promise<{ readonly language: string; readonly vary: string; readonly problem: Problem }>((resolve, reject) => {
      const headers = header === null ? {} : { 'accept-language': header };
      const asked = request(`${base}${path}`, { headers }, async (answer) => {
        let body = '';
        for await (const chunk of answer.setEncoding('utf8')) body += chunk;
        const { 'content-language': language = '', vary = '' } = answer.headers;
        resolve({ language, vary, problem: JSON.parse(body) as Problem });
      });
      asked.on('error', reject).end();
    });

  for (const [header, expected] of PREFERENCES)
    it(`is ${expected} for ${header === null ? 'no header field' : JSON.stringify(header)}`, async () => {
      const { language, vary, problem } = await ask('/none', header);
      assert.deepEqual([language, vary], [expected, 'Accept-Language']);
      assert.equal(problem.title, expected === 'fr' ? "Ce chemin n'existe pas" : 'No such path');
    });

  it('is that of the client when the database is not available', async () => {
    isAway = true;
    const { problem } = await ask('/v1/profiles', 'fr-FR');
    isAway = false;
    assert.equal(problem.code, 'database-unavailable');
    assert.equal(problem.title, "La base de données n'est pas disponible");
    assert.deepEqual(englishIn(problem.detail), []);
  });

  it('is that of the client for a content encoding, which is refused', async () => {
    const sent = 'POST /v1/certificates HTTP/1.1\r\nhost: a\r\naccept-language: fr\r\ncontent-encoding: gzip\r\n';
    const [reply] = await converse(base, [`${sent}content-type: application/json\r\ncontent-length: 2\r\n\r\n{}`], {
      replies: 1,
    });
    assert.equal(reply?.status, 415);
    assert.match(reply?.head ?? '', /^accept-encoding: identity\r?$/im);
    assert.equal((JSON.parse(String(reply?.body)) as Problem).title, 'Le corps ne doit pas être encodé');
  });

  it('is one of both for every header field, which never fails a request', async () => {
    const piece = fc.constantFrom(
      'fr',
      'en',
      '-',
      ';',
      'q=',
      ',',
      '=',
      '*',
      '0',
      '.5',
      ' ',
      '\t',
      'é',
      '"',
      '\xff',
      'fr-FR',
    );
    const headers = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(headers, async (header) => {
        const { language, problem } = await ask('/none', header);
        assert.ok(language === 'fr' || language === 'en', JSON.stringify(header));
        assert.equal(problem.status, 404);
      }),
      { numRuns: 500 },
    );
  });
});
