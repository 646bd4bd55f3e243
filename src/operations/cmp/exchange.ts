/** A message that has passed the checks of its protection, and what is answered to it. */
import type { Principal } from '../../access/principal.js';
import type { BodyKind, CmpFault, InfoTypeAndValue, PkiMessage } from '../../cmp/model.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';

/** `transactionId`: in hexadecimal. */
export type CmpExchange = {
  readonly message: PkiMessage;
  readonly transactionId: string;
  readonly principal: Principal;
  /** Whether the principal has a transaction with this transactionID already. */
  readonly isKnown: boolean;
  /** How many transactions of the principal have not ended; null: the message begins none. */
  readonly open: number | null;
  /** The profile that the path or certProfile names; null: none. */
  readonly profile: string | null;
  /** What the transaction keeps of the protection of its messages. */
  readonly protection: Json;
  readonly usesMac: boolean;
  /** The account that has added its protection; null: none. */
  readonly vouchedBy: string | null;
  /** 16 fresh octets for the answer. */
  readonly senderNonce: Bytes;
  readonly sha256: string;
  readonly now: Instant;
  readonly origin: CmpOrigin;
  /** Called before the commit, with the answer that the message gets if it succeeds. */
  readonly expect: (answer: CmpAnswer) => void;
};

/** The request of HTTP in which a message came. */
export type CmpOrigin = {
  /** The address of the client, for the networks of accounts. */
  readonly address: string;
  /** Called with work that goes on after the answer. */
  readonly goesOn: (work: Promise<unknown>) => void;
};

/** The body of an answer, and the header fields that depend on it. */
export type CmpAnswer = {
  readonly bodyKind: BodyKind;
  readonly bodyContent: Bytes;
  readonly generalInfo: readonly InfoTypeAndValue[];
  readonly senderNonce: Bytes;
  readonly recipNonce: Bytes | null;
  /** Id of the authority that answers; null: that of the default profile. */
  readonly authority: string | null;
  /** Certificates for extraCerts beside those of the protection: the chain of the issued one. */
  readonly extraCerts: readonly Bytes[];
  /** null: no failure. */
  readonly failInfo: CmpFault['failInfo'] | null;
};

/** What answers read of a transaction. */
export type AnsweredRow = Omit<CmpTransaction, 'endedAt' | 'version'>;

/** A transaction as it is, with its certificate. `record`: null: there is none yet. */
export type CmpSituation = { readonly row: AnsweredRow; readonly record: CertificateRecord | null };
