/** Enrolment by EST beside issuance by REST, in turns on one service. */
import { CONNECTIONS, enoughFor, type Run, runLoad } from '../../issuance.js';
import { middle } from '../../statistics.js';
import { atLeast, number } from '../../table.js';
import { type Part, withService } from '../part.js';

const GOAL = 0.8;
/** More than either reaches here: so many requests are prepared. */
const RATE_MAX = 4_000;

export const measureEst: Part = ({ effort, say }) => {
  say('EST and REST in turns, P-256, SQLite');
  return withService({ keyType: 'p-256' }, async (service) => {
    await service.start();
    const measure = (protocol: 'rest' | 'est', name: string, seconds: number): Promise<Run> =>
      runLoad(service, { protocol, name, seconds, prepared: enoughFor(RATE_MAX, seconds) });
    await measure('rest', 'WARM', effort.warmUpSeconds);
    const runs: Record<'rest' | 'est', Run[]> = { rest: [], est: [] };
    for (let run = 1; run <= effort.runs; run += 1)
      for (const protocol of ['rest', 'est'] as const)
        runs[protocol].push(await measure(protocol, `${protocol.toUpperCase()}-${run}`, effort.issuanceSeconds));
    const rest = middle(runs.rest, ({ rate }) => rate);
    const est = middle(runs.est, ({ rate }) => rate);
    return {
      lines: [
        {
          what: `Enrolment by EST (simpleenroll) of an account, P-256, SQLite, ${CONNECTIONS} connections`,
          figure: `${number(est.rate)} certificates/s (median ${number(est.medianMs)} ms, p99 ${number(est.p99Ms)} ms)`,
          limit: `${number(rest.rate)} certificates/s by REST`,
          ...atLeast(est.rate / rest.rate, GOAL),
        },
      ],
    };
  });
};
