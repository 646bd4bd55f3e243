import type { Refusal } from '../signer/check-port.js';
import type { FrameContent } from './frames.js';

export type Answer = (answer: FrameContent) => void;

export function refusalFrame(id: number, { rule, detail, lastNumber }: Refusal): FrameContent {
  const meta = { rule, detail: detail.slice(0, 500), ...(lastNumber === undefined ? {} : { lastNumber }) };
  return { type: 'refused', id, meta };
}

/** Of one profile alone. */
export function capFrame(id: number, profile: string, retryAfterMs: number): FrameContent {
  const { meta, ...frame } = unavailableFrame(id, retryAfterMs, `the rate cap of ${profile}`);
  return { ...frame, meta: { ...meta, profile } };
}

export function unavailableFrame(id: number, retryAfterMs: number, detail: string): FrameContent {
  return { type: 'unavailable', id, meta: { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)), detail } };
}
