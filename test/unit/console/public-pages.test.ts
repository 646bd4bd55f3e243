/** The page for relying parties: without this test, its languages or its JSON could differ. */
import assert from 'node:assert/strict';
import type { PublicState } from '../../../src/console/public/state.js';
import { createPublicPages, type PublicRequest } from '../../../src/http/status/public-pages.js';
import { DAY_MS } from '../../../src/kernel/duration.js';

const NOW = Date.UTC(2026, 2, 1, 10);
const HOSTILE = '"><script>alert(1)</script>';

const STATE: PublicState = {
  isDevelopment: true,
  authorities: [
    {
      id: 'aci-fo-pp',
      name: `TEST AC ${HOSTILE}`,
      hierarchy: 'fort',
      kind: 'issuing',
      generation: 1,
      keyType: 'p-384',
      notBefore: NOW - DAY_MS,
      notAfter: NOW + DAY_MS,
      sha256: 'ab'.repeat(32),
      certificate: 'http://pki.test/AC/ACI-FO-PP.cer',
      lists: [
        {
          scope: 'full',
          url: 'http://pki.test/CRL/ACI-FO-PP.crl',
          thisUpdate: NOW,
          nextUpdate: NOW + 1_000,
          bytes: 900,
        },
        { scope: 'full-7', url: 'http://pki.test/CRL/ACI-FO-PP-p7.crl', thisUpdate: NOW, nextUpdate: null, bytes: 1 },
      ],
    },
  ],
  chain: 'http://pki.test/AC/chain.p7b',
  ocsp: 'http://pki.test/ocsp',
  policy: { oid: '1.2.3', practiceStatement: 'http://pki.test/PC' },
  platformKey: null,
};

describe('the public page', () => {
  let made = 0;
  const pages = createPublicPages(
    async () => {
      made += 1;
      return STATE;
    },
    () => NOW,
  );
  const get = async (path: string, given: Partial<PublicRequest> = {}): Promise<string> => {
    const answer = await pages({ path, query: '', acceptLanguage: '', ...given });
    return answer === null ? '' : Buffer.from(answer.body).toString('utf8');
  };

  it('is in French, and in English for those who prefer it or choose it in the address', async () => {
    assert.match(await get('/'), /<html lang="fr">.*Listes de révocation/s);
    assert.match(await get('/', { acceptLanguage: 'en-GB' }), /<html lang="en">.*Revocation lists/s);
    const chosen = await get('/', { query: 'lang=en' });
    assert.match(chosen, /<html lang="en">/);
    assert.match(chosen, /href="\/\?lang=fr"/);
    assert.match(await get('/', { query: 'lang=xx&lang=en' }), /<html lang="fr">/);
  });

  it('has the fingerprint, the addresses and the dates of the lists, as the JSON document', async () => {
    const html = await get('/');
    const document = JSON.parse(await get('/authorities.json')) as { readonly authorities: readonly object[] };
    for (const part of ['ab'.repeat(32), 'http://pki.test/CRL/ACI-FO-PP.crl', 'http://pki.test/ocsp', '1.2.3'])
      for (const text of [html, JSON.stringify(document)]) assert.ok(text.includes(part), part);
    assert.match(html, /01\/03\/2026 10:00:00 UTC/);
    assert.deepEqual(
      document.authorities.map((one) => (one as { readonly lists: unknown }).lists),
      [
        [
          {
            scope: 'full',
            url: 'http://pki.test/CRL/ACI-FO-PP.crl',
            bytes: 900,
            thisUpdate: '2026-03-01T10:00:00Z',
            nextUpdate: '2026-03-01T10:00:01Z',
          },
          {
            scope: 'full-7',
            url: 'http://pki.test/CRL/ACI-FO-PP-p7.crl',
            bytes: 1,
            thisUpdate: '2026-03-01T10:00:00Z',
            nextUpdate: null,
          },
        ],
      ],
    );
  });

  it('shows names as text, runs no script, and has its style from the same server', async () => {
    const html = await get('/');
    assert.ok(!html.includes('<script'), html);
    assert.ok(!html.includes('style='), html);
    const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [];
    assert.match(await get(style), /--ground/);
  });

  it('is made once for all who ask within a second', () => {
    assert.equal(made, 1);
  });

  it('is at its paths only', async () => {
    assert.equal(await pages({ path: '/nothing', query: '', acceptLanguage: '' }), null);
  });
});
