import { query } from '../bench/build/cluster.ts';

/** What became of jobs, as the rows themselves say: who took them, and how they ended. */
export interface Trace {
  taken: number;
  done: number;
  /** a lease had lapsed, so that one was run by two */
  takenOver: number;
  /** ended by a worker that stops, or put off for want of room: the next one goes on */
  handedBack: number;
  retried: number;
  givenUp: number;
  /** how many each process took */
  by: Record<string, number>;
}

/** Writes down from now on what is done to the rows of `job`. A trigger of the test's own: a product of none is needed. */
export async function traceJobs(superuserUrl: string): Promise<void> {
  await query(superuserUrl, TRACE);
}

export async function readTrace(superuserUrl: string): Promise<Trace> {
  const rows = await query<{ event: string; app: string; count: number }>(
    superuserUrl,
    'select event, app, count(*)::int as count from load_trace.event group by event, app order by app',
  );
  const of = (wanted: string) =>
    rows.filter(({ event }) => event === wanted).reduce((sum, { count }) => sum + count, 0);
  return {
    taken: of('taken') + of('taken over'),
    done: of('done'),
    takenOver: of('taken over'),
    handedBack: of('handed back'),
    retried: of('retried'),
    givenUp: of('given up'),
    by: Object.fromEntries(rows.filter(({ event }) => event === 'taken').map(({ app, count }) => [app, count])),
  };
}

/** Which jobs were run by two, for whoever wants to know why. */
export const takenOver = (superuserUrl: string): Promise<{ name: string; app: string; at: Date }[]> =>
  query(superuserUrl, `select name, app, at from load_trace.event where event = 'taken over' order by at`);

const TRACE = `
  drop schema if exists load_trace cascade;
  create schema load_trace;
  create table load_trace.event (at timestamptz default clock_timestamp(), app text, id uuid, name text, event text);
  create function load_trace.note() returns trigger language plpgsql security definer as $$
  declare
    what text;
  begin
    if tg_op = 'DELETE' then
      what := case when old.leased_until is not null then 'done' end;
    elsif new.attempts > old.attempts then
      what := case when old.leased_until is null then 'taken' else 'taken over' end;
    elsif old.leased_until is not null and new.leased_until is null then
      what := case when new.due_at = 'infinity' then 'given up' when new.attempts < old.attempts then 'handed back' else 'retried' end;
    end if;
    if what is not null then
      insert into load_trace.event (app, id, name, event) values (current_setting('application_name'), old.id, old.name, what);
    end if;
    return null;
  end $$;
  create trigger load_trace after update or delete on job for each row execute function load_trace.note();`;

export const forgetTrace = async (superuserUrl: string): Promise<void> =>
  void (await query(superuserUrl, 'drop schema if exists load_trace cascade'));
