import express from 'express';
import { engine } from 'express-handlebars';
import pg from 'pg';
import { dayOf, spanStart } from '../../../src/kernel/time.ts';
import { rootPath } from '../../../src/platform/root.ts';
import { others } from './others.ts';
import * as sql from './sql.ts';

/**
 * The yardstick: the same pages with nothing around them. Express, Handlebars and `pg` in a tenant transaction behind the same
 * role and setting; no session, no log, no language, no menu. Started with DATABASE_URL, COMPANY (id), ZONE and PORT.
 */
const { DATABASE_URL, COMPANY, ZONE = 'UTC', PORT } = process.env;

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const app = express();
app.disable('x-powered-by');
app.engine('hbs', engine({ extname: '.hbs', defaultLayout: false }));
app.set('view engine', 'hbs');
app.set('views', rootPath('test', 'bench', 'bare'));
app.enable('view cache');

app.get('/list', async (_req, res) => {
  const [rows, [counts]] = await inCompany(async (client) => [
    (await client.query(sql.newest)).rows,
    (await client.query(sql.presetCounts, [presetBound()])).rows,
  ]);
  res.render('list', { rows, counts });
});

app.get('/search', async (req, res) => {
  const rows = await inCompany(async (client) => (await client.query(sql.search, [[`%${req.query.q}%`], []])).rows);
  res.render('list', { rows, total: rows[0]?.total ?? 0 });
});

app.get('/jump', async (req, res) => {
  const rows = await inCompany(
    async (client) => (await client.query(sql.jump, [Number(req.query.page) * 20 - 20])).rows,
  );
  res.render('list', { rows });
});

app.get('/filter', async (req, res) => {
  const values = sql.filterValues(req.query);
  const [rows, [found]] = await inCompany(async (client) => [
    (await client.query(sql.filter, values)).rows,
    (await client.query(sql.filterCount, values)).rows,
  ]);
  res.render('list', { rows, total: found.total });
});

app.get('/filter/count', async (req, res) => {
  const [row] = await inCompany(
    async (client) => (await client.query(sql.filterCount, sql.filterValues(req.query))).rows,
  );
  res.render('list', { rows: [], total: row.total });
});

app.get('/segment', async (req, res) => {
  const [name, values] = [req.query.name, sql.segmentValues(req.query)];
  const [rows, [found]] = await inCompany(async (client) => [
    (await client.query(sql.segmentPage(name), values)).rows,
    (await client.query(sql.segmentCount(name), values)).rows,
  ]);
  res.render('list', { rows, total: found.total });
});

app.get('/segment/count', async (req, res) => {
  const values = sql.segmentValues(req.query);
  const [row] = await inCompany(async (client) => (await client.query(sql.segmentCount(req.query.name), values)).rows);
  res.render('list', { rows: [], total: row.total });
});

app.get('/reviewed', async (_req, res) => {
  const [rows, [counts]] = await inCompany(async (client) => [
    (await client.query(sql.newestReviewed)).rows,
    (await client.query(sql.presetCounts, [presetBound()])).rows,
  ]);
  res.render('list', { rows, counts });
});

app.get('/reviewed/filter', async (_req, res) => {
  const [rows, [found]] = await inCompany(async (client) => [
    (await client.query(sql.reviewedPage)).rows,
    (await client.query(sql.reviewedCount)).rows,
  ]);
  res.render('list', { rows, total: found.total });
});

app.get('/reviewed/count', async (_req, res) => {
  const [row] = await inCompany(async (client) => (await client.query(sql.reviewedCount)).rows);
  res.render('list', { rows: [], total: row.total });
});

app.get('/customer', async (req, res) => {
  const [[customer], contacts, orders] = await inCompany(async (client) => [
    (await client.query(sql.customer, [req.query.id])).rows,
    (await client.query(sql.contacts, [req.query.id])).rows,
    (await client.query(sql.orders, [req.query.id])).rows,
  ]);
  res.render('customer', { customer, contacts, orders });
});

app.get('/other/:name', async (req, res) => {
  const { statements, portal = false } = others[req.params.name] ?? { statements: [] };
  const tables = await inCompany(async (client) => {
    const found: unknown[] = [];
    for (const text of statements) {
      found.push((await client.query(text, text.includes('$1') ? [req.query.id] : [])).rows);
    }
    return found;
  }, portal);
  res.render('rows', { tables });
});

app.listen(Number(PORT), '127.0.0.1');

const presetBound = () => dayOf(spanStart('3m', new Date(), ZONE), ZONE);

async function inCompany<T>(work: (client: pg.PoolClient) => Promise<T>, portal = false): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await (portal ? client.query(sql.enterPortal) : client.query(sql.enter, [COMPANY]));
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    client.release();
  }
}
