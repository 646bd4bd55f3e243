/**
 * Checks of an environment that a schema cannot express: dates, durations within the ceilings,
 * profiles that exist.
 */
import { isObjectIdentifier } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { parseInstant } from '../../kernel/clock.js';
import { parseDuration } from '../../kernel/duration.js';
import { isTimeZone, parseMinutes } from '../../kernel/time-of-day.js';
import { CEILINGS } from '../ceilings.js';
import {
  type Document,
  type EnvironmentFile,
  faultIn,
  locationOf,
  type PolicyDocuments,
  type ProfileFile,
} from '../load/documents.js';
import type { PolicyFault } from '../model.js';
import { isOwnSigner } from '../own-signers.js';
import { keyUsageFault } from './profiles.js';

export function environmentFaults({ environment, profiles, authorities }: PolicyDocuments): readonly PolicyFault[] {
  const known = new Map(profiles.map(({ body }) => [body.id, body]));
  const { mark, suspensionAlsoFor } = environment.body;
  const issuing = new Set(authorities.filter(({ body }) => body.kind === 'issuing').map(({ body }) => body.id));
  const faults: PolicyFault[] = [
    ...policyFaults(environment),
    ...exceptionFaults(environment, known),
    ...exceptedKeyFaults(environment, known),
    ...scheduleFaults(environment),
    ...partitionFaults(environment, issuing),
  ];
  if (locationOf(environment).name !== mark) faults.push(faultIn(environment, '/mark', 'is not the name of the file'));
  for (const [at, id] of suspensionAlsoFor.entries()) {
    const holder = known.get(id)?.holder;
    if (holder === undefined)
      faults.push(faultIn(environment, `/suspensionAlsoFor/${at}`, `there is no profile ${id}`));
    if (holder !== undefined && isOwnSigner(holder))
      faults.push(faultIn(environment, `/suspensionAlsoFor/${at}`, `a ${holder} is never suspended`));
  }
  for (const [name, address] of Object.entries(environment.body.addresses)) {
    if (typeof address === 'string' && !URL.canParse(address))
      faults.push(faultIn(environment, `/addresses/${name}`, 'is not an address'));
  }
  return faults;
}

/** The schema allows arcs that have no encoding. */
function policyFaults(environment: Document<EnvironmentFile>): readonly PolicyFault[] {
  const { policyOid } = environment.body;
  if (!isObjectIdentifier(policyOid)) return [faultIn(environment, '/policyOid', 'is not an object identifier')];
  if (policyOid !== OID.anyPolicy) return [];
  return [faultIn(environment, '/policyOid', 'is anyPolicy, which is for authorities (RFC 5280 4.2.1.4)')];
}

function exceptionFaults(
  environment: Document<EnvironmentFile>,
  known: ReadonlyMap<string, unknown>,
): readonly PolicyFault[] {
  return (['keyExceptions', 'lintExceptions'] as const).flatMap((member) =>
    environment.body[member].flatMap(({ profiles, expires }, at) => {
      const pointer = `/${member}/${at}`;
      const faults = profiles.flatMap((id, index) =>
        id === '*' || known.has(id)
          ? []
          : [faultIn(environment, `${pointer}/profiles/${index}`, `there is no profile ${id}`)],
      );
      if (parseInstant(expires) === null)
        faults.push(faultIn(environment, `${pointer}/expires`, 'is not a day that exists'));
      return faults;
    }),
  );
}

/** A key without a usage could not be certified, and requests with it would fail. */
function exceptedKeyFaults(
  environment: Document<EnvironmentFile>,
  known: ReadonlyMap<string, ProfileFile>,
): readonly PolicyFault[] {
  return environment.body.keyExceptions.flatMap(({ profiles, keyType }, at) =>
    [...known.values()]
      .filter(({ id }) => profiles.includes('*') || profiles.includes(id))
      .flatMap((profile) => {
        const message = keyUsageFault(profile, keyType);
        return message === null
          ? []
          : [faultIn(environment, `/keyExceptions/${at}/keyType`, `${profile.id}: ${message}`)];
      }),
  );
}

function partitionFaults(environment: Document<EnvironmentFile>, issuing: ReadonlySet<string>): readonly PolicyFault[] {
  return Object.keys(environment.body.crl.partitions).flatMap((id) =>
    issuing.has(id) ? [] : [faultIn(environment, `/crl/partitions/${id}`, `there is no issuing authority ${id}`)],
  );
}

function scheduleFaults(environment: Document<EnvironmentFile>): readonly PolicyFault[] {
  const { crl, ocspAnswers, orders } = environment.body;
  const faults: PolicyFault[] = [];
  const duration = (pointer: string, text: string, msMax: number): number | null => {
    const parsed = parseDuration(text);
    // The jitter alone may be zero.
    if (!parsed.ok || (parsed.value <= 0 && pointer !== '/crl/jitter'))
      faults.push(faultIn(environment, pointer, 'is not a duration above zero'));
    else if (parsed.value > msMax)
      faults.push(faultIn(environment, pointer, `is longer than the ${msMax / 1000} s that the code allows`));
    return parsed.ok ? parsed.value : null;
  };
  const period = duration('/crl/period', crl.period, CEILINGS.crlPeriodMsMax);
  duration('/crl/overlap', crl.overlap, CEILINGS.crlOverlapMsMax);
  const after = duration('/crl/afterRevocation', crl.afterRevocation, CEILINGS.crlAfterRevocationMsMax);
  const afterMax = duration('/crl/afterRevocationMax', crl.afterRevocationMax, CEILINGS.crlAfterRevocationMsMax);
  if (after !== null && afterMax !== null && afterMax < after)
    faults.push(faultIn(environment, '/crl/afterRevocationMax', 'is shorter than the time after a revocation'));
  const jitter = duration('/crl/jitter', crl.jitter, CEILINGS.crlPeriodMsMax);
  if (period !== null && jitter !== null && jitter > period / 2)
    faults.push(faultIn(environment, '/crl/jitter', 'is longer than half the period'));
  if (crl.daily !== undefined && parseMinutes(crl.daily.at) === null)
    faults.push(faultIn(environment, '/crl/daily/at', 'is not a time of day, as 07:00 is'));
  if (crl.daily !== undefined && !isTimeZone(crl.daily.zone))
    faults.push(faultIn(environment, '/crl/daily/zone', 'is not a time zone, as Europe/Paris is'));
  const deltaPeriod = duration('/crl/delta/period', crl.delta.period, CEILINGS.crlDeltaPeriodMsMax);
  duration('/crl/delta/overlap', crl.delta.overlap, CEILINGS.crlDeltaOverlapMsMax);
  if (period !== null && deltaPeriod !== null && deltaPeriod > period)
    faults.push(faultIn(environment, '/crl/delta/period', 'is longer than the period of full lists'));
  const life = duration('/ocspAnswers/life', ocspAnswers.life, CEILINGS.ocspLifeMsMax);
  const maxAge = duration('/ocspAnswers/maxAge', ocspAnswers.maxAge, CEILINGS.ocspMaxAgeMsMax);
  duration('/ocspAnswers/staleMax', ocspAnswers.staleMax, CEILINGS.ocspStaleMsMax);
  duration('/orders/deadline', orders.deadline, CEILINGS.orderDeadlineMsMax);
  if (period !== null && after !== null && after > period)
    faults.push(faultIn(environment, '/crl/afterRevocation', 'is longer than the period'));
  if (life !== null && maxAge !== null && maxAge >= life)
    faults.push(faultIn(environment, '/ocspAnswers/maxAge', 'caches would keep an answer beyond its life'));
  return faults;
}
