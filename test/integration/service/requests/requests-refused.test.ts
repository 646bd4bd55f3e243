/**
 * Wrong input of clients: each fault has its own clear problem document, and none is a 500.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Answer, assertProblem } from '../../../support/service/client.js';
import { csrWithWrongSignature, makeCsr, makeKey, toPem } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import {
  bodyOf,
  cardBody,
  IDENTITY,
  nextNumber,
  orderOf,
  type ProfileId,
  professional,
  STRUCTURE,
  staff,
  tokenId,
} from '../../../support/service/orders.js';

const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';

type RefusedRequest = {
  readonly what: string;
  readonly body: () => object;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
  readonly rule?: string;
};

const SHAPES: readonly RefusedRequest[] = [
  {
    what: 'an unknown field',
    body: () => ({ ...bodyOf(ORGANISATION), subject: 'CN=me' }),
    status: 400,
    code: 'invalid-request',
    pointer: '/subject',
    rule: 'member-known',
  },
  {
    what: 'an unknown field deep inside',
    body: () => ({ ...bodyOf('fort/cps-signature'), identity: { ...IDENTITY, note: 'x' } }),
    status: 400,
    code: 'invalid-request',
    pointer: '/identity/note',
    rule: 'member-known',
  },
  {
    what: 'no CSR',
    body: () => orderOf(ORGANISATION),
    status: 400,
    code: 'invalid-request',
    pointer: '/csr',
    rule: 'member-required',
  },
  {
    what: 'a holder of no known kind',
    body: () => ({ ...bodyOf(ORGANISATION), holder: { kind: 'wizard' } }),
    status: 400,
    code: 'invalid-request',
    pointer: '/holder/kind',
  },
  {
    what: 'a time that is none',
    body: () => ({ ...bodyOf(ORGANISATION), validity: { notAfter: '2027-02-30T00:00:00Z' } }),
    status: 400,
    code: 'invalid-request',
    pointer: '/validity/notAfter',
    rule: 'format',
  },
  { what: 'a list', body: () => [], status: 400, code: 'invalid-request' },
];

const KEYS: readonly RefusedRequest[] = [
  {
    what: 'a CSR whose signature is wrong',
    body: () => bodyOf(ORGANISATION, csrWithWrongSignature(makeKey())),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-signature-verifies',
  },
  {
    what: 'garbage where the CSR should have its DER',
    body: () => bodyOf(ORGANISATION, toPem('CERTIFICATE REQUEST', randomBytes(600))),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-well-formed',
  },
  {
    what: 'garbage that begins like DER and promises 2 GB',
    body: () => bodyOf(ORGANISATION, toPem('CERTIFICATE REQUEST', Buffer.from('30847fffffff3084', 'hex'))),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-well-formed',
  },
  {
    what: 'a CSR that is no PEM',
    body: () => bodyOf(ORGANISATION, 'hello'),
    status: 422,
    code: 'proof-of-possession-failed',
    pointer: '/csr',
    rule: 'request-is-pem',
  },
  {
    what: 'an RSA-1024 key',
    body: () => bodyOf(ORGANISATION, makeCsr(makeKey('rsa-1024'))),
    status: 422,
    code: 'key-rejected',
    pointer: '/csr',
    rule: 'key-type-allowed',
  },
  {
    what: 'a key on a curve that is not known',
    body: () => bodyOf(ORGANISATION, makeCsr(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))),
    status: 422,
    code: 'key-rejected',
    pointer: '/csr',
    rule: 'request-key-usable',
  },
];

const POLICY: readonly RefusedRequest[] = [
  {
    what: 'a profile that there is not',
    body: () => ({ ...bodyOf(ORGANISATION), profile: 'fort/nothing' }),
    status: 422,
    code: 'policy-violated',
    pointer: '/profile',
    rule: 'profile-known',
  },
  {
    what: "a profile of the platform's own",
    body: () => ({ ...bodyOf(ORGANISATION), profile: 'elementaire/ocsp-org' }),
    status: 422,
    code: 'policy-violated',
    pointer: '/profile',
    rule: 'profile-internal',
  },
  {
    what: 'FORT without identity evidence',
    body: () => {
      const { identity: _left, ...body } = bodyOf('fort/cps-authentication');
      return body;
    },
    status: 422,
    code: 'policy-violated',
    pointer: '/identity',
    rule: 'identity-required',
  },
  {
    what: 'FORT with evidence of too low an assurance',
    body: () => ({ ...bodyOf('fort/cps-authentication'), identity: { ...IDENTITY, assurance: 'low' } }),
    status: 422,
    code: 'policy-violated',
    pointer: '/identity/assurance',
  },
  {
    what: 'a holder of another kind than the profile is for',
    body: () => ({ ...bodyOf('fort/cps-authentication'), holder: staff(nextNumber()) }),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/kind',
    rule: 'holder-kind',
  },
  {
    what: 'staff whose id belongs to another structure',
    body: () => {
      const holder = { ...staff(nextNumber()), structure: { ...STRUCTURE, id: '10B0221636' } };
      return { ...bodyOf('standard/cpe-authentication'), holder };
    },
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/idNat',
    rule: 'id-nat-structure',
  },
  {
    what: 'an RPPS number whose key is wrong',
    body: () => ({
      ...bodyOf('fort/cps-authentication'),
      holder: { ...professional(nextNumber()), idNat: '810002813838' },
    }),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/idNat',
    rule: 'rpps-key',
  },
  {
    what: 'a card of the wrong product',
    body: () => ({ ...bodyOf('fort/cps-authentication'), card: { tokenId: tokenId(1), product: 'cpe' } }),
    status: 422,
    code: 'policy-violated',
    pointer: '/card/product',
    rule: 'card-product',
  },
  {
    what: 'a longer life than the profile allows',
    body: () => ({ ...bodyOf(ORGANISATION), validity: { notAfter: '2032-01-01T00:00:00Z' } }),
    status: 422,
    code: 'policy-violated',
    pointer: '/validity/notAfter',
    rule: 'validity-within-profile',
  },
  {
    what: 'a wildcard server name',
    body: () => ({
      ...bodyOf('elementaire/serv-ssl'),
      holder: { kind: 'server', names: ['*.example.org'], structure: STRUCTURE },
    }),
    status: 422,
    code: 'policy-violated',
    pointer: '/holder/names/0',
    rule: 'server-name-wildcard',
  },
];

describeService('a request that cannot be granted', { on: 'each' }, (running) => {
  const post = (body: object): Promise<Answer> => running.cards.call('POST', '/v1/certificates', { body });

  for (const { what, body, ...expected } of [...SHAPES, ...KEYS, ...POLICY]) {
    it(`${what} gets ${expected.status} ${expected.code}`, async () => {
      assertProblem(await post(body()), expected);
    });
  }

  it('reports all violations at once', async () => {
    const { identity: _left, ...body } = bodyOf('fort/cps-authentication');
    const wrong = { ...body, card: { tokenId: 'x', product: 'cpe' } };
    const problem = assertProblem(await post(wrong), { status: 422, code: 'policy-violated' });
    const pointers = problem.violations?.map(({ pointer }) => pointer);
    assert.deepEqual(pointers?.sort(), ['/card/product', '/card/tokenId', '/identity']);
  });

  it('a body of 2 MB gets 413 too-large', async () => {
    const raw = JSON.stringify({ ...bodyOf(ORGANISATION), csr: 'A'.repeat(2 * 1024 * 1024) });
    const answer = await running.cards.call('POST', '/v1/certificates', { raw, type: 'application/json' });
    assertProblem(answer, { status: 413, code: 'too-large' });
    assert.equal((await running.cards.call('GET', '/v1/cas')).status, 200);
  });

  it('one byte over 64 KiB gets 413, 64 KiB are read', async () => {
    const padded = (length: number): string => '{}'.padEnd(length, ' ');
    const send = (raw: string) => running.cards.call('POST', '/v1/certificates', { raw, type: 'application/json' });
    assertProblem(await send(padded(64 * 1024 + 1)), { status: 413, code: 'too-large' });
    assertProblem(await send(padded(64 * 1024)), { status: 400, code: 'invalid-request' });
  });

  const bodies: readonly [string, string | Buffer][] = [
    ['not JSON', '{"profile":'],
    ['nothing', ''],
    ['garbage DER', Buffer.concat([Buffer.from('30820400', 'hex'), randomBytes(300)])],
    ['octets that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ];
  for (const [what, raw] of bodies) {
    it(`a body of ${what} gets 400 invalid-request`, async () => {
      const answer = await running.cards.call('POST', '/v1/certificates', { raw, type: 'application/json' });
      assertProblem(answer, { status: 400, code: 'invalid-request', pointer: '', rule: 'json' });
    });
  }

  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/jsonp', undefined]) {
    it(`the content type ${type ?? '(none)'} gets 415 unsupported-media-type`, async () => {
      const raw = JSON.stringify(bodyOf(ORGANISATION));
      const answer = await running.cards.call('POST', '/v1/certificates', {
        raw,
        ...(type === undefined ? {} : { type }),
      });
      assertProblem(answer, { status: 415, code: 'unsupported-media-type' });
    });
  }

  it('a card whose second request is wrong is not issued at all', async () => {
    const number = nextNumber();
    const { requests, ...rest } = cardBody(number);
    const [first] = requests as readonly object[];
    const bad = { profile: 'fort/cps-signature', csr: csrWithWrongSignature(makeKey()) };
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const answer = await running.cards.call('POST', path, { body: { ...rest, requests: [first, bad] } });
    assertProblem(answer, { status: 422, code: 'proof-of-possession-failed', pointer: '/requests/1/csr' });
    const found = await running.cards.call('GET', `/v1/certificates?card=${encodeURIComponent(tokenId(number))}`);
    assert.deepEqual(found.body, { certificates: [], nextCursor: null });
  });

  it('a card that is not the one in the path gets 400', async () => {
    const path = `/v1/cards/${encodeURIComponent(tokenId(nextNumber()))}/certificates`;
    const answer = await running.cards.call('POST', path, { body: cardBody() });
    const { detail } = assertProblem(answer, { status: 400, code: 'invalid-request', pointer: '/card/tokenId' });
    assert.match(detail ?? '', /^\/card\/tokenId: must be the card in the path, 8025000001\//);
  });

  it('one key for both certificates of a card gets 422 key-rejected', async () => {
    const number = nextNumber();
    const csr = makeCsr(makeKey());
    const requests = ['fort/cps-authentication', 'fort/cps-signature'].map((profile) => ({ profile, csr }));
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const answer = await running.cards.call('POST', path, { body: { ...cardBody(number), requests } });
    assertProblem(answer, { status: 422, code: 'key-rejected', pointer: '/requests/1/csr', rule: 'key-differs' });
  });

  it('the key of another holder gets 422 key-rejected', async () => {
    const csr = makeCsr(makeKey());
    assert.equal((await post(bodyOf(ORGANISATION, csr))).status, 201);
    const answer = await post(bodyOf(ORGANISATION, csr));
    assertProblem(answer, { status: 422, code: 'key-rejected', pointer: '/csr', rule: 'key-of-one-holder' });
  });

  it('an unknown profile gets the list of those that the account may use', async () => {
    const scope = { profiles: ['standard/*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    const body = { ...bodyOf('standard/cpe-signature'), profile: 'standard/cpe' };
    const answer = await client.call('POST', '/v1/certificates', { body });
    const { detail } = assertProblem(answer, { status: 422, code: 'policy-violated', rule: 'profile-known' });
    assert.match(detail ?? '', /may use standard\/cpa-authentication, .*standard\/cpe-signature$/);
  });

  it('a search in an unknown CA gets 400 with the list of CAs', async () => {
    const answer = await running.cards.call('GET', '/v1/certificates?ca=zzz');
    const { detail } = assertProblem(answer, {
      status: 400,
      code: 'invalid-request',
      pointer: '?/ca',
      rule: 'ca-known',
    });
    assert.equal(
      detail,
      '?/ca: must be an issuing CA: aci-el-org, aci-el-pp, aci-fo-org, aci-fo-pp, aci-st-org, aci-st-pp',
    );
  });

  it('a page of more than 200 gets 400, for certificates and for audit entries', async () => {
    for (const [client, path] of [
      [running.cards, '/v1/certificates'],
      [running.shared.as('auditor'), '/v1/audit/entries'],
    ] as const) {
      const { detail } = assertProblem(await client.call('GET', `${path}?limit=201`), {
        status: 400,
        code: 'invalid-request',
        pointer: '?/limit',
      });
      assert.equal(detail, '?/limit: must be a whole number from 1 to 200');
      assert.equal((await client.call('GET', `${path}?limit=200`)).status, 200);
    }
  });

  it('a key that was revoked for compromise is refused once, however many certificates it had', async () => {
    const number = nextNumber();
    const csr = makeCsr(makeKey());
    for (const _ of [1, 2]) assert.equal((await post({ ...orderOf('fort/cps-signature', number), csr })).status, 201);
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/revocation`;
    await running.cards.expect('POST', path, { body: { reason: 'keyCompromise' } });
    const answer = await post({ ...orderOf('fort/cps-signature', number), csr });
    const { violations } = assertProblem(answer, { status: 422, code: 'key-rejected', rule: 'key-not-compromised' });
    assert.equal(violations?.length, 1);
  });
});
