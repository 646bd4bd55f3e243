/** Why a ceremony stops. Each can be mended and the ceremony resumed, unless the words say otherwise. */
import { unreachable } from '../kernel/assert.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import type { PlanRefused } from './plan.js';
import type { LineFault } from './transcript.js';

export type CeremonyFailure =
  | PlanRefused
  | { readonly kind: 'outside-window'; readonly now: Instant; readonly notBefore: Instant; readonly notAfter: Instant }
  | { readonly kind: 'clock-behind'; readonly now: Instant; readonly transcriptAt: string }
  | { readonly kind: 'software-differs'; readonly what: string; readonly planned: string; readonly found: string }
  | { readonly kind: 'output-exists'; readonly path: string }
  | { readonly kind: 'another-ceremony'; readonly id: string; readonly recorded: string; readonly given: string }
  | { readonly kind: 'transcript-altered'; readonly fault: LineFault }
  | StepFailure;

export type StepFailure =
  /** What an earlier step left is not there any more, or not as the transcript says. */
  | { readonly kind: 'artefact-altered'; readonly artefact: string; readonly detail: string }
  | { readonly kind: 'missing'; readonly what: string }
  | { readonly kind: 'lint-failed'; readonly artefact: string; readonly findings: readonly string[] }
  /** Our own check of what was made or found does not hold. */
  | { readonly kind: 'artefact-wrong'; readonly artefact: string; readonly detail: string }
  | { readonly kind: 'token-trouble'; readonly detail: string };

export function describeFailure(failure: CeremonyFailure): string {
  switch (failure.kind) {
    case 'plan-refused':
      return failure.faults.map(({ file, pointer, message }) => `${file}#${pointer}: ${message}`).join('\n');
    case 'outside-window': {
      const { now, notBefore, notAfter } = failure;
      return `it is ${formatInstant(now)}; the plan allows ${formatInstant(notBefore)} to ${formatInstant(notAfter)}`;
    }
    case 'clock-behind':
      return `it is ${formatInstant(failure.now)}, but the transcript goes on to ${failure.transcriptAt}`;
    case 'software-differs':
      return `${failure.what}: the plan or the transcript says ${failure.planned}, here is ${failure.found}`;
    case 'output-exists':
      return `${failure.path} exists already, and this ceremony did not make it`;
    case 'another-ceremony':
      return `ceremony ${failure.id} was begun with plan ${failure.recorded}, this one is ${failure.given}`;
    case 'transcript-altered':
      return `transcript, line ${failure.fault.line}: ${failure.fault.rule}`;
    case 'artefact-altered':
      return `${failure.artefact} is not as the transcript says: ${failure.detail}`;
    case 'missing':
      return `${failure.what} is needed first`;
    case 'lint-failed':
      return `${failure.artefact} would not pass the checks, nothing was signed: ${failure.findings.join('; ')}`;
    case 'artefact-wrong':
      return `${failure.artefact} is not what the plan says: ${failure.detail}`;
    case 'token-trouble':
      return failure.detail;
    default:
      return unreachable(failure);
  }
}
