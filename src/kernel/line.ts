interface Waiting<In, Out> {
  one: In;
  done(out: Out): void;
  failed(error: unknown): void;
}

/** How what waits is worked on. */
export interface Turn<In, Out> {
  /** Whether this one still goes along with those, which come before it. */
  fits(batch: readonly In[], one: In): boolean;
  /** Answers one for each, in their order. May run a second time for one that failed together with others. */
  work(key: string, batch: readonly In[]): Promise<readonly Out[]>;
}

/**
 * A line for each key: whoever comes waits until those before are done, and what has come meanwhile is worked on together, as far as it
 * fits. What fails together is tried one by one, so that nobody sinks a neighbour.
 */
export function makeLine<In, Out>({ fits, work }: Turn<In, Out>): (key: string, one: In) => Promise<Out> {
  const lines = new Map<string, Waiting<In, Out>[]>();

  return (key, one) =>
    new Promise((done, failed) => {
      const line = lines.get(key);
      if (line) return void line.push({ one, done, failed });
      lines.set(key, [{ one, done, failed }]);
      void serve(key);
    });

  async function serve(key: string): Promise<void> {
    for (let next = takeNext(key); next.length > 0; next = takeNext(key)) await settle(key, next);
    lines.delete(key);
  }

  function takeNext(key: string): Waiting<In, Out>[] {
    const batch: Waiting<In, Out>[] = [];
    const left: Waiting<In, Out>[] = [];
    const taken: In[] = [];
    for (const each of lines.get(key) ?? []) {
      const goes = taken.length === 0 || fits(taken, each.one);
      (goes ? batch : left).push(each);
      if (goes) taken.push(each.one);
    }
    lines.set(key, left);
    return batch;
  }

  /** Never throws. */
  async function settle(key: string, batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await work(
        key,
        batch.map(({ one }) => one),
      );
      for (const [at, { done }] of batch.entries()) done(outs[at] as Out);
    } catch (error) {
      if (batch.length === 1) return void batch[0]?.failed(error);
      for (const each of batch) await settle(key, [each]);
    }
  }
}
