/** Inspects a token, in this process or through the signer that has it open. */
import { createSignerClient } from '../../../hsm/client/client.js';
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { describeInspectionFailure, type OpenedToken, withToken } from '../../../hsm/inspect/inspection.js';
import type { KeyAttributes } from '../../../hsm/pkcs11/keys/attributes.js';
import { type KeyReport, reportKeys, reportToken, type TokenReport } from '../../../hsm/pkcs11/report.js';

export type TokenView = {
  readonly name: string;
  /** The process that inspected the token: this command, or the signer when it opened the token. */
  readonly seenBy: 'this command' | 'the signer' | 'nobody';
  /** State of the signer: `ready`, `degraded`, `down` or `locked`; null: none runs. */
  readonly signer: string | null;
  readonly token: TokenReport | null;
  readonly keys: readonly KeyReport[];
  /** Why the token could not be inspected. */
  readonly fault: string | null;
};

const UNSEEN = { seenBy: 'nobody', signer: null, token: null, keys: [] } as const;

const STATUS_DEADLINE_MS = 2_000;

/**
 * `more` inspects what only the process with the open token can see; it is null if the signer has
 * it.
 */
export async function viewToken<More>(
  configuration: TokenConfiguration,
  more: (opened: OpenedToken) => More,
): Promise<{ readonly view: TokenView; readonly more: More | null }> {
  const { name } = configuration;
  const here = await withToken(configuration, (opened) => ({
    token: reportToken(opened.slot),
    keys: reportKeys(opened.session),
    more: more(opened),
  }));
  if (here.ok) {
    const { token, keys } = here.value;
    return { view: { name, seenBy: 'this command', signer: null, token, keys, fault: null }, more: here.value.more };
  }
  const fault = describeInspectionFailure(here.error);
  const unseen: TokenView = { ...UNSEEN, name, fault };
  if (here.error.kind !== 'locked-by-another') return { view: unseen, more: null };
  return { view: await viewThroughSigner(configuration, fault), more: null };
}

/** Asks the signer that has the token. `fault`: why nobody else can inspect it. */
export async function viewThroughSigner({ name, sockets }: TokenConfiguration, fault: string): Promise<TokenView> {
  const unseen: TokenView = { ...UNSEEN, name, fault };
  const client = createSignerClient({
    certificateSockets: new Map(),
    crlSockets: new Map(),
    ocspSockets: new Map(),
    deadlineMs: STATUS_DEADLINE_MS,
  });
  try {
    const status = await client.status(sockets[0]?.path ?? '');
    if (!status.ok) return unseen;
    const signer = String(status.value.state);
    const seen = status.value.hsm;
    if (typeof seen !== 'object' || seen === null) {
      const why = String(status.value.unlock ?? status.value.lastError);
      return { ...unseen, signer, fault: `${name}: the signer has the token open and is ${signer}: ${why}` };
    }
    // The types can be trusted: the socket of our own signer is open to this user only.
    const { token, keys } = seen as { readonly token: TokenReport; readonly keys: readonly KeyReport[] };
    return { name, seenBy: 'the signer', signer, token, keys, fault: null };
  } finally {
    client.close();
  }
}

export function describeToken({ manufacturer, model, serialNumber, firmware }: TokenReport): string {
  return `${manufacturer}, ${model}, serial number ${serialNumber || 'none'}, firmware ${firmware}`;
}

/**
 * Formats as `CKA_TOKEN !CKA_EXTRACTABLE CKA_LOCAL?CKR_ATTRIBUTE_TYPE_INVALID`: `!` is false, `?`
 * is unreadable, with the error.
 */
export function attributeLine(attributes: KeyAttributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === true ? name : value === false ? `!${name}` : `${name}?${value}`))
    .join(' ');
}
