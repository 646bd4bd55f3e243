import type { FrameContent } from './frames.js';
import type { Refusal } from './judge-port.js';

export type Answer = (answer: FrameContent) => void;

export function refusalFrame(id: number, { rule, detail }: Refusal): FrameContent {
  return { type: 'refused', id, meta: { rule, detail: detail.slice(0, 500) } };
}

export function unavailableFrame(id: number, retryAfterMs: number, detail: string): FrameContent {
  return { type: 'unavailable', id, meta: { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)), detail } };
}
