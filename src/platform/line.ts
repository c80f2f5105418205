interface Waiting<In, Out> {
  one: In;
  done(out: Out): void;
  failed(error: unknown): void;
}

/** How what waits is worked on. */
export interface Turn<In, Out> {
  /** Whether this one still goes along with those, which came before it. */
  fits(batch: readonly In[], one: In): boolean;
  /** Answers one for each, in their order. May run a second time for one that failed together with others. */
  work(key: string, batch: readonly In[]): Promise<readonly Out[]>;
}

/** Answers what became of it. */
export type Line<In, Out> = (key: string, one: In) => Promise<Out>;

/**
 * A line for each key: whoever comes waits until those before are done, and what has come meanwhile is worked on together, as far as the
 * next ones fit. Nobody overtakes. What fails together is tried one by one, so that a bad one does not sink its neighbours.
 */
export function makeLine<In, Out>({ fits, work }: Turn<In, Out>): Line<In, Out> {
  const lines = new Map<string, Waiting<In, Out>[]>();

  return (key, one) =>
    new Promise((done, failed) => {
      const line = lines.get(key);
      if (line) return void line.push({ one, done, failed });
      const mine = [{ one, done, failed }];
      lines.set(key, mine);
      void serve(key, mine);
    });

  async function serve(key: string, line: Waiting<In, Out>[]): Promise<void> {
    while (line.length > 0) await settle(key, line.splice(0, together(line.map(({ one }) => one))));
    lines.delete(key);
  }

  /** How many of the first go together. */
  function together(ones: readonly In[]): number {
    const end = ones.findIndex((one, at) => at > 0 && !fits(ones.slice(0, at), one));
    return end < 0 ? ones.length : end;
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
