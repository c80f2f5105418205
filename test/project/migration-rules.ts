import { statementsOf } from '../../src/platform/migration-script.ts';

export interface Script {
  name: string;
  script: string;
  outside: boolean;
}

/**
 * Written before the first release, as it stood on 2026-11-22: no database holds rows that they could keep anybody from. What each of
 * them costs one that does is measured by `npm run faults -- --only migrations`. No other belongs here.
 */
export const BEFORE_RELEASE: readonly string[] = [
  '20261121000000_start',
  '20261121000100_customer_updated_at',
  '20261121000200_orders_key_last',
  '20261121000300_arrival_key_last',
  '20261121000400_company_statistics',
  '20261121000400_merge_contacts',
  '20261122000000_client_list',
  '20261122000010_merge_given',
  '20261122000200_tags_and_bulk',
  '20261122000201_tag_of_bulk',
  '20261122000300_typed_contacts',
  '20261122000301_trash_index',
  '20261122000400_duplicates',
  '20261122000401_resting_questions',
  '20261122000500_reviews_budget',
  '20261122000510_review_living',
  '20261122000600_moderation',
  '20261122000601_case_review',
  '20261122000700_about_session',
  '20261122000800_import_rows',
  '20261122000900_review_doors',
  '20261122000950_erasure',
  '20261123000000_sms',
  '20261123000100_outbox_channels',
  '20261123000200_sms_parts',
  '20261123000400_whose_number',
  '20261123000500_unread_numbers',
  '20261123000600_stop_everywhere',
  '20261123000610_forget_kept',
  '20261123000650_one_waiting_job',
  '20261124000310_audit_filter',
  '20261124000700_forgetting',
];

/** What a migration must not do to a table that is in use (docs/migrations.md). Answers one line for each breach. */
export function breaches({ name, script, outside }: Script, earlier: readonly Script[] = []): string[] {
  const statements = statementsOf(script);
  const made = new Set(statements.flatMap((statement) => names(/^create table (?:if not exists )?(\S+)/i, statement)));
  const isLiving = (table: string | undefined) => table !== undefined && !made.has(bare(table));
  const found = statements.flatMap((statement) => [
    ...anywhere(statement, { outside }),
    ...(isLiving(tableOf(statement)) ? onLiving(statement, { script, outside, earlier }) : []),
    ...(outside ? unrepeatable(statement) : []),
  ]);
  return [...new Set(found)].map((what) => `${name}: ${what}`);
}

interface Place {
  script: string;
  outside: boolean;
  earlier: readonly Script[];
}

function onLiving(statement: string, { script, outside, earlier }: Place): string[] {
  const text = flat(statement);
  const is = (pattern: RegExp) => pattern.test(text);
  return [
    is(/^create (unique )?index (?!concurrently)/) && 'an index of a table in use is built concurrently',
    is(/^drop index (?!concurrently)/) && 'an index of a table in use is dropped concurrently',
    is(/ (alter|alter column) \S+ (set data )?type /) &&
      'another type writes the whole table anew: expand and contract',
    is(/ add (column )?(if not exists )?\S+ [^,]*generated /) && 'a generated column writes the whole table anew',
    is(/ add (column )?(if not exists )?\S+ [^,]*default [^,]*(random|clock_timestamp|nextval|new_id|uuid)\w*\(/) &&
      'a default that differs from row to row writes the whole table anew',
    is(/ add column [^,]*not null/) && !is(/ add column [^,]*default/) && 'a column that must be there needs a default',
    is(/ add column [^,]*( references | unique| primary key| check)/) &&
      'a key or check beside a new column looks at every row: add it by itself, not valid',
    is(/ add (constraint \S+ )?(check|foreign key)/) &&
      !is(/ not valid/) &&
      'a constraint is added not valid, then validated',
    is(/ add (constraint \S+ )?(unique|primary key)/) &&
      !is(/ using index/) &&
      'a key takes over an index built concurrently',
    is(/ set not null/) &&
      !isProved(statement, [...earlier.map((each) => each.script), script]) &&
      'not null is set where a validated check <table>_<column>_there has proved it',
    is(/ validate constraint/) &&
      !outside &&
      flat(script).includes(' not valid') &&
      'a constraint is validated in another transaction than it is added in',
    is(/^(update|delete from|insert into) /) && 'rows of a table in use are changed in batches, each a transaction',
    is(/( rename |^drop table | drop column )/) &&
      !contracts(script, earlier) &&
      'what the version before uses goes in a later migration, which names the one that made it needless: "-- contract: <name>"',
  ].filter((line) => line !== false);
}

function anywhere(statement: string, { outside }: { outside: boolean }): string[] {
  const text = flat(statement);
  const is = (pattern: RegExp) => pattern.test(text);
  const changes =
    is(/^(do|call) /) && is(/\b(update|delete from) (?!on |of )\w+/) && !is(/create (or replace )?function/);
  return [
    is(/^(lock |truncate |cluster |vacuum |reindex (?!.*concurrently))/) &&
      `"${text.split(' ')[0]}" keeps everybody out`,
    is(/^refresh materialized view (?!concurrently)/) && 'a view is refreshed concurrently',
    is(/^(begin|commit|rollback|start transaction)\b/) && 'transactions are the runner’s business',
    is(/^(set|reset) (local |session )?(lock_timeout|statement_timeout)/) && 'time limits are the runner’s business',
    is(/ concurrently /) && !outside && 'concurrently means outside a transaction: the first line must say so',
    changes &&
      !(outside && is(/\bcommit\b/) && is(/\blimit \d+/)) &&
      'rows of a table in use are changed in batches, each a transaction',
  ].filter((line) => line !== false);
}

/** Outside a transaction a statement may come again. */
function unrepeatable(statement: string): string[] {
  const text = flat(statement);
  const repeatable =
    /^create (unique )?index concurrently if not exists|^drop index concurrently if exists|^(do|call|select|analyze) |^create or replace|^comment /.test(
      text,
    ) ||
    (/^alter table /.test(text) &&
      / (validate constraint|add column if not exists|drop constraint if exists|drop column if exists|set (not null|default|statistics|\()|drop (not null|default))/.test(
        text,
      ));
  return repeatable ? [] : ['outside a transaction every statement can be repeated'];
}

/** "set not null" looks at every row, unless a check that holds says that none is missing. */
function isProved(statement: string, scripts: readonly string[]): boolean {
  const table = bare(tableOf(statement) ?? '');
  const columns = [...flat(statement).matchAll(/alter (?:column )?(\S+) set not null/g)].map(([, column]) => column);
  const all = scripts.map(flat).join(' ');
  return columns.every((column) => all.includes(`validate constraint ${table}_${column}_there`));
}

function contracts(script: string, earlier: readonly Script[]): boolean {
  const named = /^-- contract: (\S+)$/m.exec(script)?.[1];
  return named !== undefined && earlier.some(({ name }) => name === named);
}

const tableOf = (statement: string): string | undefined =>
  [
    /^alter table (?:if exists )?(?:only )?(\S+)/i,
    /^create (?:unique )?index .*? on (?:only )?([\w."]+)/is,
    /^drop (index|table) /i,
    /^(?:update|delete from|insert into) (?:only )?(\S+)/i,
  ]
    .map((pattern) => pattern.exec(statement)?.[1])
    .find((table) => table !== undefined);

const names = (pattern: RegExp, statement: string): string[] => {
  const name = pattern.exec(statement.replace(/\s+/g, ' '))?.[1];
  return name === undefined ? [] : [bare(name)];
};

const bare = (name: string) => name.replace(/^public\./, '').replace(/[("].*$|"/g, '');

const flat = (text: string) => text.replace(/\s+/g, ' ').toLowerCase().trim();
