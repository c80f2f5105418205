import type { Channels } from '../src/platform/channels.ts';
import type { Mailer } from '../src/platform/mail.ts';
import type { CompanyJob, JobName, Payload } from '../src/queue/contracts.ts';
import type { Company } from '../src/tenancy/company.ts';
import type { OpenInside } from '../src/walls/walls.ts';
import type { Services } from '../src/web/services.ts';

interface PortalWork<Name extends JobName> {
  readonly services: Services;
  /** null: no mail server is configured */
  readonly mailer: Mailer | null;
  /** null among them: not set up */
  readonly channels: Channels;
  /** the whole portal, to look at it from inside; null: this process was started without */
  readonly inside: OpenInside | null;
  /** runs these jobs of another portal, without a mail server or a provider: nothing leaves */
  workOff(services: Services, jobIds: readonly string[]): Promise<void>;
  readonly payload: Payload<Name>;
  /** a worker of which nothing was heard for so long is taken for dead */
  readonly leaseSeconds: number;
  /** Aborted when the process stops or the lease was lost: long work throws, short work ends as usual. */
  readonly signal: AbortSignal;
}

interface CompanyWork<Name extends JobName> extends PortalWork<Name> {
  readonly company: Company;
}

export type Work<Name extends JobName> = Name extends CompanyJob ? CompanyWork<Name> : PortalWork<Name>;

/** May run twice, also after it succeeded: whoever writes one makes the second time harmless. */
export interface Handler<Name extends JobName> {
  /** Throws to be tried again later. */
  run(work: Work<Name>): Promise<void>;
  /** The last try is over: tell whoever waits for it. */
  givenUp?(work: Work<Name>, reason: string): Promise<void>;
}
