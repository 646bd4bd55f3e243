/**
 * One sitting of a ceremony, from its beginning or resumption to its end or interruption. It
 * connects the context of the steps with the people present and with the transcript.
 */
import { type CeremonyPlan, type Person, tokenUse } from '../plan/model.js';
import type { QuorumContext } from '../quorum/make-shares.js';
import { tokenOpener } from '../quorum/token-opener.js';
import type { StepContext } from '../steps/kind.js';
import type { Entry, EntryDraft } from '../transcript/transcript.js';
import type { CeremonyToken, CeremonyWorld } from '../world.js';
import { compareBundle, isCompared } from './compare-bundle.js';
import { confirm, operate } from './confirm.js';

export type Sitting = {
  /** Stores the people who answered the roll call. */
  readonly setPresent: (people: readonly Person[]) => void;
  /** Stores the number of the step that the following entries belong to. */
  readonly beginStep: (step: number) => void;
};

export function openSitting({
  world,
  plan,
  append,
  entries,
}: {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  readonly append: (draft: Omit<EntryDraft, 'at'>) => Promise<void>;
  readonly entries: () => readonly Entry[];
}): { readonly context: StepContext; readonly sitting: Sitting } {
  let people: readonly Person[] = [];
  let step = 0;
  const note: QuorumContext['note'] = (action, result) => append({ step, action, result });
  const quorum = tokenOpener({ world, plan, note });
  const opened = new Map<string, Promise<CeremonyToken>>();
  const context: StepContext = {
    world,
    plan,
    quorum,
    token(name) {
      const token = opened.get(name) ?? quorum.open(tokenUse(plan, name));
      opened.set(name, token);
      return token;
    },
    confirm: (shown) => confirm({ terminal: world.terminal, note, people }, shown),
    compare: (carried) => compareBundle({ terminal: world.terminal, note, people }, carried),
    isCompared: (carried) => isCompared(entries(), carried),
    operate: (act) => operate({ terminal: world.terminal, note, people }, act),
  };
  const sitting: Sitting = {
    setPresent(present) {
      people = present;
    },
    beginStep(number) {
      step = number;
    },
  };
  return { context, sitting };
}
