/**
 * An actor is who acted, as audit entries and status events name it: an account, a certificate that
 * acted for itself, a registration whose secret was proved, a campaign, the platform itself
 * (`system`: jobs and commands), or a client that is not known (`anonymous`).
 */
export const SYSTEM = 'system';
export const ANONYMOUS = 'anonymous';

export const ACTOR_CHARACTERS_MAX = 160;
const ACTORS = [
  'system',
  'anonymous',
  'account:[a-z0-9][a-z0-9.-]{0,63}',
  'certificate:[a-z0-9-]{1,64}/[0-9a-f]{2,40}',
  'campaign:[0-9a-f-]{36}',
  'registration:[0-9a-f-]{36}',
];
const ACTOR = new RegExp(`^(${ACTORS.join('|')})$`);

export function isActor(text: string): boolean {
  return ACTOR.test(text);
}

const CAMPAIGN = 'campaign:';

/**
 * `account:<id>`. The platform orders certificates as `system`, and a campaign changes them as
 * itself; no account can be named like them.
 */
export function accountActor(id: string): string {
  return id === SYSTEM || id.startsWith(CAMPAIGN) ? id : `account:${id}`;
}

/** `campaign:<id>`. */
export function campaignActor(id: string): string {
  return `${CAMPAIGN}${id}`;
}

/** `certificate:<issuer>/<serial>`. */
export function certificateActor({ issuer, serial }: { readonly issuer: string; readonly serial: string }): string {
  return `certificate:${issuer}/${serial}`;
}

/** `registration:<id>`. */
export function registrationActor(id: string): string {
  return `registration:${id}`;
}
