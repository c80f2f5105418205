import { addDays, dayOf, dayStart } from '../kernel/time.ts';
import { publishRevision, type Reason, type Sentiment, write } from '../reviews/reviews.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import { FieldError } from '../web/form.ts';
import * as sql from './sql.ts';

interface Word {
  /** slug of the author */
  by: string;
  /** the how-manieth of the author's customers that the big company has too, the latest there first; null: of its own, the latest */
  shared: boolean;
  nth: number;
  sentiment: Sentiment;
  reason: Reason;
  text: string;
  anonymous?: boolean;
  daysAgo: number;
  /** otherwise it waits for a moderator */
  published: boolean;
}

const BIG = 'zatyshok';

const WORDS: readonly Word[] = [
  {
    ...{
      by: 'lampka',
      shared: true,
      nth: 0,
      sentiment: 'negative',
      reason: 'refused_parcel',
      daysAgo: 40,
      published: true,
    },
    text: 'Ordered two lamps by cash on delivery, confirmed by phone, and refused both parcels at the pick-up point.',
  },
  {
    ...{
      by: 'lampka',
      shared: true,
      nth: 1,
      sentiment: 'positive',
      reason: 'pays_promptly',
      daysAgo: 90,
      published: true,
    },
    text: 'Five orders, each paid within the hour.',
  },
  {
    ...{
      by: 'gartenhaus',
      shared: true,
      nth: 0,
      sentiment: 'positive',
      reason: 'good_buyer',
      daysAgo: 25,
      published: true,
    },
    ...{ text: 'Knows what to order and collects it on time.', anonymous: true },
  },
  {
    ...{
      by: 'gartenhaus',
      shared: true,
      nth: 1,
      sentiment: 'neutral',
      reason: 'changes_orders',
      daysAgo: 430,
      published: true,
    },
    text: 'Changed the address twice after the parcel had left; paid for it without a word.',
  },
  {
    ...{
      by: 'gartenhaus',
      shared: true,
      nth: 2,
      sentiment: 'negative',
      reason: 'unpaid',
      daysAgo: 1,
      published: false,
    },
    text: 'Ordered on account, got everything, and has not paid for ten weeks. Three reminders had no answer.',
  },
  {
    ...{ by: 'lampka', shared: true, nth: 2, sentiment: 'negative', reason: 'fraud', daysAgo: 0, published: false },
    text: 'Says he paid but never did, call 067 123 45 67 and ask, this crook lives in Lampowa street 5.',
  },
  {
    ...{ by: BIG, shared: false, nth: 0, sentiment: 'positive', reason: 'good_buyer', daysAgo: 60, published: true },
    text: 'A pleasure to work with.',
  },
  {
    ...{
      by: BIG,
      shared: false,
      nth: 2,
      sentiment: 'positive',
      reason: 'collects_parcels',
      daysAgo: 12,
      published: true,
    },
    ...{ text: '', anonymous: true },
  },
  {
    ...{
      by: BIG,
      shared: false,
      nth: 4,
      sentiment: 'negative',
      reason: 'damaged_return',
      daysAgo: 0,
      published: false,
    },
    text: 'Sent back a blanket that had been washed, and said it came like that. We have pictures of the parcel as it left.',
  },
];

/** What the demo's companies wrote about each other's customers. A second time, what is there stays. */
export async function writeReviews(tenancy: Tenancy, now: Date): Promise<void> {
  const companies = await tenancy.companiesOfOperator();
  const big = companies.find(({ slug }) => slug === BIG);
  const latest = big ? await tenancy.inCompany(big, numbers) : [];
  for (const word of WORDS) {
    const company = companies.find(({ slug }) => slug === word.by);
    if (company) await say(tenancy, company, word, latest, now);
  }
}

interface Numbered {
  customer: string;
  phone: string;
}

const numbers = (db: CompanyDb) => db.query<Numbered>(sql.numbersByLatest());

async function say(
  tenancy: Tenancy,
  company: Company,
  word: Word,
  latest: readonly Numbered[],
  now: Date,
): Promise<void> {
  const own = await tenancy.inCompany(company, numbers);
  const wanted = word.shared ? latest.flatMap(({ phone }) => own.find((number) => number.phone === phone) ?? []) : own;
  const about = wanted[word.nth];
  if (!about) return;
  const at = daysBefore(now, word.daysAgo, company.timezone);
  const { sentiment, reason, text, anonymous = false } = word;
  const said = { phone: about.phone, sentiment, reason, text, anonymous };
  try {
    const handed = await tenancy.inCompany(company, (db) => write(db, about.customer, said, { userId: null, now: at }));
    if (word.published) await publish(tenancy, handed, at);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
  }
}

const daysBefore = (now: Date, days: number, zone: string) =>
  days === 0 ? now : dayStart(addDays(dayOf(now, zone), -days), zone);

const publish = (tenancy: Tenancy, { caseId, revisionId }: { caseId: string; revisionId: string }, at: Date) =>
  tenancy.inPortal(async (db) => {
    await db.execute(sql.decided(caseId, at));
    await publishRevision(db, revisionId, { now: at });
  });
