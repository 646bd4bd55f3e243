import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets the service come first: reading and encrypting could keep a processor busy for a long time.
 * A command that was started with a lower priority keeps it, because only root may raise it.
 */
export function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
}
