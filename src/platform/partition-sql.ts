// What the catalogue knows of tables, as statements that make it again. Each answers a column `text`; $1: the table or tables.

/** Tables whose primary key begins with company_id, that are in one piece and could be in several. */
export const whole = `
  select c.relname as text from pg_class c
  join pg_index p on p.indrelid = c.oid and p.indisprimary
  join pg_attribute a on a.attrelid = c.oid and a.attnum = p.indkey[0] and a.attname = 'company_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
    and not exists (
      select from pg_index u where u.indrelid = c.oid and u.indisunique and not exists (
        select from pg_attribute k where k.attrelid = c.oid and k.attname = 'company_id' and k.attnum = any(u.indkey::int2[])))
  order by 1`;

/** Of these tables, and towards them. */
export const foreignKeys = `
  select conrelid::regclass::text as on_table, conname as name, pg_get_constraintdef(oid) as text from pg_constraint
  where contype = 'f' and conparentid = 0 and (conrelid = any($1::text[]::regclass[]) or confrelid = any($1::text[]::regclass[]))
  order by 1, 2`;

export const policies = `
  select tablename as on_table, policyname as name, format('create policy %I on %I as %s for %s to %s%s%s', policyname, tablename, permissive, cmd,
    (select string_agg(quote_ident(r), ', ') from unnest(roles) r), ' using (' || qual || ')', ' with check (' || with_check || ')') as text
  from pg_policies where schemaname = 'public' order by 1, 2`;

export const columns = `
  select attname as text from pg_attribute
  where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;

export const keys = `
  select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as text
  from pg_constraint where conrelid = $1::regclass and contype in ('p', 'u') order by contype desc, conname`;

/** Those that stand behind no constraint. */
export const indexes = `
  select pg_get_indexdef(indexrelid) as text from pg_index i
  where indrelid = $1::regclass and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
  order by indexrelid`;

export const triggers = `
  select pg_get_triggerdef(oid) as text from pg_trigger where tgrelid = $1::regclass and not tgisinternal order by tgname`;

export const grants = `
  select format('grant %s on %s to %s', string_agg(a.privilege_type, ', '), c.oid::regclass, a.grantee::regrole) as text
  from pg_class c, aclexplode(c.relacl) a
  where c.oid = $1::regclass and a.grantee <> c.relowner and a.grantee <> 0 group by c.oid, a.grantee order by 1`;

export const columnGrants = `
  select format('grant %s (%s) on %s to %s', a.privilege_type, string_agg(quote_ident(t.attname), ', '), t.attrelid::regclass, a.grantee::regrole) as text
  from pg_attribute t, aclexplode(t.attacl) a
  where t.attrelid = $1::regclass and t.attnum > 0 group by t.attrelid, a.grantee, a.privilege_type order by 1`;

/** Columns of which no statistics are wanted. */
export const statistics = `
  select attname as text from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attstattarget = 0`;

export const options = `
  select array_to_string(reloptions, ', ') as text from pg_class where oid = $1::regclass and reloptions is not null`;
