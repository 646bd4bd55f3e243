/**
 * Limits how many exports are sent at once. An export reads the database page by page for as long
 * as its client reads, which may be hours, while other requests last milliseconds.
 */
import type { ServerResponse } from 'node:http';
import { err, ok, type Result } from '../../kernel/result.js';
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';

export type ExportLimiter = {
  /**
   * Begins an export and returns the function that must be called when it ends; calling it again
   * has no effect.
   */
  readonly begin: (accountId: string) => Result<() => void, ExportFailure>;
};

type ExportFailure = Extract<HttpFailure, { readonly kind: 'quota-exceeded' | 'overloaded' }>;

type ExportLimits = { readonly allMax: number; readonly perAccountMax: number };

/** The limits of exports in progress in this process. */
export const EXPORT_LIMITS: ExportLimits = { allMax: 16, perAccountMax: 4 };

/**
 * Makes the response of an export and ends the export when the response is sent or its client has
 * left, at once if no response is made. If the connection was closed before this call, `close` does
 * not come any more, so the export ends when the response is made.
 */
export async function endWithResponse<Made extends Result<unknown, unknown>>(
  response: Pick<ServerResponse, 'once' | 'closed'>,
  end: () => void,
  make: () => Promise<Made>,
): Promise<Made> {
  response.once('close', end);
  let isMade = false;
  try {
    const made = await make();
    isMade = made.ok;
    return made;
  } finally {
    if (!isMade || response.closed) end();
  }
}

const RETRY_AFTER_MS = 10_000;

/**
 * An account that has reached its own limit gets 429. If all accounts together have reached theirs,
 * the answer is 503.
 */
export function createExportLimiter({ allMax, perAccountMax }: ExportLimits): ExportLimiter {
  const byAccount = new Map<string, number>();
  let all = 0;
  return {
    begin: (accountId) => {
      const own = byAccount.get(accountId) ?? 0;
      const message = text('exports-of-account', { max: perAccountMax });
      if (own >= perAccountMax) return err({ kind: 'quota-exceeded', retryAfterMs: RETRY_AFTER_MS, message });
      if (all >= allMax) return err({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
      all += 1;
      byAccount.set(accountId, own + 1);
      let hasEnded = false;
      return ok(() => {
        if (hasEnded) return;
        hasEnded = true;
        all -= 1;
        const left = (byAccount.get(accountId) ?? 1) - 1;
        if (left === 0) byAccount.delete(accountId);
        else byAccount.set(accountId, left);
      });
    },
  };
}
