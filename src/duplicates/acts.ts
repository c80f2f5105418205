import * as customers from '../customers/customers.ts';
import * as identity from '../identity/identity.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import * as decisions from './decisions/decisions.ts';
import type { Act } from './effect.ts';

// Each decision with its line in the history of the customers it names.

type Key = Pick<identity.Contact, 'kind' | 'value'>;
type Line = Omit<customers.changes.Change, 'userId' | 'customerId'>;

/** Customers that are one (2 to 10); the oldest stays. */
export const merge = (customerIds: readonly string[], userId: string): Act =>
  noted(
    customerIds,
    userId,
    (db) => identity.merge(db, { customerIds, userId }),
    (part) => [
      [
        part.customerId,
        { action: 'merged', changes: [{ field: 'customer', before: part.other, after: part.customer }] },
      ],
    ],
  );

/** Contacts, or an earlier merged customer, that are somebody else. */
export const split = (customerId: string, contacts: readonly Key[], otherId: string | null, userId: string): Act => {
  const gone: Line = { action: 'split', changes: [{ field: 'contact', before: contacts.map(textOf), after: null }] };
  const come: Line = { action: 'split', changes: [{ field: 'contact', before: null, after: contacts.map(textOf) }] };
  return noted(
    [customerId],
    userId,
    (db) => identity.split(db, { customerId, contacts, userId, ...(otherId ? { otherId } : {}) }),
    (part) => [
      [part.customerId, gone],
      [part.otherId, come],
    ],
  );
};

/** Two customers that are not one, whatever names both. */
export const keepApart = (customerId: string, otherId: string, userId: string): Act =>
  noted(
    [customerId, otherId],
    userId,
    (db) => identity.keepApart(db, { customerId, otherId, userId }),
    (part) => [
      [part.customerId, { action: 'apart', changes: [{ field: 'customer', before: null, after: part.other }] }],
      [part.otherId, { action: 'apart', changes: [{ field: 'customer', before: null, after: part.customer }] }],
    ],
  );

/** One order that is another customer's. */
export const move = (orderId: string, customerId: string, userId: string): Act =>
  noted(
    [customerId],
    userId,
    (db) => identity.move(db, { arrivalId: orderId, customerId, userId }),
    (part) => [
      [part.otherId, { action: 'moved', changes: [{ field: 'order', before: part.orderNumber, after: null }] }],
      [part.customerId, { action: 'moved', changes: [{ field: 'order', before: null, after: part.orderNumber }] }],
    ],
  );

/** A contact that many people use. */
export const share = (contact: Key, userId: string): Act =>
  ofContact(contact, userId, identity.share, {
    action: 'shared',
    changes: [{ field: 'contact', before: null, after: contact.value }],
  });

/** A contact that is one person's again. */
export const unshare = (contact: Key, userId: string): Act =>
  ofContact(contact, userId, unshareOf, {
    action: 'undone',
    changes: [{ field: 'contact', before: contact.value, after: null }],
  });

async function unshareOf(db: CompanyDb, decision: Parameters<typeof identity.unshare>[1]) {
  await customers.releaseDeleted(db, decision.contact);
  return identity.unshare(db, decision);
}

/** What one click decided is taken back. */
export const undo = (stepId: string, userId: string): Act =>
  noted(
    [],
    userId,
    async (db) => {
      const step = await decisions.one(db, stepId);
      const shared = step?.kind === 'share' ? step.parts.flatMap(({ contacts }) => contacts) : [];
      for (const contact of shared) await customers.releaseDeleted(db, contact);
      return identity.undo(db, { stepId, userId });
    },
    (part) => {
      const line: Line = {
        action: 'undone',
        changes: [{ field: 'customer', before: part.customer, after: part.other }],
      };
      const plain: Line = {
        action: 'undone',
        changes: [{ field: 'contact', before: part.contacts.map(textOf), after: null }],
      };
      return part.customerId ? [[part.customerId, part.otherId ? line : plain]] : [];
    },
  );

const textOf = ({ value }: Key) => value;

/**
 * Takes the decision, and writes what each part of it says into the histories. What the customers (`ids`) were called is kept with
 * it: a merge may give the survivor another name.
 */
function noted(
  ids: readonly string[],
  userId: string,
  act: Act,
  lines: (part: decisions.Part) => [string | null, Line][],
): Act {
  return async (db) => {
    const before = new Map((await customers.several(db, ids)).map((row) => [row.id, callOf(row)]));
    const { stepId, touched } = await act(db);
    if (ids.length > 0) await decisions.keepNames(db, stepId, before);
    const step = await decisions.one(db, stepId);
    const written = (step?.parts ?? []).flatMap(lines);
    await customers.changes.write(
      db,
      written.flatMap(([customerId, line]) => (customerId === null ? [] : [{ customerId, userId, ...line }])),
    );
    return { stepId, touched };
  };
}

/** Blank where nothing but an account is known. */
const callOf = ({ name, phones: [phone], emails: [email] }: customers.CustomerRow) => name || phone || email || '';

/** Where a contact is shared, its owner is the one who shows it. */
function ofContact({ kind, value }: Key, userId: string, verb: typeof identity.share, line: Line): Act {
  return async (db) => {
    const decided = await verb(db, { contact: { kind, value }, userId });
    const [customerId] = await owners(db, { kind, value });
    if (customerId) await customers.changes.write(db, { customerId, userId, ...line });
    return decided;
  };
}

async function owners(db: CompanyDb, { kind, value }: Key): Promise<string[]> {
  const found = await db.tables.contact.findMany({ where: { kind, value }, select: { customerId: true } });
  return found.map(({ customerId }) => customerId);
}
