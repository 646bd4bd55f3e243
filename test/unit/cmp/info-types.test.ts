/**
 * What general messages are answered. Without these tests a client could get the root of another
 * hierarchy, an old list, or a template that says nothing. OpenSSL reads the answers in
 * `test/conformance/cmp`.
 */
import assert from 'node:assert/strict';
import {
  contextConstructed,
  contextPrimitive,
  explicit,
  generalizedTime,
  ia5Content,
  nullValue,
  oid,
  seq,
  time,
  utf8String,
} from '../../../src/asn1/der-writer.js';
import { answerInformation } from '../../../src/cmp/info-types/all.js';
import { INFO, type InfoContext, LISTS_BYTES_MAX, type PublishedList } from '../../../src/cmp/info-types/info-type.js';
import type { InfoTypeAndValue } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { NOTHING_KNOWN } from '../../../src/policy/enrolment/known-holder.js';
import { crlUrl } from '../../../src/policy/publication/addresses.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Issuer } from '../../../src/x509/model.js';
import { asn1parse } from '../asn1/openssl.js';
import { NOW, testIssuer, testPolicy } from '../policy/fixtures.js';

const policy = testPolicy();
const ids = ['acr-el', 'aci-el-pp', 'aci-el-org', 'acr-fo', 'aci-fo-pp'];
const issuers = [...ids.map((id) => testIssuer(policy, id)), testIssuer(policy, 'aci-el-org', 2)];
const ISSUED_AT = NOW - (NOW % 1_000);
const list = (bytes: number): PublishedList => {
  return { sizeBytes: bytes, thisUpdate: ISSUED_AT, bytes: seq(new Uint8Array(bytes)) };
};

function contextFor(profile: string | null, more: Partial<InfoContext> = {}): InfoContext {
  const found = profile === null ? null : present(policy.profiles.get(profile), profile);
  const about =
    found === null ? null : { profile: found, issuer: named(found.authority as IssuerId), known: NOTHING_KNOWN };
  return { policy, issuers, links: [], now: NOW + DAY_MS, about, findList: async () => list(100), ...more };
}

const named = (id: string): Issuer => present(issuers.find((one) => one.id === id) ?? null, id);

const ORGANISATION = contextFor('elementaire/org-auth-cli');

async function answerTo(item: InfoTypeAndValue, context: InfoContext = ORGANISATION): Promise<InfoTypeAndValue> {
  const answer = await answerInformation([item], context);
  assert.ok(answer.ok, JSON.stringify(answer));
  const [only, another] = answer.value;
  assert.equal(another, undefined);
  return present(only, 'an answer');
}

async function failInfoOf(items: readonly InfoTypeAndValue[], context: InfoContext = ORGANISATION): Promise<string> {
  const answer = await answerInformation(items, context);
  assert.ok(!answer.ok, 'refused');
  assert.equal(answer.error.at, 'error');
  assert.ok(answer.error.text.every((line) => line.length <= 500));
  return answer.error.failInfo;
}

const ask = (type: keyof typeof INFO, value: Bytes | null = null): InfoTypeAndValue => ({ oid: INFO[type], value });

/** CRLStatus. */
const byUri = (uri: string, thisUpdate: Bytes | null = null): Bytes =>
  seq(
    explicit(0, contextConstructed(0, contextPrimitive(6, ia5Content(uri)))),
    ...(thisUpdate === null ? [] : [thisUpdate]),
  );
const byIssuer = (name: Bytes): Bytes => seq(explicit(1, seq(explicit(4, name))));

describe('general messages', () => {
  it('have the issuing CAs of the hierarchy for caCerts, the newest generation and the own CA first, without roots', async () => {
    const { oid: type, value } = await answerTo(ask('caCerts'));
    assert.equal(type, INFO.caCerts);
    const wanted = ['aci-el-org-2', 'aci-el-org', 'aci-el-pp'].map((id) => named(id).certificate);
    assert.deepEqual(value, seq(...wanted));
    const all = await answerTo(ask('caCerts'), contextFor(null));
    assert.equal(asn1parse(present(all.value, 'certificates')).filter(({ depth }) => depth === 1).length, 4);
    const ended = { ...ORGANISATION, now: Date.UTC(2200, 0) };
    assert.deepEqual(await answerTo(ask('caCerts'), ended), { oid: INFO.caCerts, value: null });
  });

  it('have the next generation of a root, or no value, and refuse what is no root', async () => {
    const root = named('acr-el');
    const none = await answerTo(ask('rootCaCert', root.certificate));
    assert.deepEqual(none, { oid: INFO.rootCaKeyUpdate, value: null });
    const next = { ...root, id: 'acr-el-2' as IssuerId, generation: 2, certificate: seq(Uint8Array.of(5, 0)) };
    const updated = contextFor('elementaire/org-auth-cli', { issuers: [...issuers, next] });
    assert.deepEqual((await answerTo(ask('rootCaCert', root.certificate), updated)).value, seq(next.certificate));
    const [newWithOld, oldWithNew] = [seq(Uint8Array.of(2, 1, 1)), seq(Uint8Array.of(2, 1, 2))];
    const links = [
      { subject: root.id, issuer: next.id, certificate: oldWithNew },
      { subject: next.id, issuer: root.id, certificate: newWithOld },
      { subject: 'acr-fo-2' as IssuerId, issuer: 'acr-fo' as IssuerId, certificate: seq() },
    ];
    const linked = seq(next.certificate, explicit(0, newWithOld), explicit(1, oldWithNew));
    assert.deepEqual((await answerTo(ask('rootCaCert', root.certificate), { ...updated, links })).value, linked);
    const justOne = { ...updated, links: links.slice(0, 1) };
    const oldOnly = await answerTo(ask('rootCaCert', root.certificate), justOne);
    assert.deepEqual(oldOnly.value, seq(next.certificate, explicit(1, oldWithNew)));
    const last = { ...next, id: 'acr-el-3' as IssuerId, generation: 3, certificate: seq(Uint8Array.of(5, 1)) };
    const skipped = { ...updated, issuers: [...updated.issuers, last], links };
    assert.deepEqual((await answerTo(ask('rootCaCert', root.certificate), skipped)).value, seq(last.certificate));
    const other = await answerTo(ask('rootCaCert', named('acr-fo').certificate), updated);
    assert.equal(other.value, null, 'another root has no other generation');
    const suite = contextFor('elementaire/cmp-suite', { issuers: updated.issuers });
    assert.deepEqual((await answerTo(ask('rootCaCert'), suite)).value, seq(next.certificate));
    assert.deepEqual((await answerTo(ask('rootCaCert'), { ...suite, links })).value, linked);
    assert.equal((await answerTo(ask('rootCaCert'), contextFor('elementaire/cmp-suite'))).value, null);
    for (const value of [null, named('aci-el-org').certificate, utf8String('x')])
      assert.equal(await failInfoOf([ask('rootCaCert', value)]), 'badRequest');
  });

  it('have a template with fixed and known values and empty others, and the types of keys without a key', async () => {
    const structure = { id: '2187512751', name: 'AGENCE', department: 'Paris (75)' };
    const about = { ...present(ORGANISATION.about, 'profile'), known: { holder: { structure }, card: null } };
    const { value } = await answerTo(ask('certReqTemplate'), { ...ORGANISATION, about });
    const shown = asn1parse(present(value, 'a template')).map(({ depth, type, text }) => `${depth} ${type} ${text}`);
    const printed = shown.join('\n');
    assert.match(printed, /^0 SEQUENCE \n1 SEQUENCE \n2 cont \[ 5 \] /);
    assert.match(printed, /countryName\n\d PRINTABLESTRING FR\n[\s\S]*AGENCE\n[\s\S]*commonName\n\d UTF8STRING \n/);
    assert.doesNotMatch(printed, /cont \[ 6 \]/);
    assert.match(printed, /1\.3\.6\.1\.5\.5\.7\.5\.1\.1[12]|regCtrl/i);
    const server = await answerTo(ask('certReqTemplate'), contextFor('elementaire/serv-ssl'));
    const text = asn1parse(present(server.value, 'a template')).map((line) => `${line.type} ${line.text}`);
    assert.match(text.join('\n'), /cont \[ 9 \] [\s\S]*Subject Alternative Name\nOCTET STRING 30028200/);
  });

  it('have a template and key types for every profile of holders', async () => {
    for (const profile of policy.profiles.values()) {
      const issuer = issuers.find(({ authority }) => authority === profile.authority);
      if (issuer === undefined) continue;
      const context = { ...ORGANISATION, about: { profile, issuer, known: NOTHING_KNOWN } };
      for (const type of ['certReqTemplate', 'signKeyPairTypes', 'encKeyPairTypes'] as const)
        assert.ok(asn1parse(present((await answerTo(ask(type), context)).value, type)).length > 2, profile.id);
    }
  });

  it('have the lists that are newer, each once, by their address or by their CA', async () => {
    const uri = crlUrl(policy.environment, 'aci-el-org' as IssuerId);
    const name = named('acr-fo').subjectDer;
    const asked = async (...statuses: readonly Bytes[]): Promise<number> => {
      const { oid: type, value } = await answerTo(ask('crlStatusList', seq(...statuses)));
      assert.equal(type, INFO.crls);
      return value === null
        ? 0
        : asn1parse(value).filter(({ depth, type: tag }) => depth === 1 && tag === 'SEQUENCE').length;
    };
    assert.equal(await asked(byUri(uri)), 1);
    assert.equal(await asked(byUri(uri), byIssuer(name)), 2);
    assert.equal(await asked(byUri(uri), byUri(uri), byIssuer(named('aci-el-org').subjectDer)), 1);
    assert.equal(await asked(byUri(uri, time(ISSUED_AT))), 0);
    assert.equal(await asked(byUri(uri, generalizedTime(ISSUED_AT - 1_000))), 1);
    assert.equal(await asked(byUri('http://elsewhere.example/a.crl')), 0);
    assert.equal(await asked(byUri(`${uri}x`), byIssuer(seq())), 0);
  });

  it('refuse lists that are too long or not here with their address, and malformed questions', async () => {
    const uri = crlUrl(policy.environment, 'aci-el-org' as IssuerId);
    for (const found of [null, list(LISTS_BYTES_MAX + 1), { ...list(100), bytes: null }]) {
      const context = { ...ORGANISATION, findList: async () => found };
      for (const item of [ask('currentCRL'), ask('crlStatusList', seq(byUri(uri)))]) {
        const refused = await answerInformation([item], context);
        assert.ok(!refused.ok && refused.error.failInfo === 'addInfoNotAvailable');
        assert.match(refused.error.text.join(), /ACI-EL-ORG\.crl/);
      }
    }
    const half = contextFor('elementaire/org-auth-cli', { findList: async () => list(LISTS_BYTES_MAX / 2 + 100) });
    const both = [ask('currentCRL'), ask('crlStatusList', seq(byIssuer(named('acr-fo').subjectDer)))];
    assert.equal(await failInfoOf(both, half), 'addInfoNotAvailable');
    const nine = Array.from({ length: 9 }, (_, at) => byUri(`http://a.example/${at}`));
    for (const value of [null, seq(), nullValue(), seq(seq()), seq(byUri(uri, utf8String('x'))), seq(...nine)])
      assert.equal(await failInfoOf([ask('crlStatusList', value)]), 'badRequest');
  });

  it('have the current list of the CA of the profile', async () => {
    const asked: string[] = [];
    const findList = async (name: string) => {
      asked.push(name);
      return list(10);
    };
    await answerTo(ask('currentCRL'), contextFor('elementaire/org-auth-cli', { findList }));
    assert.deepEqual(asked, ['ACI-EL-ORG.crl']);
  });

  it('name algorithms, the language, and no certificate for encryption', async () => {
    const keys = asn1parse(present((await answerTo(ask('signKeyPairTypes'))).value, 'algorithms'));
    const algorithms = keys.filter(({ depth }) => depth === 1);
    assert.ok(algorithms.length > 1, 'RSA of any length is one algorithm');
    assert.equal(keys.filter(({ text }) => text === 'rsaEncryption').length, 1);
    const encryption = asn1parse(present((await answerTo(ask('encKeyPairTypes'))).value, 'RSA'));
    assert.deepEqual(encryption.map(({ text }) => text).filter(Boolean), ['rsaEncryption']);
    const cipher = asn1parse(present((await answerTo(ask('preferredSymmAlg'))).value, 'AES'));
    assert.match(JSON.stringify(cipher), /aes-256-cbc/);
    assert.deepEqual(await answerTo(ask('caProtEncCert')), { oid: INFO.caProtEncCert, value: null });
    const languages = seq(utf8String('fr'), utf8String('EN-gb'));
    assert.deepEqual((await answerTo(ask('suppLangTags', languages))).value, seq(utf8String('en')));
    for (const value of [null, seq(), seq(utf8String('fr'), utf8String('english')), utf8String('en')])
      assert.equal(await failInfoOf([ask('suppLangTags', value)]), 'badRequest');
  });

  it('list what is not supported, beside the answers, in the order of the request', async () => {
    const passphrase = '1.3.6.1.5.5.7.4.12';
    const largest = `1.2.${2 ** 48 - 1}`;
    const items = [{ oid: passphrase, value: nullValue() }, ask('caProtEncCert'), { oid: largest, value: null }];
    const answer = await answerInformation(items, ORGANISATION);
    assert.ok(answer.ok);
    const unsupported = { oid: INFO.unsupportedOIDs, value: seq(oid(passphrase), oid(largest)) };
    assert.deepEqual(answer.value, [ask('caProtEncCert'), unsupported]);
  });

  it('refuse no items, more than eight, a type twice, a value where none belongs, and a missing profile', async () => {
    const nine = Array.from({ length: 9 }, (_, at) => ({ oid: `1.2.3.${at}`, value: null }));
    for (const items of [[], nine, [ask('caCerts'), ask('caCerts')]])
      assert.equal(await failInfoOf(items), 'badRequest');
    const without = ['caCerts', 'certReqTemplate', 'currentCRL', 'signKeyPairTypes', 'encKeyPairTypes'] as const;
    for (const type of [...without, 'preferredSymmAlg', 'caProtEncCert'] as const)
      assert.equal(await failInfoOf([ask(type, nullValue())]), 'badRequest', type);
    for (const type of ['certReqTemplate', 'currentCRL', 'signKeyPairTypes'] as const)
      assert.equal(await failInfoOf([ask(type)], contextFor(null)), 'badRequest', type);
  });
});
