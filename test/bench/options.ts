import { parseArgs } from 'node:util';

export interface Options {
  /** of the one big company */
  customers: number;
  /** all that `--customers` names: each is built and measured by itself, and then they are compared */
  sizes: readonly number[];
  /** of all other companies together */
  others: number;
  companies: number;
  /** the measures to run; empty: all */
  only: readonly string[];
  /** where the built database stays for the next run; null: it is made and thrown away */
  keep: string | null;
  /** how long each page is asked for, by one client and then by ten */
  seconds: number;
  /** orders posted by the ingest measure */
  orders: number;
  /** rows of the file that the import measure brings */
  imports: number;
  /** of each campaign that the sms measure sends */
  recipients: number;
}

/** Throws on a flag it does not know, or a number that is none. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      customers: { type: 'string', default: '1000000' },
      others: { type: 'string', default: '1000000/200' },
      only: { type: 'string', multiple: true, default: [] },
      keep: { type: 'string' },
      seconds: { type: 'string', default: '8' },
      orders: { type: 'string', default: '100000' },
      imports: { type: 'string', default: '100000' },
      recipients: { type: 'string', default: '100000' },
    },
  });
  const [others, companies = '200'] = values.others.split('/');
  const sizes = values.customers.split(',').map((text) => whole('--customers', text, 1000));
  return {
    customers: sizes[0] ?? 0,
    sizes,
    others: whole('--others', others, 0),
    companies: whole('--others', companies, 1),
    only: values.only.flatMap((names) => names.split(',')),
    keep: values.keep ?? null,
    seconds: whole('--seconds', values.seconds, 1),
    orders: whole('--orders', values.orders, 500),
    imports: whole('--imports', values.imports, 500),
    recipients: whole('--recipients', values.recipients, 1000),
  };
}

function whole(flag: string, text: string | undefined, least: number): number {
  const value = Number(text?.replaceAll('_', ''));
  if (!Number.isInteger(value) || value < least) throw new Error(`${flag} wants a whole number of at least ${least}`);
  return value;
}
