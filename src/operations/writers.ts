/**
 * The writers of to-be-signed bytes. A service has only these: no configuration and no request can
 * change them. They are an argument so that tests can pass a faulty writer, and check that its
 * output is never signed.
 */
import { type CrlFrame, frameEntries } from '../crl/encode.js';
import type { Bytes } from '../kernel/bytes.js';
import { encodeResponseData, type ResponseContent } from '../ocsp/encode.js';
import { encodeTbs } from '../x509/certificate/certificate-writer.js';
import type { TbsCertificate } from '../x509/model.js';

export type Writers = {
  readonly certificate: (content: TbsCertificate) => Bytes;
  /** Called several times for one CRL, and returns the same bytes each time. */
  readonly list: (frame: CrlFrame, entries: AsyncIterable<Bytes>) => AsyncIterable<Bytes>;
  readonly answer: (content: ResponseContent) => Bytes;
};

export const WRITERS: Writers = { certificate: encodeTbs, list: frameEntries, answer: encodeResponseData };
