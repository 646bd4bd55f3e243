/**
 * What writes to-be-signed bytes. A service has these and no others: nothing that is configured or asked for reaches them. They
 * are named here so that tests can put one that errs in the place of one, and see that what it writes is never signed.
 */
import { type CrlFrame, frameEntries } from '../crl/encode.js';
import type { Bytes } from '../kernel/bytes.js';
import { encodeResponseData, type ResponseContent } from '../ocsp/encode.js';
import { encodeTbs } from '../x509/certificate/certificate-writer.js';
import type { TbsCertificate } from '../x509/model.js';

export type Writers = {
  readonly certificate: (content: TbsCertificate) => Bytes;
  /** Asked several times for one list; each time for the same octets. */
  readonly list: (frame: CrlFrame, entries: AsyncIterable<Bytes>) => AsyncIterable<Bytes>;
  readonly answer: (content: ResponseContent) => Bytes;
};

export const WRITERS: Writers = { certificate: encodeTbs, list: frameEntries, answer: encodeResponseData };
