/**
 * Enrolment by CMP beside issuance by REST, in turns on one service: one message and one answer for
 * each certificate, because the client asks for implicit confirmation; and two where it confirms.
 */
import { encodePem } from '../../../../src/x509/pem.js';
import { sumMs } from '../../cpu-time.js';
import { CONNECTIONS, enoughFor, type Run, type RunPlan, runLoad } from '../../issuance.js';
import { middle } from '../../statistics.js';
import { atLeast, number } from '../../table.js';
import { type Part, withService } from '../part.js';

/**
 * Limit for the certificates a second: so many requests are prepared, and a run that needs more
 * fails. Preparing takes both processors for longer than a run does, and messages of CMP take more
 * of it than requests of REST, so that fewer are prepared than in other parts.
 */
const RATE_MAX = 1_000;

/** The warm-up of one protocol, in warm-ups of other parts. */
const WARM_UPS = 3;

const IMPLICIT = 'implicitly confirmed';
const PROTECTIONS = [
  { protocol: 'cmp-signature', confirmed: IMPLICIT, what: 'signed by the account', goal: 0.8 },
  { protocol: 'cmp-hmac', confirmed: IMPLICIT, what: 'with HMAC', goal: 0.8 },
  { protocol: 'cmp-pbm', confirmed: IMPLICIT, what: 'with PasswordBasedMac of 500 iterations', goal: 0.7 },
  { protocol: 'cmp-confirmed', confirmed: 'confirmed by certConf', what: 'signed by the account', goal: 0.5 },
] as const;

export const measureCmp: Part = ({ effort, say }) => {
  say('CMP and REST in turns, P-256, SQLite');
  return withService({ keyType: 'p-256' }, async (service) => {
    await service.start();
    const issuing = await fetch(`${service.urls.publication}/AC/ACI-EL-ORG.cer`);
    const chain = [encodePem('CERTIFICATE', new Uint8Array(await issuing.arrayBuffer()))];
    const measure = (protocol: NonNullable<RunPlan['protocol']>, run: number, seconds: number): Promise<Run> =>
      runLoad(service, {
        protocol,
        chain,
        name: `${protocol.toUpperCase()}-${run}`,
        seconds,
        prepared: enoughFor(RATE_MAX, seconds),
      });
    const protocols = ['rest', ...PROTECTIONS.map((one) => one.protocol)] as const;
    // Node compiles what is executed often. While it does, a certificate by CMP costs up to half a
    // millisecond more.
    for (let warmUp = 1; warmUp <= WARM_UPS; warmUp += 1)
      for (const protocol of protocols) await measure(protocol, -warmUp, effort.warmUpSeconds);
    const runs = {
      rest: [] as Run[],
      'cmp-signature': [] as Run[],
      'cmp-hmac': [] as Run[],
      'cmp-pbm': [] as Run[],
      'cmp-confirmed': [] as Run[],
    };
    for (let run = 1; run <= effort.runs; run += 1)
      for (const protocol of protocols) runs[protocol].push(await measure(protocol, run, effort.issuanceSeconds));
    const rest = middle(runs.rest, ({ rate }) => rate);
    return {
      lines: PROTECTIONS.flatMap(({ protocol, confirmed, what, goal }) => {
        const cmp = middle(runs[protocol], ({ rate }) => rate);
        return [
          {
            what: `Enrolment by CMP (cr, ${confirmed}) ${what}, P-256, SQLite, ${CONNECTIONS} connections`,
            figure: `${number(cmp.rate)} certificates/s (median ${number(cmp.medianMs)} ms, p99 ${number(cmp.p99Ms)} ms)`,
            limit: `${number(rest.rate)} certificates/s by REST`,
            ...atLeast(cmp.rate / rest.rate, goal),
          },
          {
            what: 'of which processor time of one, service and signers',
            figure: `${cpuMsOfOne(cmp).toFixed(2)} ms`,
            limit: `${cpuMsOfOne(rest).toFixed(2)} ms by REST`,
          },
        ];
      }),
    };
  });
};

function cpuMsOfOne({ cpu, answered }: Run): number {
  return sumMs(cpu) / answered;
}
