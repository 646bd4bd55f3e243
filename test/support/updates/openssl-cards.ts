/** Keys with certificates that OpenSSL makes and signs with, as the software of a card would. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import type { TbsView } from '../../../src/x509/model.js';
import { openssl } from '../../unit/asn1/openssl.js';
import { octetsOf } from './statements.js';

export type OpensslCard = {
  readonly tbs: TbsView;
  /** Base64. */
  readonly sign: (text: string) => string;
  /** Base64 of the DER; `options` of `openssl cms -sign`. */
  readonly cms: (content: Uint8Array, ...options: readonly string[]) => string;
  /** `-signer` and `-inkey` for a CMS with a second signer. */
  readonly asSigner: readonly string[];
};

/** The digest of `openssl dgst`; null: `openssl pkeyutl` signs the octets themselves. */
export const CARD_KEYS = {
  'rsa-2048': { key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], digest: 'sha256' },
  'p-256': { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], digest: 'sha256' },
  'p-384': { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], digest: 'sha384' },
  'p-521': { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'], digest: 'sha512' },
  'brainpool-p256r1': { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'], digest: 'sha256' },
  'brainpool-p384r1': { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'], digest: 'sha384' },
  ed25519: { key: ['-algorithm', 'ED25519'], digest: null },
} as const;
export type CardKey = keyof typeof CARD_KEYS;

export function makeOpensslCard(folder: string, type: CardKey, name: string = type): OpensslCard {
  const at = (ending: string): string => join(folder, `${name}.${ending}`);
  const [key, certificate, input, signature] = [at('key'), at('pem'), at('in'), at('sig')];
  const { key: words, digest } = CARD_KEYS[type];
  openssl(['genpkey', '-quiet', ...words, '-out', key]);
  openssl(['req', '-x509', '-new', '-key', key, '-subj', `/CN=${name}`, '-days', '9', '-out', certificate]);
  const der = new Uint8Array(openssl(['x509', '-in', certificate, '-outform', 'DER']));
  const read = readCertificate(der);
  if (!read.ok) throw new Error(read.error.rule);
  const asSigner = ['-signer', certificate, '-inkey', key];
  return {
    tbs: read.value.tbs,
    asSigner,
    sign: (text) => {
      writeFileSync(input, octetsOf(text));
      if (digest === null) openssl(['pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', input, '-out', signature]);
      else openssl(['dgst', `-${digest}`, '-sign', key, '-out', signature, input]);
      return readFileSync(signature).toString('base64');
    },
    cms: (content, ...options) => {
      writeFileSync(input, content);
      const form = ['-binary', '-nodetach', '-outform', 'DER'];
      return openssl(['cms', '-sign', '-in', input, ...form, ...asSigner, ...options]).toString('base64');
    },
  };
}
