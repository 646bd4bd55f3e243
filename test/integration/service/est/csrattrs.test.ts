/**
 * A program that knows nothing of the profiles fills the template of csrattrs, and its request is
 * granted unchanged. Without this test a client could not find out what a request should contain.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import {
  type Set as Asn1Set,
  fromBER,
  type ObjectIdentifier,
  type OctetString,
  type Sequence,
  type Utf8String,
} from 'asn1js';
import { labelOf } from '../../../../src/est/request.js';
import { certificateIn, est } from '../../../support/est/est.js';
import { extension, type RequestContent, requestDer } from '../../../support/est/request.js';
import { tlv } from '../../../support/hsm/der.js';
import { credentialOf } from '../../../support/service/client.js';
import { makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { orderOf, SOFTWARE_PROFILES, STRUCTURE } from '../../../support/service/orders.js';

const TEMPLATE = '1.2.840.113549.1.9.16.2.61';
const EXTENSION_TEMPLATE = '1.2.840.113549.1.9.16.2.62';
const SUBJECT_ALT_NAME = '2.5.29.17';
const TYPES: Readonly<Record<string, RequestContent['subject'][number][0]>> = {
  '2.5.4.6': 'C',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.3': 'CN',
};

type Holder = {
  readonly application?: string;
  readonly names?: readonly string[];
  readonly emails?: readonly string[];
};

describeService('csrattrs', { on: 'sqlite' }, (running) => {
  for (const profile of SOFTWARE_PROFILES)
    it(`say what a request for ${profile} contains, so that it is granted unchanged`, async () => {
      const { service } = running.shared;
      const credential = credentialOf(service.at, 'card-management');
      const holder = orderOf(profile).holder as Holder;
      const answer = await est(service, { operation: `${labelOf(profile)}/csrattrs` });
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/csrattrs']);
      const key = makeKey(profile === 'elementaire/org-conf' ? 'rsa-3072' : 'p-256');
      const body = requestDer(key, filled(Buffer.from(answer.text, 'base64'), holder)).toString('base64');
      const issued = await est(service, { operation: `${labelOf(profile)}/simpleenroll`, body, credential });
      const certificate = new X509Certificate(await certificateIn(issued));
      assert.ok(certificate.checkPrivateKey(key.privateKey));
      const found = await running.shared
        .as('auditor')
        .expect<{ readonly entries: readonly { readonly entry: { readonly details: object } }[] }>(
          'GET',
          `/v1/audit/entries?type=certificate.intent&limit=200`,
        );
      const serial = certificate.serialNumber.toLowerCase();
      const intent = found.entries
        .map(({ entry }) => JSON.stringify(entry.details))
        .find((one) => one.includes(serial));
      assert.match(intent ?? 'no intent', /"protocol":"est"/);
      assert.match(intent ?? 'no intent', /"modifications":\[\]/);
    });
});

/** Members of an ASN.1 value. */
function members(value: unknown): readonly unknown[] {
  return (value as Sequence | Asn1Set).valueBlock.value;
}
const oidOf = (value: unknown): string => (value as ObjectIdentifier).valueBlock.toString();

/** What the template asks for, with the values of the holder in its gaps. */
function filled(der: Buffer, holder: Holder): RequestContent {
  const { result } = fromBER(der);
  const attributes = members(result).filter((one) => (one as Sequence).idBlock.tagNumber === 16);
  const [, values] = members(attributes.find((one) => oidOf(members(one)[0]) === TEMPLATE));
  const [version, subject, ...rest] = members(members(values)[0]);
  assert.equal((version as { readonly valueBlock: { readonly valueDec: number } }).valueBlock.valueDec, 0);
  const own: Readonly<Record<string, string>> = {
    ST: STRUCTURE.department,
    O: STRUCTURE.name,
    OU: STRUCTURE.id,
    CN: holder.application ?? holder.names?.[0] ?? '',
  };
  const asked = members(subject)
    .flatMap((rdn) => members(rdn))
    .map((attribute) => {
      const [type, value] = members(attribute);
      const name = TYPES[oidOf(type)] ?? 'L';
      return [name, value === undefined ? (own[name] ?? '') : (value as Utf8String).valueBlock.value] as const;
    });
  const requested = rest.find((one) => (one as Sequence).idBlock.tagNumber === 1);
  return { subject: asked, ...namesAsked(members(requested), holder) };
}

function namesAsked(attributes: readonly unknown[], holder: Holder): Partial<RequestContent> {
  const template = attributes.find((one) => oidOf(members(one)[0]) === EXTENSION_TEMPLATE);
  if (template === undefined) return {};
  const [wanted] = members(members(members(template)[1])[0]);
  const [type, value] = members(wanted);
  assert.equal(oidOf(type), SUBJECT_ALT_NAME);
  const names = Buffer.from((value as OctetString).valueBlock.valueHexView).toString('hex');
  if (names === '30028200') return { dns: holder.names ?? [] };
  assert.equal(names, '30028100');
  const emails = (holder.emails ?? []).map((email) => tlv(0x81, Buffer.from(email)));
  return { extensions: [extension('0603551d11', tlv(0x30, ...emails))] };
}
