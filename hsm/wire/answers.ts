import type { FrameContent } from './frames.js';

export type AnswerSender = (answer: FrameContent) => void;

/**
 * The reason why a signer does not sign a request: the name of the violated rule, and the details.
 */
export type Refusal = {
  readonly rule: string;
  readonly detail: string;
  /** For a CRL whose number does not rise: the last number that this token signed, decimal. */
  readonly lastNumber?: string;
};

const DETAIL_LENGTH_MAX = 500;

export function refusalFrame(id: number, { rule, detail, lastNumber }: Refusal): FrameContent {
  const meta = {
    rule,
    detail: detail.slice(0, DETAIL_LENGTH_MAX),
    ...(lastNumber === undefined ? {} : { lastNumber }),
  };
  return { type: 'refused', id, meta };
}

/** Makes the answer that one profile has reached its rate cap. Other profiles are not affected. */
export function rateCapFrame(id: number, profile: string, retryAfterMs: number): FrameContent {
  const { meta, ...frame } = unavailableFrame(id, retryAfterMs, `the rate cap of ${profile}`);
  return { ...frame, meta: { ...meta, profile } };
}

export function unavailableFrame(id: number, retryAfterMs: number, detail: string): FrameContent {
  return { type: 'unavailable', id, meta: { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)), detail } };
}
