/** The promise of the audit log about states: it tells the state of each certificate. */
import type { Facts } from '../promises.js';

/** The state that each kind of audit entry gives its certificate. */
const STATES: Readonly<Record<string, string>> = {
  'certificate.intent': 'open',
  'certificate.registered': 'issued',
  'certificate.abandoned': 'revoked',
  'certificate.revoked': 'revoked',
  'certificate.suspended': 'suspended',
  'certificate.released': 'issued',
};

export function unauditedStates({ crashed, settled }: Facts): readonly string[] {
  return [crashed, settled].flatMap(({ certificates, statusEvents, audit }) => {
    const said = new Map<unknown, string>();
    for (const { type, details } of audit) {
      const row = certificates.find(({ id }) => id === details.id);
      const state = type === 'certificate.issued' ? row?.becomes : STATES[type];
      if (state !== undefined) said.set(details.id, state);
      if (type === 'cmp.confirmed') said.set(details.certificate, 'issued');
      if (type !== 'update.confirmed') continue;
      for (const { id, updateId } of certificates)
        if (updateId === details.id && said.get(id) === 'pending') said.set(id, 'issued');
    }
    const wrong = certificates.flatMap((row) =>
      said.get(row.id) === row.status
        ? []
        : [`${row.issuer} ${row.serial} is ${row.status}, audited as ${said.get(row.id)}`],
    );
    const missing = [...said.keys()].filter((id) => !certificates.some((row) => row.id === id));
    const changes = new Map(
      audit.map(({ seq, type, details }) => [seq, type === 'cmp.confirmed' ? details.certificate : details.id]),
    );
    const updateOf = new Map<unknown, unknown>(certificates.map(({ id, updateId }) => [id, updateId]));
    const unlinked = statusEvents.flatMap(({ certificateId, auditSeq }) =>
      [certificateId, updateOf.get(certificateId)].includes(changes.get(auditSeq))
        ? []
        : [`a change of ${certificateId} names entry ${auditSeq}`],
    );
    return [...wrong, ...missing.map((id) => `${id} is audited and not there`), ...unlinked];
  });
}
