import { formatInstant } from '../../../kernel/clock.js';
import { SECOND_MS } from '../../../kernel/duration.js';
import { type Check, refused } from '../check.js';

export const MESSAGE_TIME: Check = {
  id: 'C6',
  examine: ({ message: { header }, settings, now }) => {
    const { messageTime } = header;
    if (messageTime === null)
      return settings.messageTimeRequired ? refused('badTime', 'messageTime must be present') : null;
    if (Math.abs(messageTime - now) <= settings.clockToleranceMs) return null;
    const seconds = settings.clockToleranceMs / SECOND_MS;
    return refused('badTime', `messageTime must be within ${seconds} s of our time, ${formatInstant(now)}`);
  },
};
