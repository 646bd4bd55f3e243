/** Encoder and reader of revocation lists, for ceremonies: the service's own. */
import type { CrlCodec } from '../ceremony/world.js';
import { assembleCrl, crlHeaderOf, encodeSmallCrl } from '../crl/encode.js';
import { readCrl } from '../crl/read.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import { err } from '../kernel/result.js';

export const ceremonyCrls: CrlCodec = {
  encode: (issuer, list, entries) => encodeSmallCrl(crlHeaderOf(issuer, list), entries),
  assemble(tbs, issuer, signature) {
    const { prefix, suffix } = assembleCrl(tbs.length, issuer.signatureAlgorithm, signature);
    return concat([prefix, tbs, suffix]);
  },
  async read(der, expected) {
    const read = await readCrl(chunksOf(der), expected);
    if (read.ok) return read;
    return err(read.error.kind === 'crl-malformed' ? `${read.error.rule}: ${read.error.detail}` : read.error.detail);
  },
};

async function* chunksOf(der: Bytes): AsyncGenerator<Bytes> {
  yield der;
}
