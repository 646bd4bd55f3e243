/** Random details of audit entries about transactions of CMP. */
import fc from 'fast-check';

export function cmpDetails({ uuid, account }: Readonly<Record<'uuid' | 'account', fc.Arbitrary<unknown>>>) {
  const transaction = fc.constantFrom('00112233445566778899aabbccddeeff', 'f'.repeat(64));
  const certificate = { transaction, certificate: uuid };
  return {
    'cmp.confirmed': fc.record(certificate),
    'cmp.rejected': fc.record({ ...certificate, text: fc.constantFrom('', 'wrong subject') }),
    'cmp.lapsed': fc.record({ ...certificate, unconfirmed: fc.constantFrom('revoke', 'undetermined') }),
    'cmp.vouched': fc.record({ transaction, account, body: fc.constantFrom('ir', 'kur') }),
  } as const;
}
