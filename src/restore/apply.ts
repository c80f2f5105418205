import * as about from '../about/about.ts';
import * as consents from '../consents/consents.ts';
import * as customers from '../customers/customers.ts';
import type { Entry } from '../journal/journal.ts';
import { newId } from '../kernel/id.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

export type Needed = Pick<Services, 'tenancy' | 'files' | 'clock'>;

/** Does once more what an entry of the journal tells. What holds already stays as it is; a company that is gone has nothing to do. */
export async function apply(services: Needed, entry: Entry): Promise<void> {
  const { tenancy } = services;
  const { kind, body } = entry;
  if (kind === 'keyRevoked') return void (await tenancy.inPortal((db) => db.execute(sql.revokeKey(word(body.id)))));
  if (kind === 'userDisabled') return void (await tenancy.inPortal((db) => db.execute(sql.disableUser(word(body.id)))));
  if (kind === 'userEnabled') return void (await tenancy.inPortal((db) => db.execute(sql.enableUser(word(body.id)))));
  if (kind === 'sending' || entry.company === null) return;
  const company = await tenancy.companyOfJob({ companyId: entry.company });
  if (company) await tenancy.inCompany(company, (db) => DEEDS[kind](db, entry), 600);
}

const DEEDS: Readonly<
  Record<
    Exclude<Entry['kind'], 'keyRevoked' | 'userDisabled' | 'userEnabled' | 'sending'>,
    (db: CompanyDb, entry: Entry) => Promise<void>
  >
> = {
  // What is planned is not skipped here: it may have been sent before the STOP. Whoever calls it asks for the STOP again.
  silenced: async (db, { body }) => {
    const reason = consents.REASONS.find((each) => each === body.reason) ?? 'stop';
    await consents.suppress(db, { addressKey: word(body.key), hint: word(body.hint), reason, userId: null });
  },
  released: async (db, { body }) => {
    await consents.lift(db, word(body.key), null, { only: consents.REASONS });
  },
  refused: async (db, { body }) => {
    const channel = consents.CHANNELS.find((each) => each === body.channel);
    if (!channel) return;
    const told = { channel, addressKey: word(body.key), granted: false, at: new Date(word(body.at)) };
    await consents.record(db, [{ ...told, source: 'journal', wording: '' }], null);
  },
  erased: (db, entry) => eraseAgain(db, entry),
  launched: async (db, { body }) => {
    await db.execute(sql.cancelDraft(word(body.campaign)));
    if (typeof body.externalId === 'string') await db.execute(sql.tombstone(word(body.campaign), body.externalId));
  },
};

async function eraseAgain(db: CompanyDb, { body, at }: Entry): Promise<void> {
  const ids = words(body.customers);
  const there = await db.query<{ id: string; deleted: boolean }>(sql.there(ids));
  await customers.remove(
    db,
    there.filter(({ deleted }) => !deleted).map(({ id }) => id),
    null,
  );
  await customers.erase(
    db,
    there.map(({ id }) => id),
    null,
  );
  // The person asked for it: then it is known by the number alone.
  const phones = ids.length > 0 ? [] : await db.query<{ value: string }>(sql.phonesOf(words(body.keys)));
  for (const { value } of phones) {
    await about.eraseNumber(db, { requestId: newId(), phone: value, askedAt: new Date(at) });
  }
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(word) : []);
