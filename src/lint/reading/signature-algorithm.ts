/**
 * The lint's own reader of the AlgorithmIdentifier of signatures. Results are cached by the
 * encoding, because a CA uses few algorithms.
 */
import { cacheByBytes } from '../../asn1/decode-cache.js';
import { nullValue, objectIdentifier, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';

type AlgorithmReading = { readonly oid: string; readonly parameters: 'absent' | 'null' | 'other' };

const known = cacheByBytes({ entriesMax: 32, octetsMax: 128 }, (octets): AlgorithmReading => {
  const parsed = parseDer(octets, (root): AlgorithmReading => {
    const fields = sequence(root, 'algorithmIdentifier');
    const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
    if (!fields.more()) return { oid, parameters: 'absent' };
    const parameters = fields.any('parameters');
    fields.end();
    if (parameters.tag !== TAG.null) return { oid, parameters: 'other' };
    nullValue(parameters, 'parameters');
    return { oid, parameters: 'null' };
  });
  // The structure was checked with the certificate, so that only a NULL with content can be wrong
  // here.
  return parsed.ok ? parsed.value : { oid: 'unreadable', parameters: 'other' };
});

/** `der` is the whole AlgorithmIdentifier. */
export function readAlgorithm(der: Bytes): AlgorithmReading {
  return known({ bytes: der, from: 0, end: der.length });
}
