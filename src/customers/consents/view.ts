import {
  CHANNELS,
  type Channel,
  type ConsentRow,
  kindOf,
  type RecordRow,
  type SuppressedRow,
} from '../../consents/consents.ts';
import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import { type Choice, choices, type Refusal } from '../../web/form.ts';
import type { HeaderModel } from '../header-view.ts';
import type { CustomerRow } from '../sql.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/consents': PageModel;
  }
}

/** What is known of the addresses of one customer; `keys`: by number or e-mail. */
export interface Known {
  keys: ReadonlyMap<string, string>;
  held: readonly ConsentRow[];
  silent: readonly SuppressedRow[];
}

/** One number or e-mail; partial `customers/consent-box`. */
export interface AddressModel {
  icon: string;
  kind: string;
  value: string;
  /** it gets nothing at all: since when, and why */
  silent: { text: string; since: string; onlyPerson: boolean } | null;
  channels: {
    name: string;
    text: string;
    tone: string;
    since: string | null;
    source: string | null;
    wording: string;
  }[];
  /** address of the page that blocks it, and of the one that lifts what was done by hand */
  block: string | null;
  blockLabel: string;
  release: string | null;
  releaseLabel: string;
}

interface PageModel {
  title: string;
  header: HeaderModel;
  addresses: AddressModel[];
  records: {
    icon: string;
    what: string;
    said: string;
    tone: string;
    at: string;
    source: string;
    wording: string;
    by: string;
  }[];
  /** null: the person may not, or there is nothing to write to */
  form: {
    id: string;
    what: Choice[];
    answers: Choice[];
    values: Record<string, string>;
    errors: Record<string, string>;
  } | null;
}

export function pageModel(
  ctx: CompanyContext,
  { id }: CustomerRow,
  header: HeaderModel,
  loaded: Known & { records: readonly RecordRow[] },
  { values, errors }: Refusal,
): PageModel {
  const { t, format } = ctx;
  const byKey = new Map([...loaded.keys].map(([address, key]) => [key, address]));
  const addresses = [...loaded.keys.keys()];
  const targets = addresses.flatMap((address) => channelsOf(address).map((channel) => ({ channel, address })));
  const editable = ctx.may('customers:write') && targets.length > 0;
  return {
    title: header.name,
    header,
    addresses: addressModels(ctx, id, loaded),
    records: loaded.records.map((row) => ({
      icon: row.granted ? 'check' : 'x',
      what: `${t(`consents.channel.${row.channel}`)}, ${shown(byKey.get(row.addressKey) ?? '')}`,
      said: t(`consents.said.${row.granted ? 'yes' : 'no'}`),
      tone: row.granted ? 'good' : 'bad',
      at: format.dateTime(row.at),
      source: row.source,
      wording: row.wording,
      by: row.recordedBy ?? t('consents.program'),
    })),
    form: editable
      ? {
          id,
          what: targets.map(({ channel, address }) => ({
            value: `${channel} ${address}`,
            label: `${t(`consents.channel.${channel}`)}, ${shown(address)}`,
            chosen: values.what === `${channel} ${address}`,
          })),
          answers: choices(['yes', 'no'], values.granted, (answer) => t(`consents.answer.${answer}`)),
          values,
          errors,
        }
      : null,
  };
}

/** `customerId`: where the person comes back to. */
export function addressModels(ctx: CompanyContext, customerId: string, { keys, held, silent }: Known): AddressModel[] {
  const { t, format } = ctx;
  return [...keys].map(([address, key]) => {
    const phone = !address.includes('@');
    const stop = silent.find((row) => row.addressKey === key);
    const own = held.filter((row) => row.addressKey === key);
    const back = encodeURIComponent(`/customers/${customerId}/consents`);
    const editable = ctx.may('customers:write') && phone;
    return {
      icon: phone ? 'phone' : 'mail',
      kind: t(`customers.kind.${phone ? 'phone' : 'email'}`),
      value: shown(address),
      silent: stop
        ? { text: t(`consents.reason.${stop.reason}`), since: format.date(stop.at), onlyPerson: !stop.blocked }
        : null,
      channels: channelsOf(address).flatMap((channel) =>
        channelModel(
          ctx,
          channel,
          own.find((row) => row.channel === channel),
        ),
      ),
      block: editable && !stop?.blocked ? `/sms/stops/new?number=${encodeURIComponent(address)}&back=${back}` : null,
      blockLabel: t('consents.page.blockLabel', { number: shown(address) }),
      release: editable && stop?.blocked ? `/sms/stops/${key}/removal?back=${back}` : null,
      releaseLabel: t('consents.page.releaseLabel', { number: shown(address) }),
    };
  });
}

/** Nobody asks for Viber or Messenger apart from SMS: they are named where something was told of them. */
function channelModel(
  { t, format }: CompanyContext,
  channel: Channel,
  row: ConsentRow | undefined,
): AddressModel['channels'] {
  const name = t(`consents.channel.${channel}`);
  if (!row) {
    if (channel === 'viber' || channel === 'messenger') return [];
    return [{ name, text: t('consents.said.none'), tone: 'plain', since: null, source: null, wording: '' }];
  }
  const { granted, at, source, wording } = row;
  return [
    {
      name,
      text: t(`consents.said.${granted ? 'yes' : 'no'}`),
      tone: granted ? 'good' : 'bad',
      since: format.date(at),
      source,
      wording,
    },
  ];
}

const channelsOf = (address: string) =>
  CHANNELS.filter((channel) => (kindOf(channel) === 'email') === address.includes('@'));

const shown = (address: string) => (address.includes('@') ? address : formatPhone(address));
