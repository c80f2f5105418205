import { newId } from '../../src/kernel/id.ts';
import { makeKey } from '../../src/keys/keys.ts';
import { query } from '../bench/build/cluster.ts';
import { call, type Site } from '../bench/load.ts';
import { tokenOf } from './forms.ts';
import { FROM, type Stage } from './stage.ts';

/** What runs behind the people's backs. Ids; null: not wanted. */
export interface Works {
  importId: string | null;
  campaignId: string | null;
  exportId: string | null;
}

const TAGS = { campaign: 'load campaign', export: 'load export' };

/** Who gets the campaign, who is exported, and that the provider may be asked at any hour. */
export async function prepare({ cluster, company, options, services }: Stage): Promise<{ key: string }> {
  const ask = (text: string, values: unknown[] = []) => query(cluster.superuserUrl, text, values);
  await ask('update company set quiet_hours = null, sms_cap = 0 where id = $1', [company.id]);
  await ask(
    `insert into sender (id, address, per_second) values (gen_random_uuid(), $1, 10000)
     on conflict (address) do update set per_second = excluded.per_second`,
    [FROM],
  );
  await tagNewest(ask, company.id, TAGS.campaign, options.recipients);
  if (options.exported < options.customers) await tagNewest(ask, company.id, TAGS.export, options.exported);
  const wanted = { companyId: company.id, name: 'load', scopes: ['ingest', 'read', 'send'] as const, userId: null };
  return services.tenancy.inPortal((db) => makeKey(db, wanted));
}

type Ask = (text: string, values?: unknown[]) => Promise<unknown>;

/** Of those who have ordered: who only came by a file has not agreed to anything. */
async function tagNewest(ask: Ask, companyId: string, name: string, count: number): Promise<void> {
  if (count === 0) return;
  await ask(
    'delete from customer_tag where company_id = $1 and tag_id in (select id from tag where name_folded = $2)',
    [...[companyId, name]],
  );
  await ask('delete from tag where company_id = $1 and name_folded = $2', [companyId, name]);
  await ask('insert into tag (company_id, id, name, name_folded) values ($1, $2, $3, $3)', [companyId, newId(), name]);
  await ask(
    `insert into customer_tag (company_id, customer_id, tag_id)
     select c.company_id, c.id, t.id from tag t join lateral (
       select company_id, id from customer where company_id = t.company_id and listed and orders_count > 0 order by latest_at desc, id desc limit $3
     ) c on true where t.company_id = $1 and t.name_folded = $2`,
    [companyId, name, count],
  );
  await ask('vacuum analyze customer_tag');
}

/** As people and programs would: a file with its columns, a call of the API, and a button. `owner`: signed in. */
export async function begin(stage: Stage, owner: Site, api: Site, stamp: string): Promise<Works> {
  const { options } = stage;
  return {
    importId: options.imported > 0 ? await beginImport(stage, owner, stamp) : null,
    campaignId: options.recipients > 0 ? await beginCampaign(stage, api, stamp) : null,
    exportId: options.exported > 0 ? await beginExport(stage, owner) : null,
  };
}

// Of mobile phones in Poland.
const RANGES = [50, 51, 53, 57, 60, 66, 69, 72, 73, 78, 79, 88];

/** Addresses that nobody else has, and numbers that hardly anybody has who came by an earlier run on the same database. */
function makeFile(rows: number, stamp: string): string {
  const range = RANGES[Number(stamp) % RANGES.length];
  const lines = Array.from({ length: rows }, (_, n) => {
    const digits = String(n).padStart(6, '0');
    return `Imported ${n},+48${range}${n % 9}${digits},${mailOf(stamp)}${n}@example.com,Kyiv,Row ${n}\n`;
  });
  return `Name,Phone,E-mail,Region,Note\n${lines.join('')}`;
}

/** How the addresses of the file begin. */
export const mailOf = (stamp: string) => `row-${stamp}-`;

async function beginImport(stage: Stage, owner: Site, stamp: string): Promise<string> {
  const file = makeFile(stage.options.imported, stamp);
  const fields = await tokens(stage, owner, '/imports/new');
  const border = 'border-of-the-form';
  const part = ([name, value]: [string, string]) =>
    `--${border}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const upload = `--${border}\r\nContent-Disposition: form-data; name="file"; filename="load.csv"\r\nContent-Type: text/csv\r\n\r\n${file}\r\n--${border}--\r\n`;
  const brought = await call(owner, '/imports', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${border}` },
    body: Object.entries(fields).map(part).join('') + upload,
  });
  const id = String(brought.headers.location).split('/').at(-1) ?? '';
  if (brought.status !== 303) throw new Error(`bringing a file answered ${brought.status}`);
  const columns = { c0: 'name', c1: 'phone', c2: 'email', c3: 'region', c4: 'note', do: 'check' };
  await send(owner, `/imports/${id}/mapping`, { ...fields, ...columns });
  return id;
}

/** The second click of an import, once the file was looked at. */
export async function runImport(stage: Stage, owner: Site, id: string): Promise<void> {
  await send(owner, `/imports/${id}/run`, await tokens(stage, owner, `/imports/${id}/run`));
}

async function beginCampaign({ company, cluster, options }: Stage, api: Site, stamp: string): Promise<string> {
  const [tag] = await query<{ id: string }>(
    cluster.superuserUrl,
    'select id from tag where company_id = $1 and name_folded = $2 and gone_at is null',
    [company.id, TAGS.campaign],
  );
  const text = 'Вітаємо, {{first_name|друже}}! Знижка 20% до неділі. Відмовитися: {{stop}}';
  const wish = { externalId: stamp, name: `Load ${stamp}`, text, where: [`tag:is:${tag?.id}`], launch: true };
  const answer = await call(api, `/api/v1/companies/${company.slug}/campaigns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
    seconds: 300,
  });
  const told = answer.status === 201 ? (JSON.parse(answer.body) as { id: string; recipients: number }) : null;
  if (told?.recipients === options.recipients) return told.id;
  throw new Error(`a launch to ${options.recipients} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
}

async function beginExport(stage: Stage, owner: Site): Promise<string> {
  const { cluster, company, options } = stage;
  const [tag] = await query<{ id: string }>(
    cluster.superuserUrl,
    'select id from tag where company_id = $1 and name_folded = $2 and gone_at is null',
    [company.id, TAGS.export],
  );
  const whole = options.exported >= options.customers;
  const filter = whole ? '' : new URLSearchParams({ where: `tag:is:${tag?.id}` }).toString();
  await send(owner, '/exports', { ...(await tokens(stage, owner, '/exports')), format: 'csv', filter });
  const [row] = await query<{ id: string }>(
    cluster.superuserUrl,
    'select id from export where company_id = $1 order by created_at desc, id desc limit 1',
    [company.id],
  );
  return row?.id ?? '';
}

async function tokens({ company }: Stage, owner: Site, path: string): Promise<Record<string, string>> {
  const { status, body } = await call(owner, path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return { _csrf: tokenOf(body), _company: company.id };
}

async function send(owner: Site, path: string, fields: Record<string, string>): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status } = await call(owner, path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  if (status !== 303) throw new Error(`${path} answered ${status}`);
}
