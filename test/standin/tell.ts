import { setTimeout as sleep } from 'node:timers/promises';
import twilio from 'twilio';

/** POSTs a form as Twilio would: signed for the address as it was given. Once more when it is not answered with 2xx. */
export async function tell(
  url: string,
  fields: Record<string, string>,
  token: string,
  signature = twilio.getExpectedTwilioSignature(token, url, fields),
): Promise<number> {
  const status = await post(url, fields, signature);
  return status >= 200 && status < 300 ? status : post(url, fields, signature);
}

/** 0: nobody answered */
async function post(url: string, fields: Record<string, string>, signature: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      signal: AbortSignal.timeout(15_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Does everything that is handed to it, so many at a time, each not before its milliseconds are over. */
export function telling(most: number) {
  const waiting: (() => Promise<unknown>)[] = [];
  const underway = new Set<Promise<unknown>>();
  let running = 0;

  const start = () => {
    while (running < most && waiting.length > 0) {
      running++;
      void waiting
        .shift()?.()
        .finally(() => {
          running--;
          start();
        });
    }
  };
  return {
    after(milliseconds: number, work: () => Promise<unknown>): void {
      const due = sleep(milliseconds, undefined, { ref: false }).then(
        () =>
          new Promise<void>((done) => {
            waiting.push(() => work().finally(done));
            start();
          }),
      );
      underway.add(due);
      void due.finally(() => underway.delete(due));
    },
    /** Resolves when nothing waits any more. */
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}
