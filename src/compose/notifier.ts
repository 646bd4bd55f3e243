/**
 * Passes events on to subscribers. It is created before publisher and subscribers, so that neither
 * needs the other when it is created.
 */
type Notifier<Event> = {
  readonly notify: (event: Event) => void;
  /** Adds a subscriber. Subscribers are called in the order of their subscriptions. */
  readonly subscribe: (subscriber: (event: Event) => void) => void;
};

export function createNotifier<Event>(): Notifier<Event> {
  const subscribers: ((event: Event) => void)[] = [];
  return {
    notify: (event) => {
      for (const subscriber of subscribers) subscriber(event);
    },
    subscribe: (subscriber) => void subscribers.push(subscriber),
  };
}
