import type { Contact } from '../identity/identity.ts';
import { fold } from '../kernel/text.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { type Posted, type Result, type Storing, storeBatch } from './batch.ts';
import type { Described } from './person.ts';

/** A row of an imported file, by what it says and not by where it stands: the same row again is the same arrival. */
export interface ImportRow extends Posted {
  /** the accounts beside `customer.accountId` */
  moreAccounts: string[];
}

/**
 * Stores rows of a file as proof of who is who, in one transaction (C-13). They are no activity and no dealing, and what orders and messages
 * say of a person counts more. Whoever brings a person again that was deleted wants that person back. `at`: when the file was brought.
 */
export async function storeImportRows(db: CompanyDb, rows: readonly ImportRow[], at: Date): Promise<Result[]> {
  const kind: Storing<ImportRow> = {
    kind: 'import',
    at: () => at,
    isDealing: null,
    describe: describeRow,
    leavesBehind: true,
    write: async () => {},
  };
  return storeBatch(db, kind, rows, { portal: false, now: at });
}

/** The phones and addresses of a row are read already. */
function describeRow({ customer, moreAccounts }: ImportRow): Described {
  const { accountId, name, gender, region } = customer;
  const [phones, emails] = [customer.phones ?? [], customer.emails ?? []];
  const contacts = [
    ...asContacts('account', accountId ? [accountId] : []),
    ...asContacts('phone', phones),
    ...asContacts('email', emails),
    ...asContacts('account', moreAccounts),
  ];
  return { contacts, name, gender, region, given: { accountId, phones, emails }, search: fold(name ?? '') };
}

const asContacts = (kind: Contact['kind'], values: readonly string[]): Contact[] =>
  values.map((value) => ({ kind, value, given: value }));
