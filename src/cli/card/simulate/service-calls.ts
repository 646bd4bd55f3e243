/** The calls of a remote update, as the simulator sends them (ops/card-updates.md). */
import type { Json } from '../../../kernel/json.js';
import { type Api, ask } from '../../common/api-command.js';
import { type CallName, callWith, type Fault } from './faults.js';

export type PendingAnswer = {
  /** The time of the service, which every statement repeats. */
  readonly now: string;
  readonly next: 'none' | 'wait' | 'begin' | 'confirm' | 'desk';
  /** The update that is to be confirmed. */
  readonly update: string | null;
  readonly ticket: { readonly from: string; readonly until: string } | null;
  readonly deskReason: string | null;
};

type UpdateCertificate = {
  readonly id: string;
  readonly profile: string;
  readonly serialNumber: string;
  /** PEM. */
  readonly certificate: string;
};

export type UpdateDocument = {
  readonly id: string;
  readonly state: string;
  readonly certificates: readonly UpdateCertificate[];
  readonly replaces: readonly string[];
  readonly confirmBy: string | null;
  readonly overlap: string;
  /** null: it is not confirmed. */
  readonly overlapUntil: string | null;
  readonly supersede: string;
};

export type CardDocument = {
  readonly state: string;
  readonly certificates: readonly (UpdateCertificate & { readonly status: string })[];
};

/** `POST` with a body, `GET` without. */
export type Service = {
  readonly call: <Answer>(name: CallName, path: string, body?: { readonly [member: string]: Json }) => Promise<Answer>;
  /** The id of the platform key, as statements name it. */
  readonly platform: () => Promise<string>;
};

export function serviceWith(api: Api, faults: readonly Fault[]): Service {
  const call: Service['call'] = (name, path, body) =>
    callWith(faults, name, () => ask(api, path, body === undefined ? {} : { payload: JSON.stringify(body) }));
  return {
    call,
    platform: async () => {
      const { keys } = await call<{ readonly keys: readonly { readonly id: string }[] }>('keys', '/v1/keys');
      return keys[0]?.id ?? '';
    },
  };
}

export function cardPath(number: string): string {
  return `/v1/cards/${encodeURIComponent(number)}`;
}
