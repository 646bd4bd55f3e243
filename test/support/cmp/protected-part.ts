/**
 * ProtectedParts of CMP answers (RFC 9810 5.1.3), written with the DER writer alone: what a signer
 * is asked to sign, and variants that differ from it in one place.
 */
import { explicit, generalizedTime, integer, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';

export type PartFacts = {
  /** DER of the Name of the sender. */
  readonly sender: Bytes;
  /** The messageTime. */
  readonly at: number;
  readonly version?: number;
  /** 19: pkiconf. */
  readonly bodyTag?: number;
  readonly body?: Bytes;
  /** Replaces members of the header by their tag numbers; null: the member is left out. */
  readonly members?: Readonly<Record<number, Bytes | null>>;
};

const NULL = Uint8Array.of(0x05, 0x00);

export function protectedPart({ sender, at, version = 2, bodyTag = 19, body = NULL, members = {} }: PartFacts): Bytes {
  const usual: Readonly<Record<number, Bytes>> = {
    0: generalizedTime(at),
    1: seq(oid(OID.ecdsaWithSha256)),
    2: octetString(new Uint8Array(20).fill(2)),
    4: octetString(new Uint8Array(16).fill(4)),
    5: octetString(new Uint8Array(16).fill(5)),
    6: octetString(new Uint8Array(16).fill(6)),
  };
  const written = Object.entries({ ...usual, ...members }).flatMap(([number, value]) =>
    value === null ? [] : [explicit(Number(number), value)],
  );
  const name = explicit(4, sender);
  return seq(seq(integer(version), name, name, ...written), explicit(bodyTag, body));
}
