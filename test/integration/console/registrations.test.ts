/**
 * The pages of registrations. Without these tests a registration office could not hand out what a
 * holder needs, or a secret could be shown to people who did not make it.
 */
import assert from 'node:assert/strict';
import { NEW_REGISTRATIONS } from '../../support/console/examples.js';
import { createVisitor, tokenIn, type Visitor } from '../../support/console/visitor.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { nextNumber, professionalId, tokenId } from '../../support/service/orders.js';

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const ENGLISH = { 'accept-language': 'en' };
const PAGE = '/console/registrations';

type ShownRegistration = {
  readonly registrations: readonly { readonly id: string; readonly state: string }[];
};

describeService('registrations of the console', { on: 'each' }, (running) => {
  let office: Visitor;
  let officer: Visitor;
  before(async function connect() {
    const { service } = running.shared;
    const account = await running.shared.newAccount({ roles: ['registration-office'], scope: EVERYTHING });
    office = createVisitor(service, account.credential);
    officer = createVisitor(service, 'officer-1');
  });
  after(() => Promise.all([office.close(), officer.close()]));

  const professional = (): Readonly<Record<string, string>> => {
    const number = nextNumber();
    return { ...NEW_REGISTRATIONS.professional, idNat: professionalId(number), card: tokenId(number) };
  };
  /** Fills in a form and returns what is shown once. */
  const confirm = async (path: string, fields: Readonly<Record<string, string>>) => {
    const { html } = await office.review(path, fields);
    const sent = { ...fields, token: tokenIn(html) };
    const shown = await office.post(path, sent, ENGLISH);
    assert.equal(shown.status, 200, shown.html);
    assert.equal(shown.headers['cache-control'], 'no-store');
    const [, reference = ''] = /<code[^>]*>([A-Z2-7]{16})<\/code>/.exec(shown.html) ?? [];
    const [, secret = ''] = /<code[^>]*>([A-Z2-7]{32})<\/code>/.exec(shown.html) ?? [];
    const [, id = ''] = /registrations\/([0-9a-f-]{36})"/.exec(shown.html) ?? [];
    return { ...shown, reference, secret, id, sent };
  };

  it('register a professional, and show the secret once, whose reference finds the page again', async () => {
    const fields = professional();
    const made = await confirm(`${PAGE}/professional`, fields);
    assert.match(made.secret, /^[A-Z2-7]{32}$/);
    const again = await office.post(`${PAGE}/professional`, made.sent, ENGLISH);
    assert.ok(again.html.includes(made.secret) && again.html.includes(made.id), 'a form that is sent again');
    const other = await confirm(`${PAGE}/organisation`, {
      ...NEW_REGISTRATIONS.organisation,
      application: `APP-${nextNumber()}`,
    });
    const listed = await office.open(`${PAGE}?reference=${made.reference.toLowerCase()}`);
    assert.ok(listed.html.includes(made.id) && !listed.html.includes(other.id));
    const found = await running.cards.expect<ShownRegistration>('GET', `/v1/registrations?reference=${made.reference}`);
    assert.deepEqual(
      found.registrations.map(({ id }) => id),
      [made.id],
    );
    for (const visitor of [office, officer]) {
      const page = await visitor.open(`${PAGE}/${made.id}`, ENGLISH);
      assert.equal(page.status, 200);
      assert.ok(!page.html.includes(made.secret));
      assert.match(page.html, /not issued yet/);
    }
    const profile = 'fort/cps-signature';
    await running.cards.expect('POST', `/v1/registrations/${made.id}/certificates`, {
      body: { profile, csr: makeCsr(makeKey()) },
    });
    assert.ok((await office.open(`${PAGE}?holder=${fields.idNat}`, ENGLISH)).html.includes('1 of 2'));
    const history = await officer.open(`${PAGE}/${made.id}`, ENGLISH);
    assert.match(history.html, /Registration created/);
    assert.doesNotMatch(history.html, /\/(secret|withdraw)"/, 'an officer reads registrations');
  });

  it('register every kind of holder, each of whom is on the list and by the API afterwards', async () => {
    const { staff, organisation, server } = NEW_REGISTRATIONS;
    const number = nextNumber();
    const forms = {
      staff: { ...staff, idNat: `30B0057881/CPET${number}`, card: tokenId(number) },
      organisation: { ...organisation, application: `APP-${number}` },
      server: { ...server, names: `lps-${number}.example.org lps-${number}.example.net` },
    };
    for (const [kind, fields] of Object.entries(forms)) {
      const made = await confirm(`${PAGE}/${kind}`, fields);
      const listed = await office.open(PAGE);
      assert.ok(listed.status === 200 && listed.html.includes(made.id), kind);
      await running.cards.expect('GET', `/v1/registrations/${made.id}`);
    }
  });

  it('make a new secret and withdraw, each only once for a form', async () => {
    const made = await confirm(`${PAGE}/professional`, professional());
    const path = `${PAGE}/${made.id}`;
    const renewed = await confirm(`${path}/secret`, {});
    assert.equal(renewed.reference, made.reference);
    assert.match(renewed.secret, /^[A-Z2-7]{32}$/);
    assert.notEqual(renewed.secret, made.secret);
    const stale = await office.post(`${path}/secret`, renewed.sent);
    assert.equal(stale.status, 409);
    assert.ok(!/<code[^>]*>[A-Z2-7]{32}<\/code>/.test(stale.html));
    const first = await office.post(`${PAGE}/professional`, made.sent, ENGLISH);
    assert.match(first.html, /cannot be shown any more/, 'the old secret is void');
    const withdrawn = await office.act(`${path}/withdraw`, {});
    assert.match(withdrawn.html, /Retiré|Withdrawn/);
    assert.equal((await office.open(`${path}/secret`)).status, 409);
    const listed = await office.open(`${PAGE}?state=withdrawn`);
    assert.ok(listed.html.includes(made.id));
  });

  it('say what is missing in a form, and what the rules refuse, and keep what was entered', async () => {
    const { 'profile-fort/cps-signature': _one, 'profile-fort/cps-authentication': _two, ...rest } = professional();
    const none = await office.open(`${PAGE}/professional?${new URLSearchParams({ ...rest, step: 'review' })}`);
    assert.equal(none.status, 422);
    assert.match(none.html, /id="profile-fort\/cps-[a-z]+-fault"/);
    const wrong = { ...professional(), idNat: '810002813830', end: '2020-01-01' };
    const { html } = await office.review(`${PAGE}/professional`, wrong);
    const refused = await office.post(`${PAGE}/professional`, { ...wrong, token: tokenIn(html) }, ENGLISH);
    assert.equal(refused.status, 422);
    assert.match(refused.html, /the registration must end after now/);
    assert.match(refused.html, /value="810002813830"/);
    assert.ok(!/<code[^>]*>[A-Z2-7]{32}<\/code>/.test(refused.html));
  });
});
