import { contactValue, nameOf } from '../customers/customers.ts';
import type { CompanyContext, Context } from '../web/context.ts';
import type { Face } from './faces.ts';

/** A customer on a card; partial `duplicates/face`. */
export interface FaceModel {
  id: string;
  /** null: it is not there yet */
  path: string | null;
  name: string;
  /** what is special about it among the others */
  mark: string | null;
  facts: { icon: string; text: string }[];
  contacts: { icon: string; kind: string; value: string; shared: boolean; marked: boolean }[];
  figures: { label: string; value: string }[];
  unconverted: string[];
  tags: { name: string; colour: string }[];
  notes: { label: string; text: string }[];
}

interface Wishes {
  mark?: string | null;
  isNew?: boolean;
  /** values of contacts that are pointed at */
  marked?: readonly string[];
}

const ICONS = { account: 'user', phone: 'phone', email: 'mail' } as const;

export function faceModel(ctx: CompanyContext, face: Face, { mark, isNew, marked = [] }: Wishes = {}): FaceModel {
  const { t, format } = ctx;
  const { customer, contacts, tags } = face;
  return {
    id: customer.id,
    path: isNew ? null : `/customers/${customer.id}`,
    name: nameOf(customer, ctx),
    mark: mark ?? null,
    facts: [
      ...(customer.region ? [{ icon: 'map-pin', text: customer.region }] : []),
      ...(customer.gender ? [{ icon: 'user', text: t(`customers.gender.${customer.gender}`) }] : []),
    ],
    contacts: contacts.map(({ kind, value, shared }) => ({
      icon: ICONS[kind],
      kind: t(`customers.kind.${kind}`),
      value: contactValue(kind, value),
      shared,
      marked: marked.includes(value),
    })),
    figures: figures(ctx, face),
    unconverted: customer.unconverted.map(({ currency, amount }) => format.money(BigInt(amount), currency)),
    tags: tags.map(({ name, colour }) => ({ name, colour })),
    notes: notes(ctx, face),
  };
}

function figures({ t, format, company }: CompanyContext, { customer }: Face): FaceModel['figures'] {
  const date = (at: Date | null) => (at ? format.date(at) : t('customers.general.never'));
  return [
    { label: t('customers.general.orders'), value: format.number(customer.orders_count) },
    { label: t('customers.column.sum'), value: format.money(customer.sum_all, company.currency) },
    { label: t('customers.sum.paid'), value: format.money(customer.sum_paid, company.currency) },
    { label: t('customers.general.threads'), value: format.number(customer.threads_count) },
    { label: t('customers.general.feedback'), value: format.number(customer.feedback_count) },
    { label: t('customers.general.firstActivity'), value: date(customer.first_activity_at) },
    { label: t('customers.general.lastActivity'), value: date(customer.last_activity_at) },
  ];
}

/** What was written about one who was merged carries that one's name. */
function notes({ t }: Pick<Context, 't'>, { notes }: Face): FaceModel['notes'] {
  return notes.flatMap(({ origin, note, other_channels: channels }) => {
    const of = origin === null ? null : origin || t('customers.noName');
    const label = (part: 'note' | 'channels') =>
      of === null ? t(`duplicates.face.${part}`) : t(`duplicates.face.${part}Of`, { name: of });
    return [
      ...(note === '' ? [] : [{ label: label('note'), text: note }]),
      ...(channels === '' ? [] : [{ label: label('channels'), text: channels }]),
    ];
  });
}
