/** A check of `pfcng doctor`, and the facts that several of them need. */
import { gapsOf, readEvidence } from '../../compose/database/evidence.js';
import { type Home, type Installation, loadHome, loadInstallation } from '../../compose/home.js';
import { readIssuers } from '../../compose/issuers.js';
import type { Requirement } from '../../compose/requirements/requirement.js';
import { checkRequirement, faultLines } from '../../compose/requirements/table.js';
import type { Roles } from '../../compose/roles.js';
import { inspectHomeStore } from '../../compose/store.js';
import { operatorsAddress } from '../../config/schema/listen.js';
import type { ReaderStore } from '../../db/open.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { errorMessage } from '../../kernel/errors.js';
import type { Evidence, Gap } from '../../operations/restored/gaps.js';
import type { Log } from '../../ports/world.js';
import { type Finding, faulty, fine, unchecked } from './finding.js';
import { askService, type RunningService } from './running.js';

export type Check = {
  readonly name: string;
  /** What the check finds out, as a question. */
  readonly question: string;
  /** It must neither create nor change anything, whether the service runs or not. */
  readonly find: (facts: Facts) => Promise<Finding> | Finding;
  /** What a person does after a fault. */
  readonly whatToDo: string;
};

/** A check of the doctor for a requirement of the start. */
export function checkOf(requirement: Requirement): Check {
  const { name, question } = requirement;
  return {
    name,
    question,
    find: async ({ installation, roles }) => {
      const faults = await checkRequirement(requirement, installation, roles);
      if (faults === null) return unchecked('another fault has to be repaired before');
      if (faults.length === 0) return fine('in order');
      const remedies = new Set(faults.map(({ remedy }) => inBothLanguages(remedy)));
      return { ...faulty(faults.flatMap(faultLines).join('\n')), whatToDo: [...remedies].join('; ') };
    },
    whatToDo: '',
  };
}

/** A value, or why there is none. */
type Fact<Value> = { readonly value: Value } | { readonly missing: string };

export type Facts = {
  readonly roles: Roles;
  readonly installation: Installation;
  readonly home: Fact<Home>;
  readonly store: Fact<ReaderStore>;
  readonly evidence: Fact<Evidence>;
  readonly gaps: Fact<readonly Gap[]>;
  readonly running: Fact<RunningService>;
};

/** Faults of single files, which would be log lines in a service, do not belong to the output. */
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The caller closes `store`. */
export async function gatherFacts(roles: Roles): Promise<Facts> {
  const installation = loadInstallation();
  const home = await factOf(() => {
    const loaded = loadHome();
    return loaded.ok ? { value: loaded.value } : { missing: loaded.error.faults.join('; ') };
  });
  const store = await from(home, async (of) => {
    const opened = await inspectHomeStore(of);
    return opened.ok ? { value: opened.value } : { missing: opened.error.detail };
  });
  const evidence = await from(home, async (of) => {
    const read = await readEvidence(of);
    return read.ok ? { value: read.value } : { missing: read.error };
  });
  const gaps = await from(home, (of) =>
    from(store, (opened) =>
      from(evidence, async (known) => {
        const issuers = readIssuers(of);
        if (!issuers.ok) return { missing: issuers.error };
        const found = await gapsOf({ home: of, issuers: issuers.value, store: opened, log: SILENT }, known);
        return found.ok ? { value: found.value } : { missing: found.error };
      }),
    ),
  );
  const running = await from(home, async ({ config }) => ({
    value: await askService(operatorsAddress(config.listen, roles)),
  }));
  return { roles, installation, home, store, evidence, gaps, running };
}

async function from<Value, Made>(
  fact: Fact<Value>,
  make: (value: Value) => Promise<Fact<Made>> | Fact<Made>,
): Promise<Fact<Made>> {
  return 'missing' in fact ? fact : factOf(() => make(fact.value));
}

/** A file that cannot be read is a fault to report, and the other checks go on. */
async function factOf<Value>(find: () => Promise<Fact<Value>> | Fact<Value>): Promise<Fact<Value>> {
  try {
    return await find();
  } catch (error) {
    return { missing: errorMessage(error) };
  }
}
