/** Memory of the service and of the signer that works, over many issuances. */
import { residentMb } from '../../support/machine/resident.js';
import { isSignerChild, tokenOf } from '../../support/service/processes.js';
import type { Service } from '../../support/service/service.js';
import { runLoad } from '../issuance.js';
import { TOKEN } from '../peers/raw-signing.js';
import { atMost, number } from '../table.js';
import { type Part, withService } from './part.js';

const STEPS = 10;
/** From here on nothing should be growing any more. */
const SETTLED_AFTER_STEPS = 2;
const GROWTH_GOAL = 1.1;

type Resident = { readonly serviceMb: number; readonly signerMb: number };
type Step = Resident & { readonly issued: number };

export const measureSoak: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256' }, async (service) => {
    say(`memory over ${number(effort.soakIssuances)} issuances`);
    await service.start();
    const prepared = Math.ceil(effort.soakIssuances / STEPS);
    const seen: Step[] = [];
    for (let step = 1; step <= STEPS; step += 1) {
      await runLoad(service, { name: `SOAK-${step}`, seconds: null, prepared });
      const now = { issued: step * prepared, ...resident(service) };
      seen.push(now);
      say(`${number(now.issued)} issued: service ${number(now.serviceMb)} MB, signer ${number(now.signerMb)} MB`);
    }
    const last = seen.at(-1);
    const settled = seen[SETTLED_AFTER_STEPS - 1];
    if (last === undefined || settled === undefined) throw new Error('no step');
    const line = (what: string, pick: (one: Step) => number) => ({
      what: `Resident memory of the ${what} after ${number(last.issued)} issuances`,
      figure: `${number(pick(last))} MB (most ${number(Math.max(...seen.map(pick)))} MB)`,
      limit: `${number(pick(settled))} MB after ${number(settled.issued)}`,
      ...atMost(pick(last) / pick(settled), GROWTH_GOAL),
    });
    return { lines: [line('service', (one) => one.serviceMb), line('signer', (one) => one.signerMb)] };
  });

/** Resident memory of the service, and of the signer whose token the bench uses. */
export function resident(service: Service): Resident {
  const signer = service.tree().find((one) => isSignerChild(one) && tokenOf(one) === TOKEN);
  if (signer === undefined) throw new Error(`no signer of ${TOKEN}`);
  return { serviceMb: residentMb(service.pid()), signerMb: residentMb(signer.pid) };
}
