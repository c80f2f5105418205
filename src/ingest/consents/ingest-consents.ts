import { kindOf, record, type Told } from '../../consents/consents.ts';
import { parseEmail } from '../../kernel/email.ts';
import { parsePhone } from '../../kernel/phone.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import type { ItemError } from '../batch.ts';
import { errorsOf, firstOf } from '../item-errors.ts';
import { type ConsentInput, consent } from './input.ts';

interface ConsentResult {
  status: 'created' | 'updated' | 'unchanged' | 'rejected';
  address: string | null;
  errors: ItemError[];
}

type Read = { told: Omit<Told, 'addressKey'>; address: string } | { errors: ItemError[] };

const DAY = 86_400_000;

/** Takes consents as they came over the API, and answers one result for each, in their order; the good ones are stored in one transaction. */
export async function ingestConsents(
  tenancy: Tenancy,
  company: Company,
  items: readonly unknown[],
  now: Date,
): Promise<ConsentResult[]> {
  const read = items.map((item) => readItem(item, company.country, now));
  const good = read.flatMap((each) => ('errors' in each ? [] : [each]));
  const statuses = await tenancy.inCompany(company, (db) =>
    record(
      db,
      good.map(({ told, address }) => ({ ...told, addressKey: db.keyOfPhone(address) })),
      null,
    ),
  );
  let next = 0;
  return read.map((each) =>
    'errors' in each
      ? { status: 'rejected', address: null, errors: each.errors }
      : { status: statuses[next++] ?? 'unchanged', address: each.address, errors: [] },
  );
}

function readItem(item: unknown, country: string, now: Date): Read {
  const read = consent.safeParse(item);
  if (!read.success) return { errors: firstOf(read.error.issues.flatMap(errorsOf)) };
  const { channel, granted, at, source, wording } = read.data;
  const kind = kindOf(channel);
  const address = addressOf(read.data, country);
  const errors: ItemError[] = [
    ...(address
      ? []
      : [{ path: kind, message: kind === 'phone' ? 'is no valid phone number' : 'is no e-mail address' }]),
    ...(at.getTime() > now.getTime() + DAY ? [{ path: 'at', message: 'must not be more than a day ahead' }] : []),
  ];
  if (errors.length > 0 || !address) return { errors };
  return { told: { channel, granted, at, source, wording }, address };
}

const addressOf = ({ channel, phone, email }: ConsentInput, country: string): string | null =>
  kindOf(channel) === 'phone' ? (parsePhone(phone ?? '', country)?.e164 ?? null) : parseEmail(email ?? '');
